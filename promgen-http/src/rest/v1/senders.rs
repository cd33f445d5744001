//! The notifiers of a service or project

use axum::Json;
use promgen_core::app::by_name::{self, Holder, NamedSender};
use promgen_core::model::SenderOwner;
use serde::Serialize;

use super::asked::Asked;
use crate::rest::RestError;

/// A sender.
#[derive(Debug, Serialize)]
pub(super) struct SenderV1 {
    id: i32,
    /// Login name of who added it.
    owner: Option<String>,
    /// What is shown for the value.
    label: String,
    /// Key of the driver.
    sender: String,
    /// Null when it is a secret.
    value: Option<String>,
    alias: String,
    object_id: i32,
    enabled: bool,
    content_type: u8,
}

impl From<NamedSender> for SenderV1 {
    fn from(found: NamedSender) -> Self {
        let sender = found.sender;
        Self {
            id: sender.id.0,
            owner: found.added_by,
            label: found.label,
            sender: sender.driver,
            value: (!found.secret).then_some(sender.value),
            alias: sender.alias,
            object_id: sender.owner.id(),
            enabled: sender.enabled,
            content_type: content_type(sender.owner),
        }
    }
}

/// The number that the original's database gives to each kind of object.
fn content_type(owner: SenderOwner) -> u8 {
    match owner {
        SenderOwner::User(_) => 3,
        SenderOwner::Project(_) => 4,
        SenderOwner::Service(_) => 5,
    }
}

/// Those of a service.
pub(super) async fn of_service(
    asked: &Asked,
    name: &str,
) -> Result<Json<Vec<SenderV1>>, RestError> {
    of(asked, Holder::Service(name)).await
}

/// Those of a project.
pub(super) async fn of_project(
    asked: &Asked,
    name: &str,
) -> Result<Json<Vec<SenderV1>>, RestError> {
    of(asked, Holder::Project(name)).await
}

async fn of(asked: &Asked, holder: Holder<'_>) -> Result<Json<Vec<SenderV1>>, RestError> {
    let found = by_name::senders(&asked.app, &asked.actor, holder).await?;
    Ok(Json(found.into_iter().map(SenderV1::from).collect()))
}
