//! Senders ("notifiers" in the API and on the pages): who hears about alerts, and by which driver.
//!
//! A value leaves this module only where it is no secret ([`SenderView::value`]). Whoever sees a
//! service or project may subscribe themselves to it, and change, try and end that subscription;
//! everything else takes an editor.

mod create;
mod drivers;
mod edit;
mod own;
mod page;
mod sample;
mod test;

pub use self::create::{NewSender, create, create_own};
pub use self::drivers::{DriverView, drivers};
pub use self::edit::{add_filter, delete, enable, remove_filter, set_alias};
pub use self::own::{Own, OwnSender, own};
pub use self::page::{OwnedSenders, SenderPage, may_edit, of_owner, overview, show};
pub use self::test::{Tried, test};
pub use crate::store::SenderFilter;

use super::change::{Change, is_secret, shown_value};
use super::policy::{Access, Act, On};
use super::{Actor, App, AppError, Listed, Slice, Sort};
use crate::model::{Problem, Sender, SenderId, SenderOwner, Tree, UserId};
use crate::plugin::{NotifierDescription, NotifierKind};
use crate::store::{SenderKey, Tx, Visible};

/// A sender as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderView {
    /// Its identity.
    pub id: SenderId,
    /// Key of the driver.
    pub driver: String,
    /// The value, unless it has an alias or the driver calls it a secret.
    pub value: Option<String>,
    /// What may be shown of the value: all of it, a part, or a mask.
    pub shown: String,
    /// Login name of the user that it stands for.
    pub subscriber: Option<String>,
    /// Alias.
    pub alias: String,
    /// What it belongs to.
    pub owner: SenderOwner,
    /// Name of that; of a user the login name.
    pub owner_name: String,
    /// Login name of who added it.
    pub added_by: Option<String>,
    /// Whether it is used.
    pub enabled: bool,
    /// Its filters, by name and value.
    pub filters: Vec<crate::model::Filter>,
    /// What is worth saying about one that was just made.
    pub warnings: Vec<Problem>,
}

/// The senders that the actor may see, by what is shown of their values: those of services and
/// projects, and their own.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &SenderFilter<'_>,
    slice: Slice,
) -> Result<Listed<SenderView>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    page(app, &tx, &access, filter, Sort::default(), slice).await
}

/// The senders of one owner.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`] without a role on it.
pub async fn list_of(
    app: &App,
    actor: &Actor,
    owner: SenderOwner,
    slice: Slice,
) -> Result<Listed<SenderView>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    require(app, &tx, &access, Act::See, owner).await?;
    let filter = SenderFilter {
        owner_kind: Some(owner.kind()),
        owner_id: Some(owner.id()),
        ..SenderFilter::default()
    };
    page(app, &tx, &access, &filter, Sort::default(), slice).await
}

async fn page(
    app: &App,
    tx: &Tx,
    access: &Access,
    filter: &SenderFilter<'_>,
    sort: Sort<SenderKey>,
    slice: Slice,
) -> Result<Listed<SenderView>, AppError> {
    let others = access.is_superuser();
    // Nobody has the id 0.
    let user = access.actor().user().map_or(UserId(0), |user| user.id);
    let own = (!others).then_some(user);
    let (visible, secret) = (access.visible(), secret_drivers(app));
    let senders = tx
        .page_senders(&visible, own, &secret, filter, sort, slice)
        .await?;
    viewed(app, tx, senders).await
}

/// The senders of services and projects in a part of the tree, by what is shown of their values.
pub(super) async fn within(
    app: &App,
    tx: &Tx,
    part: &Visible,
    slice: Slice,
) -> Result<Listed<SenderView>, AppError> {
    let filter = SenderFilter::default();
    let senders = tx
        .page_senders(
            part,
            None,
            &secret_drivers(app),
            &filter,
            Sort::default(),
            slice,
        )
        .await?;
    viewed(app, tx, senders).await
}

/// Senders as they are shown.
pub(super) async fn viewed(
    app: &App,
    tx: &Tx,
    senders: Listed<Sender>,
) -> Result<Listed<SenderView>, AppError> {
    let tree = tx.load_owners_of_senders(&senders.items).await?;
    Ok(senders.map(|sender| view(app, &tree, sender)))
}

