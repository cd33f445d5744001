//! Recording attempts: all that ended in the meantime in one transaction.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::attempt::Done;
use crate::app::{App, AppError, random};
use crate::delivery;
use crate::model::{Attempt, AttemptId, Delivery, DeliveryState, Timestamp};
use crate::store::Finished;

/// Most attempts in one transaction.
const BATCH: usize = 256;

/// Time between two tries while the database is away.
const TRY_EVERY: Duration = Duration::from_millis(200);

/// Records until nobody makes attempts any more.
pub(super) async fn run(app: App, mut ended: mpsc::UnboundedReceiver<Done>) {
    let mut batch = Vec::new();
    while ended.recv_many(&mut batch, BATCH).await > 0 {
        record(&app, &batch).await;
        app.deliveries_due().wake();
        batch.clear();
    }
}

/// Tries for as long as the leases hold. After that somebody else may have the deliveries, and what
/// was sent goes out again under the same delivery ids.
async fn record(app: &App, batch: &[Done]) {
    let begun = Instant::now();
    let until = batch.iter().map(|done| done.lease.until).max();
    loop {
        let now = app.now();
        let error = match write(app, batch, now).await {
            Ok(()) => {
                tracing::trace!(attempts = batch.len(), took = ?begun.elapsed(), "recorded");
                return;
            }
            Err(error) => error,
        };
        let waits = matches!(error, AppError::Unavailable { .. } | AppError::Overloaded);
        if !waits || until.is_none_or(|until| now >= until) {
            tracing::warn!(%error, attempts = batch.len(), "finished deliveries not recorded");
            return;
        }
        tracing::debug!(%error, "recording waits for the database");
        tokio::time::sleep(TRY_EVERY).await;
    }
}

async fn write(app: &App, batch: &[Done], now: Timestamp) -> Result<(), AppError> {
    let finished: Vec<Finished<'_>> = batch
        .iter()
        .flat_map(|done| done.deliveries.iter().map(move |one| (done, one)))
        .map(|(done, delivery)| finished(app, done, delivery, now))
        .collect();
    let tx = app.store().write_tx().await?;
    let kept = tx.finish_attempts(&finished, now).await?;
    tx.commit().await?;
    for (one, kept) in finished.iter().zip(kept) {
        if !kept {
            tracing::warn!(delivery = %one.delivery, "lease lost: another worker has this delivery");
        } else if one.state == DeliveryState::Dead {
            tracing::warn!(delivery = %one.delivery, error = %one.attempt.message,
                "delivery given up");
        }
    }
    Ok(())
}

fn finished<'a>(app: &App, done: &'a Done, delivery: &Delivery, now: Timestamp) -> Finished<'a> {
    let next = delivery::next(
        &done.outcome,
        delivery.attempts,
        delivery.created,
        now,
        &app.settings().delivery,
        random::fraction(),
    );
    Finished {
        delivery: delivery.id,
        token: &done.lease.token,
        attempt: Attempt {
            id: AttemptId(0),
            delivery: delivery.id,
            number: delivery.attempts,
            started: done.started,
            took_ms: u32::try_from(done.took.as_millis()).unwrap_or(u32::MAX),
            outcome: next.outcome,
            message: next.message,
        },
        state: next.state,
        due: next.due,
    }
}
