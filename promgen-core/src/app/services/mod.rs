//! Services: listed, looked at, founded, changed, deleted.

mod change;
mod page;

pub(super) use change::put;
pub use change::{NewService, ServiceChange, create, delete, update};
pub use page::{ServiceCard, ServicePage, cards, page, subscribed};

use super::policy::{Access, Act, On};
use super::{Actor, App, AppError, Listed, Slice, Sort};
use crate::model::{Service, ServiceId};

/// A service with what is shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceDetail {
    /// The service.
    pub service: Service,
    /// User name of who answers for it.
    pub owner: Option<String>,
}

/// The services that the actor may see, by name; with a text, those whose name holds it.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
    slice: Slice,
) -> Result<Listed<Service>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    Ok(tx
        .page_services(&access.visible(), name, Sort::default(), slice)
        .await?)
}

/// One service.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown service, [`AppError::Forbidden`] without a role on it.
pub async fn find(app: &App, actor: &Actor, id: ServiceId) -> Result<ServiceDetail, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let service = tx.load_service(id).await?;
    let service = service.ok_or_else(|| AppError::not_found("service", &id))?;
    access.require_on(Act::See, On::Service(&service), app.settings())?;
    let owner = match service.owner {
        Some(owner) => tx.load_user(owner).await?.map(|user| user.username),
        None => None,
    };
    Ok(ServiceDetail { service, owner })
}
