//! Keeping the alerts in order: removing old ones, and filling in labels that are missing.

use crate::alert::{self, Message};
use crate::app::{Actor, App, AppError, Right};
use crate::model::{AlertId, Timestamp};

/// Small batches, so that no transaction holds others up.
const BATCH: u64 = 500;

/// How many alerts came before a time and could be removed. One with a delivery that is still to
/// be made could not.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to read.
pub async fn prunable(app: &App, actor: &Actor, before: Timestamp) -> Result<u64, AppError> {
    actor.require(Right::Read, app.settings())?;
    let tx = app.store().read_tx().await?;
    Ok(tx.count_finished_alerts(before).await?)
}

/// Removes the alerts that came before a time, with their labels, deliveries and attempts; answers
/// how many there were. What is still to be delivered stays. `progress` hears how many are gone.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to change. What was removed before an error stays so.
pub async fn prune(
    app: &App,
    actor: &Actor,
    before: Timestamp,
    progress: impl Fn(u64),
) -> Result<u64, AppError> {
    actor.require(Right::Change, app.settings())?;
    remove_before(app, before, progress).await
}

/// As [`prune`], for whoever may.
pub(in crate::app) async fn remove_before(
    app: &App,
    before: Timestamp,
    progress: impl Fn(u64),
) -> Result<u64, AppError> {
    let (mut removed, mut after) = (0, AlertId(0));
    loop {
        let tx = app.store().read_tx().await?;
        let window = tx.oldest_alerts(after, BATCH).await?;
        drop(tx);
        let old: Vec<AlertId> = window
            .iter()
            .filter(|(_, created)| *created < before)
            .map(|(id, _)| *id)
            .collect();
        // Alerts come in the order of their ids, give or take the clocks of several processes.
        let (Some((last, _)), false) = (window.last(), old.is_empty()) else {
            return Ok(removed);
        };
        after = *last;
        let tx = app.store().write_tx().await?;
        removed += tx.delete_finished_alerts(&old).await?;
        tx.commit().await?;
        progress(removed);
    }
}

/// An alert that is not found by its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unindexed {
    /// The alert.
    pub id: AlertId,
    /// The labels that its message has.
    pub labels: Vec<(String, String)>,
}

/// Alerts that have labels and are not found by them, oldest first: those that were brought over
/// from an installation of the original before its version 0.34.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to read.
pub async fn unindexed(app: &App, actor: &Actor) -> Result<Vec<Unindexed>, AppError> {
    actor.require(Right::Read, app.settings())?;
    let (mut found, mut after) = (Vec::new(), AlertId(0));
    loop {
        let tx = app.store().read_tx().await?;
        let window = tx.unlabelled_alerts(after, BATCH).await?;
        drop(tx);
        let Some((last, _)) = window.last() else {
            return Ok(found);
        };
        after = *last;
        for (id, body) in window {
            let message = Message::parse(body.as_bytes(), app.settings().alerts.max_depth);
            let labels = message
                .map(|message| alert::labels(&message))
                .unwrap_or_default();
            if !labels.is_empty() {
                found.push(Unindexed { id, labels });
            }
        }
    }
}

/// Fills in the labels of alerts that are not found by them; answers how many there were.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to change.
pub async fn index(
    app: &App,
    actor: &Actor,
    alerts: &[Unindexed],
    progress: impl Fn(u64),
) -> Result<u64, AppError> {
    actor.require(Right::Change, app.settings())?;
    let mut done = 0;
    for batch in alerts.chunks(usize::try_from(BATCH).unwrap_or(usize::MAX)) {
        let tx = app.store().write_tx().await?;
        for one in batch {
            done += u64::from(tx.label_alert(one.id, &one.labels).await?);
        }
        tx.commit().await?;
        progress(done);
    }
    Ok(done)
}
