//! Services as pages show them: with what they have, and with what may be done to them.

use std::collections::BTreeMap;

use super::ServiceDetail;
use crate::app::policy::{Access, Act, May, On};
use crate::app::{Actor, App, AppError, Listed, Slice, Sort};
use crate::model::{Service, ServiceId, UserId};
use crate::store::{ServiceKey, Tally, Tx};
use crate::tree::USER_DRIVER;

/// A service in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCard {
    /// The service.
    pub service: Service,
    /// User name of who answers for it.
    pub owner: Option<String>,
    /// What it has.
    pub tally: Tally,
    /// What the actor may do to it.
    pub may: May,
}

/// A service by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePage {
    /// The service with its owner.
    pub detail: ServiceDetail,
    /// What it has.
    pub tally: Tally,
    /// What the actor may do to it.
    pub may: May,
}

/// As [`list`](super::list), with what each service has.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn cards(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
    sort: Sort<ServiceKey>,
    slice: Slice,
) -> Result<Listed<ServiceCard>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let listed = tx
        .page_services(&access.visible(), name, sort, slice)
        .await?;
    carded(app, &tx, &access, listed).await
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
) -> Result<Listed<ServiceCard>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSelf, app.settings())?;
    let Some(user) = actor.user() else {
        return Ok(Listed::cut(Vec::new(), slice));
    };
    let listed = tx
        .page_subscribed_services(&access.visible(), USER_DRIVER, user.id, slice)
        .await?;
    carded(app, &tx, &access, listed).await
}

async fn carded(
    app: &App,
    tx: &Tx,
    access: &Access,
    listed: Listed<Service>,
) -> Result<Listed<ServiceCard>, AppError> {
    let ids: Vec<ServiceId> = listed.items.iter().map(|service| service.id).collect();
    let tallies = tx.tally_services(&ids).await?;
    let owners = owners(tx, &listed.items).await?;
    Ok(listed.map(|service| ServiceCard {
        owner: service.owner.and_then(|id| owners.get(&id).cloned()),
        tally: tallies.get(&service.id).copied().unwrap_or_default(),
        may: access.may(On::Service(&service), app.settings()),
        service,
    }))
}

/// As [`find`](super::find), with what the service has and what the actor may do to it.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown service, [`AppError::Forbidden`] without a role on it.
pub async fn page(app: &App, actor: &Actor, id: ServiceId) -> Result<ServicePage, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let service = tx.load_service(id).await?;
    let service = service.ok_or_else(|| AppError::not_found("service", &id))?;
    access.require_on(Act::See, On::Service(&service), app.settings())?;
    let may = access.may(On::Service(&service), app.settings());
    let tallies = tx.tally_services(&[id]).await?;
    let owner = match service.owner {
        Some(owner) => tx.load_user(owner).await?.map(|user| user.username),
        None => None,
    };
    Ok(ServicePage {
        detail: ServiceDetail { service, owner },
        tally: tallies.get(&id).copied().unwrap_or_default(),
        may,
    })
}

async fn owners(tx: &Tx, services: &[Service]) -> Result<BTreeMap<UserId, String>, AppError> {
    let ids: Vec<UserId> = services.iter().filter_map(|one| one.owner).collect();
    let users = tx.list_users_by_id(&ids).await?;
    let named = users.into_iter().map(|user| (user.id, user.username));
    Ok(named.collect())
}
