//! The deployment loop of one queue: keeps its Prometheus servers at the current revision.
//!
//! A worker talks to the one Prometheus of its settings, so what comes of that is recorded for all
//! servers of its queue. Where a host has several, each has a worker of its own, whose queue is named
//! `HOST:PORT`.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::deploy::{self, Deployment, How};
use crate::app::{App, AppError};
use crate::delivery;
use crate::model::{Server, ServerId, ServerState, ServerTask, TaskKind, Timestamp};
use crate::store::Tx;

/// How often a revision is looked for that another process made.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often it is noted that a worker looks after the server.
const SEEN_EVERY: Duration = Duration::from_secs(30);

/// First and longest time between two tries of a revision that failed.
const RETRY: (Duration, Duration) = (Duration::from_secs(2), Duration::from_mins(5));

pub(super) async fn run(app: App, queue: String, stop: CancellationToken) {
    let mut changes = app.tree_changed().listen();
    let mut watch = Watch::default();
    loop {
        if let Err(error) = look(&app, &queue, &mut watch).await {
            tracing::warn!(%error, %queue, "deployment waits");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = changes.heard() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// What the loop remembers between two looks.
#[derive(Debug, Default)]
struct Watch {
    failures: u32,
    failed_revision: Option<i64>,
    not_before: Timestamp,
    deployment: Deployment,
}

async fn look(app: &App, queue: &str, watch: &mut Watch) -> Result<(), AppError> {
    let tx = app.store().read_tx().await?;
    let revision = tx.revision().await?;
    let servers = served(&tx, queue).await?;
    let states = tx.list_server_states().await?;
    let mut tasks = tx.list_server_tasks().await?;
    drop(tx);
    if servers.is_empty() {
        return Ok(());
    }
    let state_of = |id: ServerId| {
        let found = states.iter().find(|(server, _)| *server == id);
        found.map(|(_, state)| state.clone()).unwrap_or_default()
    };
    let states: Vec<(Server, ServerState)> = servers
        .into_iter()
        .map(|server| (server.clone(), state_of(server.id)))
        .collect();
    tasks.retain(|task| {
        task.done_at.is_none() && states.iter().any(|(server, _)| server.id == task.server)
    });
    if !tasks.is_empty() {
        return fulfil(app, watch, &states, revision, tasks).await;
    }
    let now = app.now();
    let wanting = states
        .iter()
        .any(|(_, state)| state.applied_revision != Some(revision));
    let held = watch.failed_revision == Some(revision) && now < watch.not_before;
    if wanting && !held {
        bring_up(app, watch, &states, revision, How::AsNeeded).await?;
        return Ok(());
    }
    note_seen(app, &states, now).await
}

/// The servers that a queue names: all of a host, or the one of a host and port.
async fn served(tx: &Tx, queue: &str) -> Result<Vec<Server>, AppError> {
    let of_host = tx.list_servers(queue).await?;
    let port = |(host, port): (_, &str)| Some((host, port.parse().ok()?));
    match queue.rsplit_once(':').and_then(port) {
        Some((host, port)) if of_host.is_empty() => {
            let one = tx.find_server(host, port).await?;
            Ok(one.into_iter().collect())
        }
        _ => Ok(of_host),
    }
}

/// Does what was asked of the servers of this host, each thing once, and records what came of it.
async fn fulfil(
    app: &App,
    watch: &mut Watch,
    states: &[(Server, ServerState)],
    revision: i64,
    mut tasks: Vec<ServerTask>,
) -> Result<(), AppError> {
    for kind in TaskKind::ALL {
        if !tasks.iter().any(|task| task.kind == kind) {
            continue;
        }
        let error = match kind {
            TaskKind::Compare => told(compare(app, &tasks).await),
            TaskKind::Deploy => bring_up(app, watch, states, revision, How::Anew).await?,
            TaskKind::Reload => told(deploy::reload(app).await),
            TaskKind::CleanTombstones => told(deploy::clean_tombstones(app).await),
        };
        tracing::info!(%kind, error, "done what was asked");
        let own = tasks.iter_mut().filter(|task| task.kind == kind);
        for task in own {
            (task.done_at, task.error) = (Some(app.now()), error.clone());
        }
    }
    let tx = app.store().write_tx().await?;
    for task in &tasks {
        tx.finish_server_task(task).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Looks what the next deployment changes here, and keeps it for the servers that were asked.
async fn compare(app: &App, tasks: &[ServerTask]) -> Result<(), AppError> {
    let found = deploy::changes(app).await?.ok_or_else(|| {
        let remedy = "name them in the section prometheus of its settings, and deploy once";
        AppError::invalid(
            "prometheus",
            "has no files on the host of its worker",
            remedy,
        )
    })?;
    let found = serde_json::to_string(&found).map_err(|error| AppError::Internal {
        message: error.to_string(),
    })?;
    let tx = app.store().write_tx().await?;
    for task in tasks.iter().filter(|task| task.kind == TaskKind::Compare) {
        tx.save_server_comparison(task.server, &found).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Why something failed, if it did.
fn told(done: Result<(), AppError>) -> Option<String> {
    done.err().map(|error| error.to_string())
}

/// Brings the files and the Prometheus of this host to the revision; answers why that failed, if it
/// did.
async fn bring_up(
    app: &App,
    watch: &mut Watch,
    states: &[(Server, ServerState)],
    revision: i64,
    how: How,
) -> Result<Option<String>, AppError> {
    let outputs = app.fresh_outputs().await?;
    let applied = deploy::apply(app, &outputs, &mut watch.deployment, how).await;
    let now = app.now();
    match &applied {
        Ok(()) => {
            (watch.failures, watch.failed_revision) = (0, None);
            tracing::info!(revision = outputs.revision, "deployed");
        }
        Err(error) => {
            watch.failures = if watch.failed_revision == Some(revision) {
                watch.failures
            } else {
                0
            };
            let wait = delivery::backoff(watch.failures, 0.5, RETRY.0, RETRY.1, None);
            watch.failures = watch.failures.saturating_add(1);
            (watch.failed_revision, watch.not_before) = (Some(revision), now.plus(wait));
            tracing::error!(revision = outputs.revision, %error, "deployment failed");
        }
    }
    let states = states.iter().map(|(server, state)| {
        (
            server.id,
            after(state.clone(), outputs.revision, now, &applied),
        )
    });
    save(app, states.collect()).await?;
    Ok(told(applied))
}

fn after(
    mut state: ServerState,
    revision: i64,
    now: Timestamp,
    applied: &Result<(), AppError>,
) -> ServerState {
    state.seen_at = Some(now);
    match applied {
        Ok(()) => {
            (state.applied_revision, state.applied_at) = (Some(revision), Some(now));
            (state.failed_revision, state.error, state.failed_at) = (None, None, None);
        }
        Err(error) => {
            state.failed_revision = Some(revision);
            state.error = Some(error.to_string());
            state.failed_at = Some(now);
        }
    }
    state
}

async fn note_seen(
    app: &App,
    states: &[(Server, ServerState)],
    now: Timestamp,
) -> Result<(), AppError> {
    let stale = |state: &ServerState| state.seen_at.is_none_or(|at| now.since(at) >= SEEN_EVERY);
    let seen: Vec<(ServerId, ServerState)> = states
        .iter()
        .filter(|(_, state)| stale(state))
        .map(|(server, state)| {
            (
                server.id,
                ServerState {
                    seen_at: Some(now),
                    ..state.clone()
                },
            )
        })
        .collect();
    if seen.is_empty() {
        Ok(())
    } else {
        save(app, seen).await
    }
}

async fn save(app: &App, states: Vec<(ServerId, ServerState)>) -> Result<(), AppError> {
    let tx = app.store().write_tx().await?;
    for (server, state) in states {
        tx.save_server_state(server, &state).await?;
    }
    tx.commit().await?;
    Ok(())
}
