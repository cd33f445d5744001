//! Loading: the file, the environment and the command line put together.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::find::find;
use super::parse::{Parsed, parse};
use super::settings::{DatabaseUrl, Settings};
use crate::model::{Problem, Secret, has_errors};

/// What loading depends on, besides the files that these name.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// `--config`: a settings file, or a folder that holds one.
    pub config: Option<PathBuf>,
    /// `--database`: wins over `DATABASE_URL`.
    pub database: Option<String>,
    /// The environment of the process.
    pub env: BTreeMap<String, String>,
    /// The working folder; relative paths of the sources start there.
    pub working_dir: PathBuf,
    /// The user's home folder.
    pub home: Option<PathBuf>,
}

impl Sources {
    /// The sources of this process, with what its command line says. The one place that asks the
    /// process; what is not UTF-8 in its environment is passed over.
    ///
    /// # Errors
    /// What the system says when there is no working folder.
    pub fn of_process(config: Option<PathBuf>, database: Option<String>) -> io::Result<Self> {
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Ok(Self {
            config,
            database,
            env: std::env::vars_os().filter_map(text).collect(),
            working_dir: std::env::current_dir()?,
            home: std::env::home_dir(),
        })
    }

    /// The folder of settings that belong to the user.
    pub(super) fn user_folder(&self) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(".config/promgen"))
    }
}

/// Settings, where they came from, and what is worth saying about them.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// The file that was read; `None` when there is none and everything has its default.
    pub path: Option<PathBuf>,
    /// What is worth saying: unknown keys, obsolete ones, what has no effect.
    pub warnings: Vec<Problem>,
}

/// Loads the settings.
///
/// The file is looked for in this order: `--config`, `PROMGEN_CONFIG`, `PROMGEN_CONFIG_DIR`, the
/// working folder, `~/.config/promgen`, `/etc/promgen`; it is called `promgen.yml` or
/// `settings.yml`. Variables come from the process, else from `.env` in the working folder, else
/// from files of that name in `PROMGEN_CONFIG_DIR` or beside the settings file. Source: Promgen's
/// own loading up to 0.51 and since.
///
/// # Errors
/// Everything that is wrong at once, warnings included: a file that is named but absent or cannot
/// be read, and what [`parse`] refuses.
pub fn load(sources: &Sources) -> Result<Loaded, Vec<Problem>> {
    let (mut environment, mut problems) =
        Environment::read(&sources.env, &sources.working_dir).map_err(|p| vec![p])?;
    let found = find(sources, &environment).map_err(|p| vec![p])?;
    let path = found.as_ref().map(|found| found.path.clone());
    for folder in variable_folders(sources, &environment, path.as_deref()) {
        environment.add_files(&folder).map_err(|p| vec![p])?;
    }

    let mut settings = Settings::default();
    if let Some(found) = found {
        let (read, notes) = match parse(&found.text) {
            Ok(Parsed { settings, warnings }) => (settings, warnings),
            Err(errors) => (Settings::default(), errors),
        };
        settings = read;
        problems.extend(notes.into_iter().map(|note| in_file(note, &found.path)));
    }
    problems.extend(environment.apply(&mut settings));
    if let Some(url) = &sources.database {
        settings.database = DatabaseUrl(Secret::new(url.clone()));
    }
    if has_errors(&problems) {
        return Err(problems);
    }
    Ok(Loaded {
        settings,
        path,
        warnings: problems,
    })
}

/// The folders whose files may stand for variables. A settings file that was named on the command
/// line must not be mixed with the secrets of another installation on this machine.
fn variable_folders(
    sources: &Sources,
    environment: &Environment,
    file: Option<&Path>,
) -> Vec<PathBuf> {
    let named = environment.config_folder(&sources.working_dir);
    let beside = file.and_then(Path::parent).map(Path::to_path_buf);
    let user = match file {
        Some(_) => None,
        None => sources.user_folder(),
    };
    named.into_iter().chain(beside).chain(user).collect()
}

