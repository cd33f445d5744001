//! `promgen web --demo`: the whole loop in one folder, with data flowing.
//!
//! Everything here is real: the database, the tree, the worker, the intake, the messages; and,
//! where they are installed, Prometheus and Alertmanager. Only the exporters, one of which fails now
//! and then, and the inbox, where messages arrive, are the demo's own.

mod driver;
mod exporters;
mod inbox;
mod stack;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use promgen_core::app::tree::{self, ApplyOptions};
use promgen_core::app::worker::{self, Queues};
use promgen_core::app::{App, SchemaPolicy, tokens};
use promgen_core::config::{DatabaseUrl, Loaded, Prometheus, Settings};
use promgen_core::egress::{Class, Client};
use promgen_core::model::{Clock, Scope, Secret, SystemClock};
use promgen_core::plugin::{HttpRequest, Method};
use promgen_core::store::Create;
use promgen_http::{Listener, ServeOptions, first_run, serve};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cmd::on_signal;
use crate::error::CommandError;
use crate::output::say;
use crate::session::{self, operator};
use driver::Driver;
use exporters::Exporter;
use stack::{Programs, Stack, Wiring};

/// Where the demo keeps everything, below the working folder.
const FOLDER: &str = "promgen-demo";

/// The demo's token ends by itself, for the next start makes another.
const TOKEN_SPAN: Duration = Duration::from_hours(24);

/// Runs the demo until a signal ends it.
pub(crate) async fn run(listener: Listener) -> Result<(), CommandError> {
    let Some(address) = listener.address() else {
        let remedy = "give --bind HOST:PORT";
        return Err(CommandError::other("the demo needs a TCP port", remedy));
    };
    let promgen = format!("http://127.0.0.1:{}", address.port());
    let folder = folder()?;
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let exporters = exporters::start(&clock, &tasks, &stop).await?;
    let ports = (free_port()?, free_port()?);
    let programs = Programs::find();
    let settings = settings(&folder, ports.0, programs.is_some().then_some(ports.1));
    let client = Client::new(&settings.egress)
        .map_err(|error| CommandError::other(error.to_string(), "report this"))?;
    let loaded = Loaded {
        settings,
        path: None,
        warnings: Vec::new(),
    };
    let app = session::open_with(loaded, Create::IfMissing, SchemaPolicy::Migrate).await?;
    let token = prepare(&app, &exporters, &promgen, ports.0).await?;

    let wiring = Wiring {
        folder: &folder,
        prometheus_port: ports.0,
        alertmanager_port: ports.1,
        promgen: &promgen,
        token: &token,
    };
    let stack = programs
        .map(|programs| Stack::start(&programs, &wiring))
        .transpose()?;
    if stack.is_some() {
        until_ready(&client, ports).await;
    } else {
        let driver = Driver {
            app: app.clone(),
            client,
            promgen: promgen.clone(),
            token,
        };
        tasks.spawn(driver.run(stop.clone()));
    }
    tell(stack.is_some(), &promgen, ports, &exporters);
    if let Some(line) = first_run(&app, std::slice::from_ref(&listener)).await? {
        say(&format!("Pages        {line}"));
    }
    let kept = keep(&app, listener, inbox::router(clock), stack.is_some(), &stop).await;
    if let Some(stack) = stack {
        stack.stop().await;
    }
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    app.close().await;
    kept
}

