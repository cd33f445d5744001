//! Recording attempts, and what becomes of their deliveries.

use std::time::Duration;

use super::mask::masked;
use crate::app::metrics::{Attempted, Ended};
use crate::app::worker::ErrorClass;
use crate::app::{App, random};
use crate::delivery;
use crate::model::{Attempt, AttemptId, AttemptOutcome, Delivery, DeliveryState, Timestamp};
use crate::plugin::{NotifyError, Receipt};
use crate::store::{Finished, Lease, StoreError, Tx};

/// An attempt that ended; its outcome holds for all of its deliveries.
pub(in crate::app) struct Done {
    pub(in crate::app) deliveries: Vec<Delivery>,
    pub(in crate::app) lease: Lease,
    pub(in crate::app) started: Timestamp,
    pub(in crate::app) took: Duration,
    pub(in crate::app) outcome: Result<Receipt, NotifyError>,
    /// The kind of error, of one that failed.
    pub(in crate::app) error: Option<ErrorClass>,
}

/// Records attempts, and answers what is to be counted once that is committed; `None` when a lease
/// was lost, and the transaction must not be committed.
pub(super) async fn record(
    app: &App,
    tx: &Tx,
    attempts: &[Done],
) -> Result<Option<Vec<Attempted>>, StoreError> {
    if attempts.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let now = app.now();
    let finished = all_finished(app, attempts, now);
    let held = tx.finish_held_attempts(&finished, now).await?;
    let all = finished.iter().map(|one| (one, true));
    Ok(held.then(|| counted(attempts, all, now)))
}

/// Attempts were recorded.
pub(super) fn recorded(app: &App, attempts: &[Attempted]) {
    app.metrics().attempted(attempts);
    app.hours().ended(app.now(), attempts);
    // What ended may have been in the way of the next message of its group.
    if !attempts.is_empty() && app.handoff().is_waiting() {
        app.deliveries_due().wake();
    }
}

/// Those attempts that can still be recorded later: their leases hold. Of the others somebody else
/// may have the deliveries, and what was sent goes out again under the same delivery ids.
pub(super) fn late(app: &App, attempts: Vec<Done>, error: &StoreError) -> Vec<Done> {
    let now = app.now();
    let (late, lost): (Vec<Done>, Vec<Done>) = attempts
        .into_iter()
        .partition(|done| now < done.lease.until);
    if !lost.is_empty() {
        tracing::warn!(%error, attempts = lost.len(), "finished deliveries not recorded");
        let deliveries = lost.iter().map(|done| done.deliveries.len());
        app.metrics().leases_lost(deliveries.sum());
    }
    late
}

/// Records attempts of which some lost their leases; the answer is which are to be recorded later.
pub(super) async fn record_each(app: &App, attempts: Vec<Done>) -> Vec<Done> {
    if attempts.is_empty() {
        return Vec::new();
    }
    match record_kept(app, &attempts).await {
        Ok(counted) => {
            recorded(app, &counted);
            Vec::new()
        }
        Err(error) => late(app, attempts, &error),
    }
}

async fn record_kept(app: &App, attempts: &[Done]) -> Result<Vec<Attempted>, StoreError> {
    let now = app.now();
    let finished = all_finished(app, attempts, now);
    let tx = app.store().batch_tx().await?;
    let kept = tx.finish_attempts(&finished, now).await?;
    tx.commit().await?;
    let mut lost = 0;
    for (one, _) in finished.iter().zip(&kept).filter(|(_, kept)| !**kept) {
        lost += 1;
        tracing::warn!(delivery = %one.delivery, "lease lost: another worker has this delivery");
    }
    app.metrics().leases_lost(lost);
    Ok(counted(attempts, finished.iter().zip(kept), now))
}

fn all_finished<'a>(app: &App, attempts: &'a [Done], now: Timestamp) -> Vec<Finished<'a>> {
    let each = attempts.iter().flat_map(|done| {
        let deliveries = done.deliveries.iter();
        deliveries.map(move |delivery| finished(app, done, delivery, now))
    });
    each.collect()
}

/// What is to be counted of attempts; `finished` has their deliveries in the same order, and
/// whether each was recorded.
fn counted<'a>(
    attempts: &[Done],
    finished: impl Iterator<Item = (&'a Finished<'a>, bool)>,
    now: Timestamp,
) -> Vec<Attempted> {
    let mut finished = finished;
    let each = attempts.iter().map(|done| {
        let recorded = done.deliveries.iter().zip(finished.by_ref());
        let ended = recorded.filter(|(_, (one, kept))| *kept && one.state.is_terminal());
        let ended = ended.map(|(delivery, (one, _))| Ended {
            state: one.state,
            since: now.since(delivery.created),
            sender: delivery.sender,
        });
        let driver = done.deliveries.first().map(|first| first.driver.clone());
        Attempted {
            driver: driver.unwrap_or_default(),
            outcome: outcome_of(&done.outcome),
            error: done.error,
            took: done.took,
            ended: ended.collect(),
        }
    });
    each.collect()
}

fn outcome_of(outcome: &Result<Receipt, NotifyError>) -> AttemptOutcome {
    match outcome {
        Ok(_) => AttemptOutcome::Sent,
        Err(NotifyError::Retry { .. }) => AttemptOutcome::Retry,
        Err(NotifyError::Permanent { .. }) => AttemptOutcome::Permanent,
    }
}

fn finished<'a>(app: &App, done: &'a Done, delivery: &Delivery, now: Timestamp) -> Finished<'a> {
    let mut next = delivery::next(
        &done.outcome,
        delivery.attempts,
        delivery.created,
        now,
        &app.settings().delivery,
        random::fraction(),
    );
    next.message = masked(&next.message, &delivery.value, &delivery.alias);
    if next.state == DeliveryState::Dead {
        tracing::warn!(delivery = %delivery.id, alert = %delivery.alert, driver = %delivery.driver,
            error = %next.message, "delivery given up");
    }
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
