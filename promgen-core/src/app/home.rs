//! The home page of somebody: the services that they are subscribed to.

use super::policy::{Access, Act};
use super::{Actor, App, AppError, Listed, Slice};
use crate::model::{Service, ServiceId};
use crate::tree::USER_DRIVER;

/// A service that somebody hears of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribed {
    /// The service.
    pub service: Service,
    /// How many projects it has.
    pub projects: u64,
}

/// The services to which whoever asks is subscribed, or to a project of which, by name; none for
/// whoever is no user.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn subscribed(
    app: &App,
    actor: &Actor,
    slice: Slice,
) -> Result<Listed<Subscribed>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSelf, app.settings())?;
    let Some(user) = actor.user() else {
        return Ok(Listed::cut(Vec::new(), slice));
    };
    let listed = tx
        .page_subscribed_services(&access.visible(), USER_DRIVER, user.id, slice)
        .await?;
    let ids: Vec<ServiceId> = listed.items.iter().map(|service| service.id).collect();
    let counts = tx.count_projects(&ids).await?;
    Ok(listed.map(|service| Subscribed {
        projects: counts.get(&service.id).copied().unwrap_or(0),
        service,
    }))
}