/// Waits until both servers answer, so that the first deployment finds them; after ten seconds the
/// demo goes on without, and the worker tries again.
async fn until_ready(client: &Client, ports: (u16, u16)) {
    let waiting = async {
        for port in [ports.0, ports.1] {
            let url = format!("http://127.0.0.1:{port}/-/ready");
            let ask = || {
                let (method, url) = (Method::Get, url.clone());
                let request = HttpRequest {
                    method,
                    url,
                    headers: Vec::new(),
                    body: Vec::new(),
                    proxy: None,
                };
                client.request(Class::Infra, request, Duration::from_secs(1))
            };
            while !ask().await.is_ok_and(|answer| answer.status == 200) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    };
    if tokio::time::timeout(Duration::from_secs(10), waiting)
        .await
        .is_err()
    {
        tracing::warn!("Prometheus or Alertmanager is not ready; see the logs in {FOLDER}");
    }
}

/// Serves and works until a signal ends both.
async fn keep(
    app: &App,
    listener: Listener,
    inbox: axum::Router,
    deploys: bool,
    stop: &CancellationToken,
) -> Result<(), CommandError> {
    let options = ServeOptions {
        extra: Some(inbox),
        demo: true,
        ..ServeOptions::default()
    };
    let servers = if deploys {
        vec!["localhost".to_owned()]
    } else {
        Vec::new()
    };
    let queues = Queues {
        alerts: true,
        servers,
    };
    let (served, worked, ()) = tokio::join!(
        serve(app.clone(), vec![listener], stop.clone(), options),
        worker::run(app.clone(), queues, stop.clone()),
        on_signal(stop.clone())
    );
    served.map_err(|error| CommandError::other(error.to_string(), "start it again"))?;
    Ok(worked?)
}

fn folder() -> Result<PathBuf, CommandError> {
    let failed = |error: std::io::Error| {
        let message = format!("{FOLDER} cannot be made here: {error}");
        CommandError::other(message, "start the demo in a folder that you may write to")
    };
    std::fs::create_dir_all(FOLDER).map_err(failed)?;
    std::fs::canonicalize(FOLDER).map_err(failed)
}

fn free_port() -> Result<u16, CommandError> {
    let bound = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    let failed = |error: std::io::Error| CommandError::other(error.to_string(), "free some ports");
    Ok(bound.map_err(failed)?.port())
}

/// The Alertmanager is known where there is one.
fn settings(folder: &Path, prometheus_port: u16, alertmanager_port: Option<u16>) -> Settings {
    let mut settings = Settings {
        database: DatabaseUrl(Secret::new(format!(
            "sqlite://{}",
            folder.join("promgen.db").display()
        ))),
        prometheus: Prometheus {
            url: Some(format!("http://127.0.0.1:{prometheus_port}")),
            rules: Some(folder.join("promgen.rule.yml")),
            targets: Some(folder.join("promgen.json")),
            blackbox: Some(folder.join("blackbox.json")),
            ..Prometheus::default()
        },
        state: Some(folder.join("state")),
        ..Settings::default()
    };
    let alertmanager = alertmanager_port.map(|port| format!("http://127.0.0.1:{port}"));
    settings.alertmanager.urls.extend(alertmanager);
    // The inbox is on this machine, which notifiers otherwise may not reach.
    settings.egress.allow.push("127.0.0.0/8".to_owned());
    settings
}

/// Fills the tree, and makes the token that alerts come in with.
async fn prepare(
    app: &App,
    exporters: &[Exporter],
    promgen: &str,
    prometheus_port: u16,
) -> Result<String, CommandError> {
    let site = promgen.trim_start_matches("http://");
    let mut document = include_str!("tree.yml")
        .replace("SINK", &format!("{promgen}/demo/inbox"))
        .replace("PROMETHEUS_PORT", &prometheus_port.to_string())
        .replace("domain: SITE", &format!("domain: {site}"));
    for exporter in exporters {
        let place = format!("{}_PORT", exporter.name.to_uppercase());
        document = document.replace(&place, &exporter.port.to_string());
    }
    let options = ApplyOptions {
        dry_run: false,
        prune: true,
        create_users: true,
    };
    tree::apply(app, &operator(), &document, options).await?;
    let scopes = vec![Scope::Alerts];
    let token = tokens::create(app, &operator(), "demo", scopes, Some(TOKEN_SPAN)).await?;
    Ok(token.text.reveal().clone())
}

/// What runs where, and what to try.
fn tell(real: bool, promgen: &str, ports: (u16, u16), exporters: &[Exporter]) {
    let list: Vec<String> = exporters
        .iter()
        .map(|exporter| format!("{} :{}", exporter.name, exporter.port))
        .collect();
    if real {
        say(&format!(
            "Prometheus http://127.0.0.1:{} and Alertmanager http://127.0.0.1:{} run for this demo.",
            ports.0, ports.1
        ));
    } else {
        say(
            "A small driver plays Prometheus and Alertmanager; for the real ones: apt install \
             prometheus prometheus-alertmanager",
        );
    }
    say(&format!(
        "Promgen      {promgen}/ serves targets, rules and URLs, and takes alerts."
    ));
    say(&format!(
        "Exporters    {}; checkout fails 20 s after the start, for 40 s.",
        list.join(", ")
    ));
    say(&format!(
        "Inbox        {promgen}/demo/inbox shows the messages that people got."
    ));
    say(&format!(
        "Try          curl {promgen}/api/v1/rules; promgen --database sqlite://{FOLDER}/promgen.db \
         alerts list. Ctrl-C ends all of it."
    ));
}
