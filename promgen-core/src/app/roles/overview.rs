//! All roles that anybody has on anything.

use std::collections::BTreeMap;

use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError, Listed, Slice, Sort};
use crate::model::{Grant, Grantee, GroupId, Role, RoleOn, UserId};
use crate::store::{GrantFilter, GrantKey, Tx};

/// A role, with the names of whose it is and what it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Whose it is.
    pub to: Grantee,
    /// User name, or name of the group.
    pub holder: String,
    /// What it is on.
    pub on: RoleOn,
    /// Name of that.
    pub object: String,
    /// The role.
    pub role: Role,
}

/// The roles of everybody.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser.
pub async fn overview(
    app: &App,
    actor: &Actor,
    filter: &GrantFilter<'_>,
    sort: Sort<GrantKey>,
    slice: Slice,
) -> Result<Listed<Assignment>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Administer, app.settings())?;
    let listed = tx.page_grants(filter, sort, slice).await?;
    named(&tx, listed).await
}

/// Roles with names, in a number of statements that does not depend on how many they are.
pub(in crate::app) async fn named(
    tx: &Tx,
    listed: Listed<Grant>,
) -> Result<Listed<Assignment>, AppError> {
    let objects: Vec<RoleOn> = listed.items.iter().map(|grant| grant.on).collect();
    let objects = tx.names_of(&objects).await?;
    let holders = holders(tx, &listed.items).await?;
    // Whatever is gone leaves a name that is empty, and the list whole.
    Ok(listed.map(|grant| Assignment {
        to: grant.to,
        holder: holders.get(&grant.to).cloned().unwrap_or_default(),
        on: grant.on,
        object: objects.get(&grant.on).cloned().unwrap_or_default(),
        role: grant.role,
    }))
}

/// The names of whose the roles are.
async fn holders(tx: &Tx, grants: &[Grant]) -> Result<BTreeMap<Grantee, String>, AppError> {
    let (mut users, mut groups): (Vec<UserId>, Vec<GroupId>) = (Vec::new(), Vec::new());
    for grant in grants {
        match grant.to {
            Grantee::User(id) => users.push(id),
            Grantee::Group(id) => groups.push(id),
        }
    }
    let users = tx.list_users_by_id(&users).await?;
    let groups = tx
        .page_groups(Some(&groups), None, Sort::default(), Slice::ALL)
        .await?;
    let users = users
        .into_iter()
        .map(|user| (Grantee::User(user.id), user.username));
    let groups = groups
        .items
        .into_iter()
        .map(|group| (Grantee::Group(group.id), group.name));
    Ok(users.chain(groups).collect())
}
