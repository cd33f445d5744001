//! Whom a page means that names a user or a group: those who have a role may be inactive.

use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::{GroupId, UserId};
use crate::store::Tx;

/// The user of that name.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::Invalid`] when there is none.
pub async fn user_named(app: &App, actor: &Actor, name: &str) -> Result<UserId, AppError> {
    let found = begin(app, actor).await?.find_user(name).await?;
    let found = found.map(|user| user.id);
    found.ok_or_else(|| {
        let message = format!("there is no user {name:?}");
        AppError::invalid("username", message, "write a user name")
    })
}

/// The group of that name.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::Invalid`] when there is none.
pub async fn group_named(app: &App, actor: &Actor, name: &str) -> Result<GroupId, AppError> {
    let found = begin(app, actor).await?.find_group(name).await?;
    let found = found.map(|group| group.id);
    found.ok_or_else(|| {
        let message = format!("there is no group {name:?}");
        AppError::invalid("group", message, "write the name of a group")
    })
}

async fn begin(app: &App, actor: &Actor) -> Result<Tx, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    Ok(tx)
}
