//! The audit log: who changed what.

mod gone;
mod names;
mod titles;
mod whose;

pub use names::{Known, names};
pub use titles::titles;
pub(super) use whose::name_owners;

use std::collections::BTreeSet;

use super::policy::{Access, Act};
use super::{Actor, App, AppError, Listed, Part};
use crate::model::{AuditEntry, AuditId, AuditKind};
pub use crate::store::{AuditFilter, History, Named};
use crate::store::{AuditScope, Tx, WhenKey};

/// An entry, with the login name of whoever stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditView {
    /// The entry.
    pub entry: AuditEntry,
    /// Login name of the user, where there is one.
    pub username: Option<String>,
}

impl AuditView {
    /// The login name of the user, also when they are gone.
    pub fn name(&self) -> Option<&str> {
        self.username.as_deref().or_else(|| self.entry.username())
    }
}

/// An entry of the edit history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The entry.
    pub view: AuditView,
    /// What can be looked at: the object, else the one above it, if it is there still. Users are
    /// for superusers to look at.
    pub link: Option<Named>,
}

/// The entries about what the actor may see. Superusers see all; entries about tokens, users, shards
/// and the like are for them alone. What somebody did is found when they are gone as well.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &AuditFilter<'_>,
    part: impl Into<Part<WhenKey>>,
) -> Result<Listed<AuditView>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let listed = found(&tx, &access, filter, part.into()).await?;
    named(&tx, listed).await
}

/// As [`list`], with what each entry leads to.
///
/// # Errors
/// As for [`list`].
pub async fn history(
    app: &App,
    actor: &Actor,
    filter: &AuditFilter<'_>,
    part: impl Into<Part<WhenKey>>,
) -> Result<Listed<Edit>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let listed = found(&tx, &access, filter, part.into()).await?;
    let listed = named(&tx, listed).await?;
    linked(&tx, &access, listed).await
}

/// One entry of the edit history.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::NotFound`] for an entry that does
/// not exist or that they may not see.
pub async fn find(app: &App, actor: &Actor, id: AuditId) -> Result<Edit, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let found = tx.find_audit(scope(&access).as_ref(), id).await?;
    let one = Listed {
        count: 1,
        items: found.into_iter().collect(),
    };
    let one = named(&tx, one).await?;
    let one = linked(&tx, &access, one).await?;
    let found = one.items.into_iter().next();
    found.ok_or_else(|| AppError::not_found("entry of the edit history", &id))
}

async fn found(
    tx: &Tx,
    access: &Access,
    filter: &AuditFilter<'_>,
    part: Part<WhenKey>,
) -> Result<Listed<AuditEntry>, AppError> {
    let scope = scope(access);
    let gone = gone::name(tx, filter).await?;
    let filter = AuditFilter {
        user_id: filter.user_id.filter(|_| gone.is_none()),
        gone: gone.as_deref(),
        ..*filter
    };
    Ok(tx.page_audit(scope.as_ref(), &filter, part).await?)
}

async fn begin(app: &App, actor: &Actor) -> Result<(Tx, Access), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    Ok((tx, access))
}

/// What somebody may see of the log; `None` for all of it.
fn scope(access: &Access) -> Option<AuditScope> {
    (!access.is_superuser()).then(|| AuditScope {
        visible: access.visible(),
        groups: access.groups().collect(),
        user: access.actor().user().map(|user| user.id),
    })
}

async fn named(tx: &Tx, listed: Listed<AuditEntry>) -> Result<Listed<AuditView>, AppError> {
    let users: BTreeSet<_> = listed.items.iter().filter_map(|entry| entry.user).collect();
    let names = tx.usernames(&users).await?;
    Ok(listed.map(|entry| AuditView {
        username: entry.user.and_then(|id| names.get(&id).cloned()),
        entry,
    }))
}

async fn linked(
    tx: &Tx,
    access: &Access,
    listed: Listed<AuditView>,
) -> Result<Listed<Edit>, AppError> {
    let mut wanted: BTreeSet<Named> = BTreeSet::new();
    for view in &listed.items {
        wanted.extend(places(&view.entry));
    }
    if !access.is_superuser() {
        wanted.retain(|(kind, _)| *kind != AuditKind::User);
    }
    let present = tx.present(&wanted).await?;
    Ok(listed.map(|view| {
        let link = places(&view.entry).find(|place| present.contains(place));
        Edit { view, link }
    }))
}

/// The object of an entry, and the one above it.
fn places(entry: &AuditEntry) -> impl Iterator<Item = Named> + use<> {
    let object = AuditKind::from_word(&entry.kind).map(|kind| (kind, entry.object));
    object.into_iter().chain(entry.above())
}