fn in_file(mut problem: Problem, path: &Path) -> Problem {
    problem.field = if problem.field == "the file" {
        path.display().to_string()
    } else {
        format!("{} in {}", problem.field, path.display())
    };
    problem
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A working folder, a config folder and a home, with files in them.
    struct Machine {
        folder: tempfile::TempDir,
        sources: Sources,
    }

    impl Machine {
        fn new(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            for name in ["work", "conf", "home/.config/promgen"] {
                fs::create_dir_all(at(name)).unwrap();
            }
            for (name, text) in files {
                fs::write(at(name), text).unwrap();
            }
            let sources = Sources {
                working_dir: at("work"),
                home: Some(at("home")),
                ..Sources::default()
            };
            Self { folder, sources }
        }

        fn env(mut self, name: &str, value: &str) -> Self {
            self.sources.env.insert(name.to_owned(), value.to_owned());
            self
        }

        fn config_dir(self) -> Self {
            let path = self.folder.path().join("conf").display().to_string();
            self.env("PROMGEN_CONFIG_DIR", &path)
        }

        fn load(&self) -> Loaded {
            load(&self.sources).unwrap()
        }

        fn zone(&self) -> Option<String> {
            let zone = self.load().settings.timezone?;
            Some(zone.name().to_owned())
        }

        fn database(&self) -> String {
            self.load().settings.database.0.reveal().clone()
        }
    }

    const EVERYWHERE: [(&str, &str); 6] = [
        ("work/flag.yml", "timezone: Asia/Tokyo"),
        ("work/variable.yml", "timezone: Asia/Seoul"),
        ("conf/promgen.yml", "timezone: Europe/Berlin"),
        ("work/promgen.yml", "timezone: Europe/Paris"),
        ("work/settings.yml", "timezone: America/Lima"),
        (
            "home/.config/promgen/settings.yml",
            "timezone: Africa/Cairo",
        ),
    ];

    #[test]
    fn the_file_is_looked_for_from_the_nearest_place_to_the_farthest() {
        let mut machine = Machine::new(&EVERYWHERE).config_dir();
        machine = machine.env("PROMGEN_CONFIG", "variable.yml");
        machine.sources.config = Some(PathBuf::from("flag.yml"));
        assert_eq!(machine.zone().as_deref(), Some("Asia/Tokyo"));
        machine.sources.config = None;
        assert_eq!(machine.zone().as_deref(), Some("Asia/Seoul"));
        machine.sources.env.remove("PROMGEN_CONFIG");
        assert_eq!(machine.zone().as_deref(), Some("Europe/Berlin"));
        machine.sources.env.clear();
        for (file, next) in [
            ("work/promgen.yml", "America/Lima"),
            ("work/settings.yml", "Africa/Cairo"),
        ] {
            fs::remove_file(machine.folder.path().join(file)).unwrap();
            assert_eq!(machine.zone().as_deref(), Some(next));
        }
    }

    #[test]
    fn a_named_file_may_be_a_folder_but_must_exist() {
        let mut machine = Machine::new(&EVERYWHERE);
        machine.sources.config = Some(PathBuf::from("../conf"));
        assert_eq!(machine.zone().as_deref(), Some("Europe/Berlin"));
        let path = machine.load().path.unwrap();
        assert!(path.ends_with("conf/promgen.yml"), "{}", path.display());
        machine.sources.config = Some(PathBuf::from("absent.yml"));
        let problems = load(&machine.sources).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].field, "--config");
        assert!(problems[0].message.contains("absent.yml"));
    }

    #[test]
    fn without_a_file_everything_has_its_default() {
        let machine = Machine::new(&[]).config_dir();
        let loaded = machine.load();
        // A machine may have settings of its own in /etc/promgen.
        if loaded.path.is_none() {
            assert!(loaded.warnings.is_empty());
            assert_eq!(machine.database(), "sqlite://promgen.db");
        }
    }

    #[test]
    fn the_database_comes_from_the_nearest_layer() {
        let mut machine = Machine::new(&[
            ("work/promgen.yml", ""),
            ("work/.env", "DATABASE_URL=sqlite://dotenv.db # here\n"),
            ("conf/DATABASE_URL", "sqlite://file.db\n"),
        ]);
        machine = machine
            .config_dir()
            .env("DATABASE_URL", "sqlite://process.db");
        machine.sources.database = Some("sqlite://flag.db".to_owned());
        assert_eq!(machine.database(), "sqlite://flag.db");
        machine.sources.database = None;
        assert_eq!(machine.database(), "sqlite://process.db");
        machine.sources.env.remove("DATABASE_URL");
        assert_eq!(machine.database(), "sqlite://dotenv.db");
        fs::remove_file(machine.folder.path().join("work/.env")).unwrap();
        assert_eq!(machine.database(), "sqlite://file.db");
        machine.sources.env.clear();
        assert_eq!(machine.database(), "sqlite://promgen.db");
    }

    #[test]
    fn files_beside_the_settings_stand_for_variables() {
        let machine = Machine::new(&[
            ("home/.config/promgen/promgen.yml", ""),
            ("home/.config/promgen/SECRET_KEY", "s3cret\n"),
            (
                "home/.config/promgen/CELERY_BROKER_URL",
                "redis://redis:6379/0\n",
            ),
        ]);
        let loaded = machine.load();
        assert_eq!(
            loaded.settings.secret_key,
            Some(Secret::new("s3cret".to_owned()))
        );
        let [note] = &loaded.warnings[..] else {
            panic!("{:?}", loaded.warnings)
        };
        assert_eq!(note.field, "CELERY_BROKER_URL");
        assert!(note.message.contains("no broker"));
    }

    #[test]
    fn links_are_https_when_the_environment_says_so() {
        let machine = Machine::new(&[("work/promgen.yml", "")]);
        assert_eq!(machine.load().settings.scheme.as_str(), "http");
        let machine = machine.env("PROMGEN_SCHEME", "https");
        assert_eq!(machine.load().settings.scheme.as_str(), "https");
        let machine = machine.env("PROMGEN_SCHEME", "gopher");
        assert_eq!(
            load(&machine.sources).unwrap_err()[0].field,
            "PROMGEN_SCHEME"
        );
    }

    #[test]
    fn debug_is_off_unless_the_environment_or_the_file_says_so() {
        let debug = |machine: &Machine| machine.load().settings.debug;
        let machine = Machine::new(&[("work/promgen.yml", "")]);
        assert!(!debug(&machine));
        let machine = machine.env("DEBUG", "True");
        assert!(debug(&machine));
        let machine = machine.env("DEBUG", "express:*");
        assert!(!debug(&machine));
        assert_eq!(machine.load().warnings[0].field, "DEBUG");
        let file = [("work/promgen.yml", "django: {DEBUG: true}")];
        assert!(debug(&Machine::new(&file)));
    }

    #[test]
    fn problems_name_the_file_and_strange_env_lines_their_line() {
        let files = [
            ("work/promgen.yml", "state: [a]\nfarms: 1\n"),
            ("work/.env", "A=b\nnonsense\n"),
        ];
        let machine = Machine::new(&files);
        let problems = load(&machine.sources).unwrap_err();
        let fields: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
        let lines: Vec<usize> = problems.iter().map(|p| p.place.unwrap().line).collect();
        assert!(fields[0].ends_with("work/.env"), "{fields:?}");
        assert!(fields[1].starts_with("state in "), "{fields:?}");
        assert!(fields[2].ends_with("work/promgen.yml"), "{fields:?}");
        assert_eq!(lines, [2, 1, 2]);
    }

    #[test]
    fn what_is_not_utf_8_is_refused_by_name() {
        let machine = Machine::new(&[]);
        let path = machine.sources.working_dir.join("promgen.yml");
        fs::write(&path, b"timezone: \xff").unwrap();
        let problems = load(&machine.sources).unwrap_err();
        assert_eq!(problems[0].field, path.display().to_string());
    }
}
