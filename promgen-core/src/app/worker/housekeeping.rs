//! Housekeeping: what was dropped by the blacklist is kept for a day.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::{App, AppError};
use crate::model::AlertState;

/// How often there is a look.
const LOOK_EVERY: Duration = Duration::from_mins(10);

/// How long a dropped alert can still be looked at.
const KEEP_DROPPED: Duration = Duration::from_hours(24);

/// Small batches, so that no transaction holds others up.
const BATCH: u64 = 500;

pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = forget_dropped(&app).await {
            tracing::warn!(%error, "dropped alerts not removed");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn forget_dropped(app: &App) -> Result<(), AppError> {
    let before = app.now().minus(KEEP_DROPPED);
    loop {
        let tx = app.store().write_tx().await?;
        let removed = tx.delete_alerts(AlertState::Dropped, before, BATCH).await?;
        tx.commit().await?;
        if removed < BATCH {
            return Ok(());
        }
    }
}
