//! Who would hear about an alert at this moment, and why each other candidate would not. The same
//! function decides as when an alert comes in, and nothing is sent.

use std::collections::BTreeMap;

use serde_json::json;

use super::search::require_alert;
use crate::alert::{Message, Routing};
use crate::app::policy::{Access, Act};
use crate::app::router::Router;
use crate::app::{Actor, App, AppError, Right};
use crate::model::AlertId;

/// Explains a stored alert, as if it came at this moment.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown alert, [`AppError::Forbidden`] for one that names nothing
/// that the actor may see, [`AppError::Message`] for one that cannot be read.
pub async fn explain(app: &App, actor: &Actor, id: AlertId) -> Result<Routing, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let alert = tx.find_alert(id).await?;
    let alert = alert.ok_or_else(|| AppError::not_found("alert", &id))?;
    require_alert(&tx, &access, id).await?;
    drop(tx);
    route(app, alert.body.as_bytes()).await
}

/// Explains an Alertmanager message, as it would be posted.
///
/// # Errors
/// [`AppError::Message`] for a body that is no message, [`AppError::Forbidden`] for whoever does not
/// see everything.
pub async fn explain_message(app: &App, actor: &Actor, body: &[u8]) -> Result<Routing, AppError> {
    actor.require(Right::Read, app.settings())?;
    route(app, body).await
}

async fn route(app: &App, body: &[u8]) -> Result<Routing, AppError> {
    let message = Message::parse(body, app.settings().alerts.max_depth)?;
    let tx = app.store().read_tx().await?;
    let tree = tx.load_recipients().await?;
    drop(tx);
    Ok(Router::new(app, &tree).route(&message))
}

/// Explains a message of one firing alert with these labels.
///
/// # Errors
/// What the database says.
pub async fn explain_labels(
    app: &App,
    actor: &Actor,
    labels: &BTreeMap<String, String>,
) -> Result<Routing, AppError> {
    let message = json!({
        "version": "4", "status": "firing", "groupKey": "", "groupLabels": {},
        "commonLabels": labels, "commonAnnotations": {},
        "alerts": [{"status": "firing", "labels": labels, "annotations": {}}],
    });
    explain_message(app, actor, message.to_string().as_bytes()).await
}
