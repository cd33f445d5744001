//! Who has a role on an object.

use super::object::Object;
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError, Listed, Part, Slice};
use crate::model::{Grantee, Group, Name, Role, RoleOn, User, UserId};
use crate::store::{HolderKey, MemberKey, ResourceKey, Tx};

/// Something that somebody has a role on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The object.
    pub on: RoleOn,
    /// Its name.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// Who has roles on an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// The object.
    pub on: RoleOn,
    /// Its name.
    pub name: Name,
    /// Its owner.
    pub owner: Option<UserId>,
    /// Users with a role of their own.
    pub users: Listed<(User, Role)>,
    /// Groups.
    pub groups: Listed<(Group, Role)>,
    /// Whether whoever asks may give and take roles.
    pub may_manage: bool,
}

/// Who has roles on an object: a slice of the users, and a slice of the groups.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown object, [`AppError::Forbidden`] without a role on it.
pub async fn members(
    app: &App,
    actor: &Actor,
    on: RoleOn,
    users: impl Into<Part<MemberKey>>,
    groups: impl Into<Part<HolderKey>>,
) -> Result<Members, AppError> {
    let (users, groups) = (users.into(), groups.into());
    let (tx, access, object) = read(app, actor, on, Act::See).await?;
    let managed = access.require_on(Act::Manage, object.on(), app.settings());
    Ok(Members {
        on,
        name: object.name().clone(),
        owner: object.owner(),
        users: tx.page_users_on(on, None, users).await?,
        groups: tx.page_groups_on(on, None, groups).await?,
        may_manage: managed.is_ok(),
    })
}

/// The name of an object whose roles the actor may give and take: what a form asks for first.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown object, [`AppError::Forbidden`] for whoever is no admin of
/// it.
pub async fn find_to_manage(app: &App, actor: &Actor, on: RoleOn) -> Result<Name, AppError> {
    let (_, _, object) = read(app, actor, on, Act::Manage).await?;
    Ok(object.name().clone())
}

/// What somebody has roles of their own on.
pub(in crate::app) async fn resources(
    tx: &Tx,
    to: Grantee,
    part: impl Into<Part<ResourceKey>>,
) -> Result<Listed<Resource>, AppError> {
    let listed = tx.page_grants_to(to, part).await?;
    let objects: Vec<RoleOn> = listed.items.iter().map(|grant| grant.on).collect();
    let mut names = tx.names_of(&objects).await?;
    Ok(listed.map(|grant| Resource {
        on: grant.on,
        name: names.remove(&grant.on).unwrap_or_default(),
        role: grant.role,
    }))
}

/// The users with a role of their own on an object, by user name; with a role, those who have that
/// one.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown object, [`AppError::Forbidden`] without a role on it.
pub async fn users(
    app: &App,
    actor: &Actor,
    on: RoleOn,
    role: Option<Role>,
    slice: Slice,
) -> Result<Listed<(User, Role)>, AppError> {
    let tx = visible(app, actor, on).await?;
    Ok(tx.page_users_on(on, role, slice).await?)
}

/// The groups with a role on an object, by name; with a role, those who have that one.
///
/// # Errors
/// As for [`users`].
pub async fn groups(
    app: &App,
    actor: &Actor,
    on: RoleOn,
    role: Option<Role>,
    slice: Slice,
) -> Result<Listed<(Group, Role)>, AppError> {
    let tx = visible(app, actor, on).await?;
    Ok(tx.page_groups_on(on, role, slice).await?)
}

async fn visible(app: &App, actor: &Actor, on: RoleOn) -> Result<Tx, AppError> {
    Ok(read(app, actor, on, Act::See).await?.0)
}

async fn read(
    app: &App,
    actor: &Actor,
    on: RoleOn,
    act: Act,
) -> Result<(Tx, Access, Object), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(act, app.settings())?;
    let object = Object::load(&tx, on).await?;
    access.require_on(act, object.on(), app.settings())?;
    Ok((tx, access, object))
}
