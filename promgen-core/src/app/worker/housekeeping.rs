//! Housekeeping: what has been kept for long enough goes, in small batches.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::{App, AppError, alerts, hours, links, sessions};
use crate::model::{AlertState, Timestamp};

/// How often there is a look.
const LOOK_EVERY: Duration = Duration::from_mins(10);

/// Small batches, so that no transaction holds others up.
const BATCH: u64 = 500;

/// How long a worker that was killed is remembered: whoever looks for it does so soon.
const KEEP_WORKERS: Duration = Duration::from_hours(24);

/// How long the counts of a silent machine are kept. Every container has a name of its own, and all
/// that ever ran would be told for ever.
const KEEP_COUNTS: Duration = Duration::from_hours(30 * 24);

pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            tidied = tidy(&app) => {
                if let Err(error) = tidied {
                    tracing::warn!(%error, "what is old was not removed");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn tidy(app: &App) -> Result<(), AppError> {
    forget_machines(app).await?;
    sessions::prune(app).await?;
    links::prune(app).await?;
    let keep = &app.settings().keep;
    if let Some(before) = end(app, keep.dropped) {
        forget_dropped(app, before).await?;
    }
    if let Some(before) = end(app, keep.audit) {
        forget_audit(app, before).await?;
    }
    if let Some(before) = end(app, keep.alerts) {
        let removed = alerts::remove_before(app, before, |_| {}).await?;
        if removed > 0 {
            tracing::info!(removed, "old alerts removed");
        }
    }
    Ok(())
}

/// Workers that were killed, and the counts of machines that are no more.
async fn forget_machines(app: &App) -> Result<(), AppError> {
    let now = app.now();
    let tx = app.store().write_tx().await?;
    tx.forget_workers(now.minus(KEEP_WORKERS)).await?;
    tx.forget_samples(now.minus(KEEP_COUNTS)).await?;
    tx.forget_hours(now.minus(hours::KEEP)).await?;
    tx.commit().await?;
    Ok(())
}

/// What came before this has been kept for long enough; `None` when everything is kept.
fn end(app: &App, span: Duration) -> Option<Timestamp> {
    (!span.is_zero()).then(|| app.now().minus(span))
}

async fn forget_dropped(app: &App, before: Timestamp) -> Result<(), AppError> {
    loop {
        let tx = app.store().write_tx().await?;
        let removed = tx.delete_alerts(AlertState::Dropped, before, BATCH).await?;
        tx.commit().await?;
        if removed < BATCH {
            return Ok(());
        }
    }
}

async fn forget_audit(app: &App, before: Timestamp) -> Result<(), AppError> {
    loop {
        let tx = app.store().write_tx().await?;
        let removed = tx.delete_audit(before, BATCH).await?;
        tx.commit().await?;
        if removed < BATCH {
            return Ok(());
        }
    }
}
