//! Senders as pages show them: with what they did of late, and what whoever looks may do to them.

use std::collections::BTreeMap;

use super::{SenderFilter, SenderView, act_on, page, require, view_of};
use crate::app::hours::{self, DeliveryDay};
use crate::app::policy::{Access, Act, May, On};
use crate::app::{Actor, App, AppError, Listed, Part, Slice, Sort};
use crate::model::{SenderId, SenderOwner};
use crate::store::{SenderKey, Tx};
use crate::tree::USER_DRIVER;

/// The senders of an owner.
#[derive(Debug, Clone)]
pub struct OwnedSenders {
    /// The senders.
    pub listed: Listed<SenderView>,
    /// The deliveries of the last days, of those that had any.
    pub days: BTreeMap<SenderId, Vec<DeliveryDay>>,
    /// What whoever asks may do to the owner.
    pub may: May,
    /// The sender by which they are subscribed.
    pub subscription: Option<SenderId>,
}

/// One sender.
#[derive(Debug, Clone)]
pub struct SenderPage {
    /// The sender.
    pub sender: SenderView,
    /// The deliveries of the last days, if there were any.
    pub days: Vec<DeliveryDay>,
    /// Whether whoever asks may change, try and delete it: an editor may, and whose own it is.
    pub may_edit: bool,
}

/// The senders of an owner, with all that a page tells of them.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`] without a role on it.
pub async fn of_owner(
    app: &App,
    actor: &Actor,
    owner: SenderOwner,
    part: impl Into<Part<SenderKey>>,
) -> Result<OwnedSenders, AppError> {
    let Part { sort, slice } = part.into();
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    require(app, &tx, &access, Act::See, owner).await?;
    let filter = SenderFilter {
        owner_kind: Some(owner.kind()),
        owner_id: Some(owner.id()),
        since: hours::first_day(app),
        ..SenderFilter::default()
    };
    let listed = page(app, &tx, &access, &filter, sort, slice).await?;
    let ids: Vec<SenderId> = listed.items.iter().map(|sender| sender.id).collect();
    let subscription = match actor.user() {
        Some(user) => {
            let value = user.id.to_string();
            tx.find_sender(owner, USER_DRIVER, &value).await?
        }
        None => None,
    };
    Ok(OwnedSenders {
        days: hours::sender_days(app, &tx, &ids).await?,
        may: may(app, &tx, &access, owner).await?,
        subscription: subscription.map(|sender| sender.id),
        listed,
    })
}

/// All senders, of everybody, with how many deliveries of each failed for good over the last days.
/// `filter.since` is of no account.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser.
pub async fn overview(
    app: &App,
    actor: &Actor,
    filter: SenderFilter<'_>,
    sort: Sort<SenderKey>,
    slice: Slice,
) -> Result<Listed<(SenderView, u64)>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Administer, app.settings())?;
    let filter = SenderFilter {
        since: hours::first_day(app),
        ..filter
    };
    let listed = page(app, &tx, &access, &filter, sort, slice).await?;
    let ids: Vec<SenderId> = listed.items.iter().map(|sender| sender.id).collect();
    let days = hours::sender_days(app, &tx, &ids).await?;
    Ok(listed.map(|sender| {
        let days = days.get(&sender.id).map(Vec::as_slice);
        let dead = days.unwrap_or_default().iter().map(|day| day.dead).sum();
        (sender, dead)
    }))
}

/// One sender, with all that a page tells of it.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Forbidden`] without a role on what it belongs to.
pub async fn show(app: &App, actor: &Actor, id: SenderId) -> Result<SenderPage, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let sender = tx.load_sender(id).await?;
    let sender = sender.ok_or_else(|| AppError::not_found("notifier", &id))?;
    let owner = sender.owner;
    require(app, &tx, &access, Act::See, owner).await?;
    let mut days = hours::sender_days(app, &tx, &[id]).await?;
    let act = act_on(app, actor, &sender);
    let may_edit = match require(app, &tx, &access, act, owner).await {
        Ok(()) => true,
        Err(AppError::Forbidden { .. } | AppError::Unauthenticated) => false,
        Err(error) => return Err(error),
    };
    let sender = view_of(app, &tx, sender).await?;
    Ok(SenderPage {
        sender,
        days: days.remove(&id).unwrap_or_default(),
        may_edit,
    })
}

/// Whether whoever asks may register senders of an owner.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`] without a role on it.
pub async fn may_edit(app: &App, actor: &Actor, owner: SenderOwner) -> Result<bool, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    require(app, &tx, &access, Act::See, owner).await?;
    Ok(may(app, &tx, &access, owner).await?.edit)
}

async fn may(app: &App, tx: &Tx, access: &Access, owner: SenderOwner) -> Result<May, AppError> {
    let settings = app.settings();
    Ok(match owner {
        SenderOwner::Service(id) => {
            let service = tx.load_service(id).await?;
            service.map_or_else(May::default, |it| access.may(On::Service(&it), settings))
        }
        SenderOwner::Project(id) => {
            let project = tx.load_project(id).await?;
            project.map_or_else(May::default, |it| access.may(On::Project(&it), settings))
        }
        SenderOwner::User(id) => access.may(On::User(id), settings),
    })
}
