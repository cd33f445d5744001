//! The audit log: who changed what.

use std::collections::BTreeSet;

use super::policy::{Access, Act};
use super::{Actor, App, AppError, Listed, Slice};
use crate::model::AuditEntry;
pub use crate::store::AuditFilter;
use crate::store::AuditScope;

/// An entry, with the login name of whoever stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditView {
    /// The entry.
    pub entry: AuditEntry,
    /// Login name of the user, where there is one.
    pub username: Option<String>,
}

/// The entries about what the actor may see, the newest first. Superusers see all; entries about
/// tokens, users, shards and the like are for them alone.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &AuditFilter<'_>,
    slice: Slice,
) -> Result<Listed<AuditView>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let scope = (!access.is_superuser()).then(|| AuditScope {
        visible: access.visible(),
        groups: access.groups().collect(),
        user: actor.user().map(|user| user.id),
    });
    let listed = tx.page_audit(scope.as_ref(), filter, slice).await?;
    let users: BTreeSet<_> = listed.items.iter().filter_map(|entry| entry.user).collect();
    let names = tx.usernames(&users).await?;
    Ok(listed.map(|entry| AuditView {
        username: entry.user.and_then(|id| names.get(&id).cloned()),
        entry,
    }))
}
