//! Looking at alerts, asking why, sending again, and keeping the table of them in order.

mod explain;
mod sample;
mod upkeep;

pub use self::explain::{explain, explain_labels, explain_message};
pub use self::sample::{Sample, Tested, test};
pub(super) use self::upkeep::remove_before;
pub use self::upkeep::{Unindexed, index, prunable, prune, unindexed};
use super::change::{Change, Subject};
use super::{Actor, App, AppError, Right};
use crate::alert::Routing;
use crate::model::{Alert, AlertId, Attempt, AuditKind, Delivery, DeliveryId, DeliveryState};

/// Everything about one alert.
#[derive(Debug, Clone)]
pub struct AlertReport {
    /// The alert, with its body.
    pub alert: Alert,
    /// The labels that it is indexed by.
    pub labels: Vec<(String, String)>,
    /// Its deliveries, each with its attempts, oldest first.
    pub deliveries: Vec<(Delivery, Vec<Attempt>)>,
    /// Who was chosen and why, once it was routed.
    pub routing: Option<Routing>,
}

/// The newest alerts, newest first, without their bodies.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to read.
pub async fn list(app: &App, actor: &Actor, limit: u64) -> Result<Vec<Alert>, AppError> {
    actor.require(Right::Read, app.settings())?;
    let tx = app.store().read_tx().await?;
    Ok(tx.list_alerts(limit, None).await?)
}

/// One alert with its labels, decisions, deliveries and attempts.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown alert.
pub async fn show(app: &App, actor: &Actor, id: AlertId) -> Result<AlertReport, AppError> {
    actor.require(Right::Read, app.settings())?;
    let tx = app.store().read_tx().await?;
    let alert = tx
        .find_alert(id)
        .await?
        .ok_or_else(|| AppError::not_found("alert", &id))?;
    let labels = tx.alert_labels(id).await?;
    let mut deliveries = Vec::new();
    for delivery in tx.list_deliveries(id).await? {
        let attempts = tx.list_attempts(delivery.id).await?;
        deliveries.push((delivery, attempts));
    }
    let routing = serde_json::from_str(&alert.trace).ok();
    Ok(AlertReport {
        alert,
        labels,
        deliveries,
        routing,
    })
}

/// Makes a dead delivery due again.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown delivery, [`AppError::Invalid`] for one that is not dead.
pub async fn retry(app: &App, actor: &Actor, id: DeliveryId) -> Result<(), AppError> {
    let mut change = Change::begin(app, actor, Right::Change).await?;
    let found = change.tx().find_delivery(id).await?;
    let delivery = found.ok_or_else(|| AppError::not_found("delivery", &id))?;
    if delivery.state != DeliveryState::Dead {
        let message = format!("delivery {id} is {}", delivery.state.as_str());
        return Err(AppError::invalid(
            "delivery",
            message,
            "only a dead one can be sent again",
        ));
    }
    send_again(&mut change, &delivery).await?;
    change.commit().await?;
    app.deliveries_due().wake();
    Ok(())
}

/// Makes all dead deliveries of an alert due again; answers how many there were.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown alert.
pub async fn retry_alert(app: &App, actor: &Actor, id: AlertId) -> Result<u64, AppError> {
    let mut change = Change::begin(app, actor, Right::Change).await?;
    change
        .tx()
        .find_alert(id)
        .await?
        .ok_or_else(|| AppError::not_found("alert", &id))?;
    let mut again = 0;
    for delivery in change.tx().list_deliveries(id).await? {
        if delivery.state == DeliveryState::Dead {
            send_again(&mut change, &delivery).await?;
            again += 1;
        }
    }
    change.commit().await?;
    app.deliveries_due().wake();
    Ok(again)
}

async fn send_again(change: &mut Change<'_>, delivery: &Delivery) -> Result<(), AppError> {
    let at = change.at();
    change.tx().retry_delivery(delivery.id, at).await?;
    let subject = Subject::new(
        AuditKind::Delivery,
        delivery.id.0,
        format!("{} (sent again)", delivery.id),
    );
    let state =
        |state: DeliveryState| serde_json::json!({ "alert": delivery.alert, "state": state });
    change.updated(
        subject,
        &state(delivery.state),
        &state(DeliveryState::Pending),
    );
    Ok(())
}
