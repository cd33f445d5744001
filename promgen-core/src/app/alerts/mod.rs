//! Looking at alerts, asking why, sending again, and keeping the table of them in order.

mod explain;
mod history;
mod sample;
mod search;
mod upkeep;

pub use self::explain::{explain, explain_labels, explain_message};
pub use self::history::{History, HistoryQuery, HistoryRow, history};
pub use self::sample::{Sample, Tested, test};
use self::search::require_alert;
pub use self::search::{deliveries, delivery, list, show};
pub(super) use self::upkeep::remove_before;
pub use self::upkeep::{Unindexed, index, prunable, prune, unindexed};
use super::change::{Change, Subject};
use super::policy::{Access, Act, On};
use super::{Actor, App, AppError, Right};
use crate::alert::Routing;
use crate::model::{
    Alert, AlertId, Attempt, AuditKind, Called, Delivery, DeliveryId, DeliveryState, SenderOwner,
};
pub use crate::store::{AlertFilter, DeliveryFilter, HowMany};

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
    /// Why it could not be routed, of one that failed.
    pub error: Option<String>,
    /// The deliveries that were given up and that whoever asks may make again.
    pub again: Vec<DeliveryId>,
}

/// Makes a dead delivery due again.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown delivery, [`AppError::Forbidden`] for whoever may not edit
/// what its sender belongs to, [`AppError::Invalid`] for one that is not dead.
pub async fn retry(app: &App, actor: &Actor, id: DeliveryId) -> Result<(), AppError> {
    let mut change = Change::begin(app, actor, Right::TakePart).await?;
    let found = change.tx().find_delivery(id).await?;
    let delivery = found.ok_or_else(|| AppError::not_found("delivery", &id))?;
    let access = Access::load(app, change.tx(), actor).await?;
    require_sender(app, &change, &access, &delivery).await?;
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
/// [`AppError::NotFound`] for an unknown alert, [`AppError::Forbidden`] for whoever may not edit
/// what the senders of all its deliveries belong to.
pub async fn retry_alert(app: &App, actor: &Actor, id: AlertId) -> Result<u64, AppError> {
    let mut change = Change::begin(app, actor, Right::TakePart).await?;
    let access = Access::load(app, change.tx(), actor).await?;
    require_alert(change.tx(), &access, id).await?;
    change
        .tx()
        .find_alert(id)
        .await?
        .ok_or_else(|| AppError::not_found("alert", &id))?;
    let deliveries = change.tx().list_deliveries(id).await?;
    for delivery in &deliveries {
        require_sender(app, &change, &access, delivery).await?;
    }
    let mut again = 0;
    for delivery in deliveries {
        if delivery.state == DeliveryState::Dead {
            send_again(&mut change, &delivery).await?;
            again += 1;
        }
    }
    change.commit().await?;
    app.deliveries_due().wake();
    Ok(again)
}

/// Refuses whoever may not edit what the sender of a delivery belongs to. Without a sender, only a
/// superuser may.
async fn require_sender(
    app: &App,
    change: &Change<'_>,
    access: &Access,
    delivery: &Delivery,
) -> Result<(), AppError> {
    let sender = match delivery.sender {
        Some(id) => change.tx().load_sender(id).await?,
        None => None,
    };
    let Some(sender) = sender else {
        return access.require(Act::ChangeSite, app.settings());
    };
    match sender.owner {
        SenderOwner::Service(id) => {
            let service = change.tx().load_service(id).await?;
            let service = service.ok_or_else(|| AppError::not_found("service", &id))?;
            access.require_on(Act::Edit, On::Service(&service), app.settings())
        }
        SenderOwner::Project(id) => {
            let project = change.tx().load_project(id).await?;
            let project = project.ok_or_else(|| AppError::not_found("project", &id))?;
            access.require_on(Act::Edit, On::Project(&project), app.settings())
        }
        SenderOwner::User(id) => {
            access.require_on(Act::ChangeOwnSender, On::User(id), app.settings())
        }
    }
}

async fn send_again(change: &mut Change<'_>, delivery: &Delivery) -> Result<(), AppError> {
    let at = change.at();
    change.tx().retry_delivery(delivery.id, at).await?;
    let id = delivery.id.to_string();
    let name = Called::Again(&id).to_string();
    let subject = Subject::new(AuditKind::Delivery, delivery.id.0, name);
    let state =
        |state: DeliveryState| serde_json::json!({ "alert": delivery.alert, "state": state });
    change.updated(
        subject,
        &state(delivery.state),
        &state(DeliveryState::Pending),
    );
    Ok(())
}
