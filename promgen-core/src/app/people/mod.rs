//! People as others see them: listed, made, changed, merged. Passwords are in
//! [`users`](super::users).

mod accounts;
mod change;
mod merge;

pub use accounts::{Account, AccountFilter, AccountView, account, accounts};
pub(super) use change::is_last_head;
pub use change::{NewUser, UserChange, create, create_with_password, update, update_own};
pub use merge::{Merged, Merging, merge, merging};

use super::policy::{Access, Act};
use super::{Actor, App, AppError, Listed, Slice};
use crate::model::User;

/// The active users, by user name; with a text, those whose user name, address, given or family name
/// holds it.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    text: Option<&str>,
    slice: Slice,
) -> Result<Listed<User>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    Ok(tx.page_users(text, slice).await?)
}

/// Whoever asks.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::NotFound`] for whoever is no user.
pub async fn me(app: &App, actor: &Actor) -> Result<User, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSelf, app.settings())?;
    let own = actor.user();
    let own = own.ok_or_else(|| AppError::not_found("user", &actor.label()))?;
    let user = tx.load_user(own.id).await?;
    user.ok_or_else(|| AppError::not_found("user", &own.username))
}

/// The active user of that name, for a form that names one in `field`.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::Invalid`] when there is none.
pub async fn find_by_name(
    app: &App,
    actor: &Actor,
    username: &str,
    field: &str,
) -> Result<User, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    let found = tx.find_user(username).await?;
    found.filter(|user| user.active).ok_or_else(|| {
        let message = format!("there is no active user {username:?}");
        AppError::invalid(
            field,
            message,
            "give the user name of somebody who can log in",
        )
    })
}
