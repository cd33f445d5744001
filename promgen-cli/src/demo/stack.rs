//! The real Prometheus and Alertmanager of the demo.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::{Child, Command};

use crate::error::CommandError;

/// Where both programs are.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    prometheus: PathBuf,
    alertmanager: PathBuf,
}

impl Programs {
    /// Looks for both; Debian calls the second one `prometheus-alertmanager`.
    pub(super) fn find() -> Option<Self> {
        Some(Self {
            prometheus: find(&["prometheus"])?,
            alertmanager: find(&["prometheus-alertmanager", "alertmanager"])?,
        })
    }
}

fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut candidates = names
        .iter()
        .flat_map(|name| folders.iter().map(move |f| f.join(name)));
    candidates.find(|candidate| candidate.is_file())
}

/// What the two have to know.
#[derive(Debug)]
pub(super) struct Wiring<'a> {
    pub(super) folder: &'a Path,
    pub(super) prometheus_port: u16,
    pub(super) alertmanager_port: u16,
    /// `http://127.0.0.1:PORT` of Promgen.
    pub(super) promgen: &'a str,
    pub(super) token: &'a str,
}

/// Both, running. Dropped, they are killed.
#[derive(Debug)]
pub(super) struct Stack(Vec<Child>);

impl Stack {
    /// Writes their configurations and starts them.
    pub(super) fn start(programs: &Programs, wiring: &Wiring<'_>) -> Result<Self, CommandError> {
        let folder = wiring.folder;
        let prometheus = write(folder, "prometheus.yml", &prometheus_config(wiring))?;
        let alertmanager = write(folder, "alertmanager.yml", &alertmanager_config(wiring))?;
        let listen = |port| format!("--web.listen-address=127.0.0.1:{port}");
        let prometheus = [
            format!("--config.file={}", prometheus.display()),
            format!(
                "--storage.tsdb.path={}",
                folder.join("prometheus").display()
            ),
            listen(wiring.prometheus_port),
            "--web.enable-lifecycle".to_owned(),
        ];
        let alertmanager = [
            format!("--config.file={}", alertmanager.display()),
            format!("--storage.path={}", folder.join("alertmanager").display()),
            listen(wiring.alertmanager_port),
            "--cluster.listen-address=".to_owned(),
        ];
        Ok(Self(vec![
            spawn(
                &programs.prometheus,
                &prometheus,
                &folder.join("prometheus.log"),
            )?,
            spawn(
                &programs.alertmanager,
                &alertmanager,
                &folder.join("alertmanager.log"),
            )?,
        ]))
    }

    /// Ends both and waits for them.
    pub(super) async fn stop(mut self) {
        for child in &mut self.0 {
            // One that ended by itself is what is wanted.
            child.kill().await.ok();
        }
    }
}

fn spawn(program: &Path, arguments: &[String], log: &Path) -> Result<Child, CommandError> {
    let failed = |error: std::io::Error| {
        let message = format!("{} does not start: {error}", program.display());
        CommandError::other(message, "reinstall it, or take it off the PATH")
    };
    let file = std::fs::File::create(log).map_err(failed)?;
    let same = file.try_clone().map_err(failed)?;
    let mut command = Command::new(program);
    // A process group of its own: Ctrl-C is for the demo, which ends them in order.
    command.args(arguments).process_group(0).kill_on_drop(true);
    command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(same)
        .spawn()
        .map_err(failed)
}

fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, CommandError> {
    let path = folder.join(name);
    std::fs::write(&path, text).map_err(|error| {
        CommandError::other(
            format!("{}: {error}", path.display()),
            "make the folder writable",
        )
    })?;
    Ok(path)
}

fn prometheus_config(wiring: &Wiring<'_>) -> String {
    format!(
        "global: {{scrape_interval: 2s, scrape_timeout: 1s, evaluation_interval: 2s}}
rule_files: [promgen.rule.yml]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ['127.0.0.1:{}']}}]
scrape_configs:
  - job_name: promgen
    file_sd_configs: [{{files: [promgen.json], refresh_interval: 2s}}]
",
        wiring.alertmanager_port
    )
}

fn alertmanager_config(wiring: &Wiring<'_>) -> String {
    format!(
        "route: {{receiver: promgen, group_by: [service, project], group_wait: 1s, group_interval: 5s}}
receivers:
  - name: promgen
    webhook_configs:
      - url: {}/api/v1/alerts
        http_config: {{authorization: {{type: Token, credentials: {}}}}}
",
        wiring.promgen, wiring.token
    )
}
