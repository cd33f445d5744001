//! `promgen web`

use promgen_core::app::worker::{self, Queues};
use promgen_core::app::{App, SchemaPolicy};
use promgen_core::store::Create;
use promgen_http::{Bind, Listener, ServeOptions, first_run, serve};
use tokio_util::sync::CancellationToken;

use super::worker::on_signal;
use crate::args::{Args, Web};
use crate::demo;
use crate::error::CommandError;
use crate::output::complain;
use crate::session;

pub(super) async fn run(args: &Args, web: &Web) -> Result<(), CommandError> {
    if web.workers.is_some() {
        complain("note: --workers has no meaning here: one process uses all processors");
    }
    let bind: Bind = web.bind.parse().map_err(|error| unusable(&error))?;
    let listener = bind.listen().await.map_err(|error| unusable(&error))?;
    if web.demo {
        return demo::run(listener).await;
    }
    let loaded = session::settings(args)?;
    let app = session::open_with(loaded, Create::IfMissing, SchemaPolicy::Migrate).await?;
    session::log_plugins(&app);
    match listener.address() {
        Some(address) => complain(&format!("listening on http://{address}/")),
        None => complain(&format!("listening on {bind}")),
    }
    if let Some(line) = first_run(&app, std::slice::from_ref(&listener)).await? {
        complain(&line);
    }
    let queues = if web.no_worker {
        Queues::default()
    } else {
        Queues {
            alerts: true,
            servers: own_hosts(),
        }
    };
    let served = keep(&app, listener, queues, ServeOptions::default()).await;
    app.close().await;
    served
}

fn unusable(error: &promgen_http::BindError) -> CommandError {
    CommandError::other(error.to_string(), "give another address with --bind")
}

/// Serves and works until a signal ends both.
async fn keep(
    app: &App,
    listener: Listener,
    queues: Queues,
    options: ServeOptions,
) -> Result<(), CommandError> {
    let stop = CancellationToken::new();
    let (served, worked, ()) = tokio::join!(
        serve(app.clone(), vec![listener], stop.clone(), options),
        worker::run(app.clone(), queues, stop.clone()),
        on_signal(stop)
    );
    served.map_err(|error| CommandError::other(error.to_string(), "start it again"))?;
    Ok(worked?)
}

/// A worker also looks after the Prometheus of its own machine.
fn own_hosts() -> Vec<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim().to_owned();
    let mut hosts = vec!["localhost".to_owned()];
    if !name.is_empty() && name != "localhost" {
        hosts.push(name);
    }
    hosts
}
