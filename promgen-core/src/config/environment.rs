//! The environment in its three layers: the process, `.env`, and files named like variables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::find::read_text;
use super::settings::{DatabaseUrl, LinkScheme, Settings};
use crate::model::{Place, Problem, Secret};

/// The variables that may also be files in the config folder, as containers mount secrets.
const FILES: [&str; 5] = [
    "DATABASE_URL",
    "SECRET_KEY",
    "CELERY_BROKER_URL",
    "PROMGEN_SCHEME",
    "ALLOWED_HOSTS",
];

/// Variables with their values; a layer never replaces what an earlier one says, and an empty
/// value counts as none.
#[derive(Debug, Default)]
pub(super) struct Environment {
    values: BTreeMap<String, String>,
}

impl Environment {
    /// The environment of the process, then `.env` in the working folder.
    pub(super) fn read(
        process: &BTreeMap<String, String>,
        working_dir: &Path,
    ) -> Result<(Self, Vec<Problem>), Problem> {
        let mut environment = Self::default();
        for (name, value) in process {
            environment.add(name, value);
        }
        let path = working_dir.join(".env");
        let mut warnings = Vec::new();
        for (index, line) in read_text(&path)?.unwrap_or_default().lines().enumerate() {
            match assignment(line) {
                Line::Nothing => {}
                Line::Set(name, value) => environment.add(name, &value),
                Line::Strange => warnings.push(strange(&path, index + 1)),
            }
        }
        Ok((environment, warnings))
    }

    /// Adds the files of a config folder whose names are those of variables.
    pub(super) fn add_files(&mut self, folder: &Path) -> Result<(), Problem> {
        for name in FILES {
            if self.find(name).is_none()
                && let Some(text) = read_text(&folder.join(name))?
            {
                self.add(name, text.trim());
            }
        }
        Ok(())
    }

    /// The value of a variable.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    fn add(&mut self, name: &str, value: &str) {
        if !value.is_empty() && !self.values.contains_key(name) {
            self.values.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Puts what the variables say into the settings.
    pub(super) fn apply(&self, settings: &mut Settings) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(url) = self.find("DATABASE_URL") {
            settings.database = DatabaseUrl(Secret::new(url.to_owned()));
        }
        let key = self.find("SECRET_KEY");
        settings.secret_key = key.map(|key| Secret::new(key.to_owned()));
        match self.find("PROMGEN_SCHEME") {
            None | Some("http") => {}
            Some("https") => settings.scheme = LinkScheme::Https,
            Some(_) => problems.push(Problem::error(
                "PROMGEN_SCHEME",
                "is neither http nor https",
                "set it to the scheme under which people reach Promgen",
            )),
        }
        match self.find("DEBUG").map(flag) {
            None => {}
            Some(Some(on)) => settings.debug |= on,
            // Other programs look at a variable of this name as well.
            Some(None) => problems.push(Problem::warning(
                "DEBUG",
                "is neither true nor false, and has no effect",
                "set it to true or false",
            )),
        }
        if self.find("CELERY_BROKER_URL").is_some() {
            problems.push(Problem::warning(
                "CELERY_BROKER_URL",
                "has no effect, because tasks are kept in the database and need no broker",
                "remove it",
            ));
        }
        problems
    }

    /// The folder that `PROMGEN_CONFIG_DIR` names.
    pub(super) fn config_folder(&self, working_dir: &Path) -> Option<PathBuf> {
        let folder = self.find("PROMGEN_CONFIG_DIR")?;
        Some(working_dir.join(folder))
    }
}

/// Whether something is switched on, in the words of the original.
fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "ok" | "1" => Some(true),
        "false" | "no" | "n" | "off" | "0" => Some(false),
        _ => None,
    }
}

fn strange(path: &Path, line: usize) -> Problem {
    let message = "is not `NAME=value` and is passed over";
    let remedy = "write one assignment per line, and `#` before remarks";
    Problem::warning(path.display().to_string(), message, remedy).at(Place { line, column: 1 })
}

/// What a line of `.env` says.
#[derive(Debug, PartialEq, Eq)]
enum Line<'a> {
    Nothing,
    Set(&'a str, String),
    Strange,
}

/// Reads a line: `NAME=value`, optionally after `export`, the value optionally in quotes. A value
/// without quotes ends before ` #`; within double quotes `\n`, `\"`, `\\` are escapes.
fn assignment(line: &str) -> Line<'_> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Line::Nothing;
    }
    let line = line.strip_prefix("export ").unwrap_or(line);
    let Some((name, value)) = line.split_once('=') else {
        return Line::Strange;
    };
    let name = name.trim();
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(legal) {
        return Line::Strange;
    }
    match unquote(value.trim()) {
        Some(value) => Line::Set(name, value),
        None => Line::Strange,
    }
}

fn unquote(value: &str) -> Option<String> {
    if let Some(rest) = value.strip_prefix('\'') {
        let (inner, tail) = rest.split_once('\'')?;
        return is_remark(tail).then(|| inner.to_owned());
    }
    let Some(rest) = value.strip_prefix('"') else {
        let end = value.find(" #").unwrap_or(value.len());
        return value.get(..end).map(|value| value.trim_end().to_owned());
    };
    let (mut inner, mut letters) = (String::new(), rest.chars());
    loop {
        match letters.next()? {
            '"' => break,
            '\\' => inner.push(match letters.next()? {
                'n' => '\n',
                other => other,
            }),
            other => inner.push(other),
        }
    }
    is_remark(letters.as_str()).then_some(inner)
}

fn is_remark(tail: &str) -> bool {
    let tail = tail.trim_start();
    tail.is_empty() || tail.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_env_files_are_read_as_shells_write_them() {
        for (line, value) in [
            ("A=b", "b"),
            ("  export A = b c  # why", "b c"),
            ("A='b # c' # d", "b # c"),
            (r#"A="b \"c\" \\ d""#, r#"b "c" \ d"#),
            ("A=mysql://u:p#w@h/db", "mysql://u:p#w@h/db"),
            ("A=", ""),
        ] {
            assert_eq!(assignment(line), Line::Set("A", value.to_owned()), "{line}");
        }
        assert_eq!(assignment("# A=b"), Line::Nothing);
        for line in ["A", "=b", "A B=c", "A='b", "A=\"b\" c"] {
            assert_eq!(assignment(line), Line::Strange, "{line}");
        }
    }
}
