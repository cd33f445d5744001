//! `promgen worker`

use promgen_core::app::SchemaPolicy;
use promgen_core::app::worker::{self, Queues};
use promgen_core::store::{Backend, Create};
use tokio_util::sync::CancellationToken;

use crate::args::{Args, Worker};
use crate::error::CommandError;
use crate::output::complain;
use crate::session;

pub(super) async fn run(args: &Args, command: &Worker) -> Result<(), CommandError> {
    let loaded = session::settings(args)?;
    let app = session::open_with(loaded, Create::Never, SchemaPolicy::Migrate).await?;
    session::log_plugins(&app);
    let names = command.queues.iter().map(String::as_str);
    let queues = match command.queues.as_slice() {
        [] => Queues {
            alerts: true,
            servers: Vec::new(),
        },
        _ => Queues::parse(names),
    };
    tracing::info!(alerts = queues.alerts, servers = ?queues.servers, "working");
    if !queues.servers.is_empty() && app.store().backend() == Backend::Sqlite {
        complain(
            "note: the database is a SQLite file of this machine; a worker beside a Prometheus on \
             another one needs a shared database, or let that Prometheus pull (http_sd_configs)",
        );
    }
    let stop = CancellationToken::new();
    let (worked, ()) = tokio::join!(
        worker::run(app.clone(), queues, stop.clone()),
        on_signal(stop)
    );
    app.close().await;
    Ok(worked?)
}

/// Cancels `stop` at the first signal to end; a second one ends the program at once.
pub(crate) async fn on_signal(stop: CancellationToken) {
    tokio::select! {
        () = signal() => {}
        () = stop.cancelled() => return,
    }
    tracing::info!("ending; what is under way is finished first");
    stop.cancel();
    let mut again = tokio::task::JoinSet::new();
    again.spawn(async {
        signal().await;
        std::process::exit(130);
    });
    again.detach_all();
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};

    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        tokio::signal::ctrl_c().await.ok();
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
