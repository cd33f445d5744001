//! The units: systemd understands them, and their command lines start what they promise.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use promgen_tests::http::get;
use promgen_tests::process::{Running, command, needed};
use promgen_tests::promgen::program;
use promgen_tests::wait::until;
use tempfile::TempDir;

const UNITS: [&str; 3] = [
    "promgen-web.service",
    "promgen-alerts.service",
    "promgen-worker@.service",
];

/// A unit as it would be installed below a folder.
struct Unit {
    folder: TempDir,
    text: String,
}

impl Unit {
    /// Installs the unit, the sample settings, and the address of a database below a new folder.
    fn installed(name: &str) -> Self {
        let folder = TempDir::new().unwrap();
        super::folders(folder.path());
        let sample = |name: &str| super::moved_to(&super::text(name), folder.path());
        let write = |name: &str, text: String| {
            std::fs::write(folder.path().join("etc").join(name), text).unwrap();
        };
        write("DATABASE_URL", sample("DATABASE_URL"));
        write("promgen.env", sample("promgen.env").replace(":8000", ":0"));
        // A machine without Prometheus leaves the section out.
        let settings = sample("promgen.yml");
        write("promgen.yml", without(&settings, "prometheus"));
        let text = sample(&format!("systemd/{name}"));
        let text = text.replace("/usr/bin/promgen", &program().display().to_string());
        Self { folder, text }
    }

    /// The values of a key, in order.
    fn values(&self, key: &str) -> Vec<&str> {
        self.text
            .lines()
            .filter_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .collect()
    }

    /// The environment that systemd would give: the unit's own, then the file, which wins.
    fn environment(&self) -> BTreeMap<String, String> {
        let files = self.values("EnvironmentFile").into_iter().map(|file| {
            let file = file.trim_start_matches('-');
            std::fs::read_to_string(file).unwrap()
        });
        let own = self.values("Environment").join("\n");
        let lines: Vec<String> = [own].into_iter().chain(files).collect();
        let lines = lines.join("\n");
        let assignments = lines.lines().filter(|line| !line.starts_with('#'));
        assignments
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// A command line of the unit, as systemd would run it for the instance `localhost`.
    fn command(&self, key: &str) -> Option<Command> {
        let line = *self.values(key).first()?;
        let environment = self.environment();
        let mut words = line.split_whitespace().map(|word| {
            let word = word.replace("%i", "localhost");
            let name = word.strip_prefix("${").and_then(|w| w.strip_suffix('}'));
            name.map_or(word.clone(), |name| environment[name].clone())
        });
        let mut command = Command::new(words.next().unwrap());
        command
            .args(words)
            .env_clear()
            .envs(&environment)
            .current_dir(self.values("WorkingDirectory")[0]);
        Some(command)
    }

    /// Starts it as systemd does: what comes before, then the program itself.
    fn start(&self) -> Running {
        if let Some(mut before) = self.command("ExecStartPre") {
            let done = before.output().unwrap();
            assert!(done.status.success(), "{done:?}");
        }
        let mut command = self.command("ExecStart").unwrap();
        Running::start(&mut command, &self.path("log"))
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

/// Settings without a section at the top.
fn without(settings: &str, section: &str) -> String {
    let head = format!("{section}:");
    let mut within = false;
    let kept = settings.lines().filter(|line| {
        if !line.starts_with([' ', '#']) {
            within = *line == head;
        }
        !within
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// Waits for a part of the log; answers the rest of its line.
async fn logged(process: &Running, part: &str) -> String {
    until(part, async || {
        let log = process.log();
        let rest = log.split_once(part)?.1;
        Some(rest.lines().next()?.to_owned())
    })
    .await
}

#[test]
fn systemd_understands_the_units() {
    let Some(analyze) = needed(&["systemd-analyze"]) else {
        return;
    };
    for name in UNITS {
        let unit = Unit::installed(name);
        let file = unit.path(name);
        std::fs::write(&file, &unit.text).unwrap();
        let done = command(&analyze, &["verify".as_ref(), file.as_os_str()])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        // It looks at all units of the machine; only ours are ours.
        let ours: Vec<&str> = said.lines().filter(|l| l.contains("promgen")).collect();
        assert!(ours.is_empty(), "{name}: {ours:?}");
    }
}

/// The scale goes from 0, locked in, to 100, root.
#[test]
fn systemd_finds_little_that_the_units_expose() {
    let Some(analyze) = needed(&["systemd-analyze"]) else {
        return;
    };
    for name in UNITS {
        let unit = Unit::installed(name);
        let file = unit.path(name);
        std::fs::write(&file, &unit.text).unwrap();
        let mut command = command(&analyze, &["security", "--offline=true", "--threshold=20"]);
        let done = command.arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let end = said.lines().last();
        assert!(done.status.success(), "{name}: {end:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_web_unit_serves() {
    let unit = Unit::installed("promgen-web.service");
    let process = unit.start();
    let url = logged(&process, "listening on ").await;
    let health = until("an answer", async || get(&format!("{url}healthz")).await).await;
    assert_eq!((health.status, health.text().trim()), (200, "OK"));
    assert_eq!(
        get(&format!("{url}api/v1/targets")).await.unwrap().status,
        200
    );
    assert!(unit.path("state/promgen.db").is_file());
    assert!(process.terminate().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_alerts_unit_works_from_an_empty_folder() {
    let unit = Unit::installed("promgen-alerts.service");
    let process = unit.start();
    let said = logged(&process, "\"message\":\"working\"").await;
    assert!(said.contains("\"alerts\":true"), "{said}");
    assert!(process.terminate().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_unit_deploys_to_the_host_that_it_is_named_after() {
    let unit = Unit::installed("promgen-worker@.service");
    // No Prometheus to reload: the files alone.
    let folder = unit.folder.path();
    let settings = super::moved_to(&super::text("promgen.yml"), folder);
    let lines = settings.lines();
    let kept = lines.filter(|line| !line.starts_with("  url:") && !line.contains("promtool"));
    let settings = kept.collect::<Vec<_>>().join("\n");
    std::fs::write(unit.path("etc/promgen.yml"), settings).unwrap();
    let promgen = |arguments: &[&str]| run(&program(), folder, arguments);
    promgen(&["migrate"]);
    promgen(&["register-server", "main", "localhost", "9090"]);
    let process = unit.start();
    logged(&process, "\"message\":\"deployed\"").await;
    for name in ["promgen.rule.yml", "promgen.json", "blackbox.json"] {
        assert!(unit.path("outputs").join(name).is_file(), "{name}");
    }
    assert!(process.terminate().success());
}

/// Runs a command as an operator would, with the settings below a folder.
fn run(program: &Path, folder: &Path, arguments: &[&str]) {
    let done = Command::new(program)
        .arg("--config")
        .arg(folder.join("etc/promgen.yml"))
        .args(arguments)
        .env_clear()
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}
