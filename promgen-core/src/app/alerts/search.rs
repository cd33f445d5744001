//! Alerts and deliveries that somebody may see, newest first.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::AlertReport;
use crate::app::change::shown_value;
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError};
use crate::model::{
    Alert, AlertId, Attempt, Delivery, DeliveryId, DeliveryState, SenderId, SenderOwner,
};
use crate::store::{AlertFilter, DeliveryFilter, Tx};

/// The newest alerts that are wanted and that the actor may see, without their bodies. Whoever
/// does not see everything sees the alerts that name a service or project that they see.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    mut filter: AlertFilter,
    limit: u64,
) -> Result<Vec<Alert>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    filter.naming = tx.visible_names(&access.visible()).await?;
    Ok(tx.search_alerts(&filter, limit).await?)
}

/// The newest deliveries that are wanted, of alerts that the actor may see. Values that are secrets
/// are masked.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn deliveries(
    app: &App,
    actor: &Actor,
    mut filter: DeliveryFilter,
    limit: u64,
) -> Result<Vec<Delivery>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    filter.naming = tx.visible_names(&access.visible()).await?;
    let found = tx.search_deliveries(&filter, limit).await?;
    Ok(found.into_iter().map(|one| masked(app, one)).collect())
}

/// One delivery with its attempts. A value that is a secret is masked.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown delivery, [`AppError::Forbidden`] when its alert names
/// nothing that the actor may see.
pub async fn delivery(
    app: &App,
    actor: &Actor,
    id: DeliveryId,
) -> Result<(Delivery, Vec<Attempt>), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let found = tx.find_delivery(id).await?;
    let delivery = found.ok_or_else(|| AppError::not_found("delivery", &id))?;
    require_alert(&tx, &access, delivery.alert).await?;
    let attempts = tx.list_attempts(id).await?;
    Ok((masked(app, delivery), attempts))
}

/// One alert with its labels, decisions, deliveries and attempts. Values that are secrets are
/// masked.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown alert, [`AppError::Forbidden`] for one that names nothing
/// that the actor may see.
pub async fn show(app: &App, actor: &Actor, id: AlertId) -> Result<AlertReport, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let alert = tx.find_alert(id).await?;
    let alert = alert.ok_or_else(|| AppError::not_found("alert", &id))?;
    require_alert(&tx, &access, id).await?;
    let labels = tx.alert_labels(id).await?;
    let deliveries = tx.list_deliveries(id).await?;
    let again = may_retry(app, &tx, &access, &deliveries).await?;
    let ids: Vec<DeliveryId> = deliveries.iter().map(|delivery| delivery.id).collect();
    let mut attempts: BTreeMap<DeliveryId, Vec<Attempt>> = BTreeMap::new();
    for attempt in tx.list_attempts_of(&ids).await? {
        attempts.entry(attempt.delivery).or_default().push(attempt);
    }
    let with_attempts = |delivery: Delivery| {
        let attempts = attempts.remove(&delivery.id).unwrap_or_default();
        (masked(app, delivery), attempts)
    };
    let failed: Option<Failed> = serde_json::from_str(&alert.trace).ok();
    Ok(AlertReport {
        routing: serde_json::from_str(&alert.trace).ok(),
        error: failed.map(|failed| failed.error),
        alert,
        labels,
        deliveries: deliveries.into_iter().map(with_attempts).collect(),
        again,
    })
}

/// The trace of an alert that could not be routed.
#[derive(Deserialize)]
struct Failed {
    error: String,
}

/// Those deliveries that were given up and that somebody may make again: as
/// [`retry`](super::retry) decides, for all of them at once.
async fn may_retry(
    app: &App,
    tx: &Tx,
    access: &Access,
    deliveries: &[Delivery],
) -> Result<Vec<DeliveryId>, AppError> {
    let dead = deliveries
        .iter()
        .filter(|delivery| delivery.state == DeliveryState::Dead);
    let dead: Vec<&Delivery> = dead.collect();
    let ids: BTreeSet<SenderId> = dead.iter().filter_map(|delivery| delivery.sender).collect();
    let senders = tx.list_senders_by_id(&ids).await?;
    let tree = tx.load_owners_of_senders(&senders).await?;
    let may = |delivery: &&&Delivery| {
        let sender = senders.iter().find(|one| Some(one.id) == delivery.sender);
        let Some(sender) = sender else {
            return access.require(Act::ChangeSite, app.settings()).is_ok();
        };
        let act = match sender.owner {
            SenderOwner::User(_) => Act::ChangeOwnSender,
            SenderOwner::Service(_) | SenderOwner::Project(_) => Act::Edit,
        };
        On::sender(sender, &tree)
            .is_some_and(|on| access.require_on(act, on, app.settings()).is_ok())
    };
    Ok(dead
        .iter()
        .filter(may)
        .map(|delivery| delivery.id)
        .collect())
}

/// Refuses an alert that names nothing that somebody may see.
pub(super) async fn require_alert(tx: &Tx, access: &Access, id: AlertId) -> Result<(), AppError> {
    let Some(names) = tx.visible_names(&access.visible()).await? else {
        return Ok(());
    };
    if tx.alert_names(id, &names).await? {
        return Ok(());
    }
    Err(AppError::Forbidden {
        need: "a role on a service or project that the alert names".to_owned(),
    })
}

/// A delivery as it may be shown.
fn masked(app: &App, delivery: Delivery) -> Delivery {
    Delivery {
        value: shown_value(app, &delivery.driver, &delivery.value, &delivery.alias),
        ..delivery
    }
}
