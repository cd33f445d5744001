//! Real Prometheus and Alertmanager.

use std::path::{Path, PathBuf};

use crate::process::{Running, command, needed};
use crate::wait::{free_port, until};

/// A server of the Prometheus family that is ready.
#[derive(Debug)]
pub struct Server {
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// Its process.
    pub process: Running,
}

impl Server {
    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Where `promtool` is.
pub fn promtool() -> Option<PathBuf> {
    needed(&["promtool"])
}

/// Starts Prometheus with this configuration, in which `PORT` stands for its own port.
///
/// # Panics
/// When it does not get ready.
pub async fn prometheus(folder: &Path, port: u16, config: &str) -> Option<Server> {
    let program = needed(&["prometheus"])?;
    let file = write(folder, "prometheus.yml", config);
    let listen = format!("--web.listen-address=127.0.0.1:{port}");
    let data = format!("--storage.tsdb.path={}", folder.join("data").display());
    let config = format!("--config.file={}", file.display());
    let arguments = [config, data, listen, "--web.enable-lifecycle".to_owned()];
    let log = folder.join("prometheus.log");
    let process = Running::start(&mut command(&program, &arguments), &log);
    let server = Server { port, process };
    ready(&server, "Prometheus").await;
    Some(server)
}

/// Puts samples of the past, as `OpenMetrics` text, into the data of a Prometheus that is started
/// in the folder afterwards.
///
/// # Panics
/// When promtool refuses them.
#[expect(clippy::expect_used, reason = "promtool was found")]
pub fn history(folder: &Path, samples: &str) -> Option<()> {
    let program = promtool()?;
    let file = write(folder, "history.txt", samples);
    let data = folder.join("data");
    let arguments = [
        "tsdb".as_ref(),
        "create-blocks-from".as_ref(),
        "openmetrics".as_ref(),
        file.as_os_str(),
        data.as_os_str(),
    ];
    let done = command(&program, &arguments)
        .output()
        .expect("promtool runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "promtool: {said}");
    Some(())
}

/// Starts Alertmanager with this configuration.
///
/// # Panics
/// When it does not get ready.
pub async fn alertmanager(folder: &Path, config: &str) -> Option<Server> {
    let server = alertmanager_with(folder, config, &[])?;
    ready(&server, "Alertmanager").await;
    Some(server)
}

/// Starts Alertmanager with further options, and does not wait for it.
pub fn alertmanager_with(folder: &Path, config: &str, options: &[&str]) -> Option<Server> {
    let program = needed(&["prometheus-alertmanager", "alertmanager"])?;
    let file = write(folder, "alertmanager.yml", config);
    let port = free_port();
    let mut arguments = vec![
        format!("--config.file={}", file.display()),
        format!("--storage.path={}", folder.join("alertmanager").display()),
        format!("--web.listen-address=127.0.0.1:{port}"),
        "--cluster.listen-address=".to_owned(),
    ];
    arguments.extend(options.iter().map(ToString::to_string));
    let log = folder.join("alertmanager.log");
    let process = Running::start(&mut command(&program, &arguments), &log);
    Some(Server { port, process })
}

async fn ready(server: &Server, what: &str) {
    let url = format!("{}/-/ready", server.url());
    until(&format!("{what} to be ready"), async || {
        crate::http::get(&url)
            .await
            .filter(|answer| answer.status == 200)
            .map(drop)
    })
    .await;
}

#[expect(clippy::expect_used, reason = "a test folder can be written to")]
fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("the test folder");
    path
}