/// Keys of the drivers whose values are secrets.
fn secret_drivers(app: &App) -> Vec<&str> {
    let hidden = app
        .registry()
        .notifiers()
        .filter(|driver| driver.value_is_secret());
    hidden.map(|driver| driver.key).collect()
}

/// The senders of owners that the actor may see, by id, for a page that shows them beside others.
pub(super) async fn views_of(
    app: &App,
    tx: &Tx,
    owners: &[SenderOwner],
) -> Result<Vec<SenderView>, AppError> {
    let senders = tx.list_senders_owned_by(owners).await?;
    let tree = tx.load_owners_of_senders(&senders).await?;
    let views = senders.into_iter().map(|sender| view(app, &tree, sender));
    Ok(views.collect())
}

/// The view of a sender, from a tree that holds what it belongs to.
fn view(app: &App, tree: &Tree, sender: Sender) -> SenderView {
    let username = |id: UserId| tree.user(id).map(|user| user.username.clone());
    let owner_name = match sender.owner {
        SenderOwner::Service(id) => tree.service(id).map(|service| service.name.to_string()),
        SenderOwner::Project(id) => tree.project(id).map(|project| project.name.to_string()),
        SenderOwner::User(id) => username(id),
    };
    SenderView {
        id: sender.id,
        subscriber: sender.subscriber().and_then(username),
        shown: shown_value(app, &sender.driver, &sender.value, &sender.alias),
        value: (!is_secret(app, &sender)).then_some(sender.value),
        driver: sender.driver,
        alias: sender.alias,
        owner: sender.owner,
        // An owner that is gone leaves a name that is empty, and the list whole.
        owner_name: owner_name.unwrap_or_default(),
        added_by: sender.added_by.and_then(username),
        enabled: sender.enabled,
        filters: sender.filters,
        warnings: Vec::new(),
    }
}

/// The view of one sender.
async fn view_of(app: &App, tx: &Tx, sender: Sender) -> Result<SenderView, AppError> {
    let tree = tx
        .load_owners_of_senders(std::slice::from_ref(&sender))
        .await?;
    Ok(view(app, &tree, sender))
}

/// Refuses an act on what senders belong to.
async fn require(
    app: &App,
    tx: &Tx,
    access: &Access,
    act: Act,
    owner: SenderOwner,
) -> Result<(), AppError> {
    access.require(act, app.settings())?;
    match owner {
        SenderOwner::Service(id) => {
            let service = tx.load_service(id).await?;
            let service = service.ok_or_else(|| AppError::not_found("service", &id))?;
            access.require_on(act, On::Service(&service), app.settings())
        }
        SenderOwner::Project(id) => {
            let project = tx.load_project(id).await?;
            let project = project.ok_or_else(|| AppError::not_found("project", &id))?;
            access.require_on(act, On::Project(&project), app.settings())
        }
        SenderOwner::User(id) => access.require_on(act, On::User(id), app.settings()),
    }
}

/// What it takes to make a sender with this value: less for the actor's own subscription than for
/// anything else.
fn act_for(app: &App, actor: &Actor, driver: &str, value: &str) -> Act {
    let own = actor
        .user()
        .is_some_and(|user| user.id.to_string() == value);
    let driver = app.registry().notifier(driver);
    if own && driver.is_some_and(is_fan_out) {
        Act::Subscribe
    } else {
        Act::Edit
    }
}

/// What it takes to change, try or delete a sender: what somebody added for themselves is theirs.
fn act_on(app: &App, actor: &Actor, sender: &Sender) -> Act {
    match sender.owner {
        SenderOwner::User(_) => Act::ChangeOwnSender,
        SenderOwner::Service(_) | SenderOwner::Project(_) => {
            act_for(app, actor, &sender.driver, &sender.value)
        }
    }
}

/// Whether a driver stands for a user's own senders.
fn is_fan_out(driver: &NotifierDescription) -> bool {
    matches!(driver.kind, NotifierKind::FanOut)
}

async fn load(change: &Change<'_>, id: SenderId) -> Result<Sender, AppError> {
    let sender = change.tx().load_sender(id).await?;
    sender.ok_or_else(|| AppError::not_found("notifier", &id))
}
