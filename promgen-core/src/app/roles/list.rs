//! Who has a role on an object.

use super::object::Object;
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError, Listed, Slice};
use crate::model::{Group, Role, RoleOn, User};
use crate::store::Tx;

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
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let object = Object::load(&tx, on).await?;
    access.require_on(Act::See, object.on(), app.settings())?;
    Ok(tx)
}
