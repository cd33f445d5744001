//! Owners of services and projects: they are admins of what they answer for (spec 09 §4).

use super::change::Change;
use super::policy::{Access, Act};
use super::roles::{Holder, Object, put};
use super::{App, AppError, subscriptions};
use crate::model::{Role, User, UserId};

/// Gives the owner of a new object the role that goes with it, and word of its alerts.
pub(super) async fn install(
    change: &mut Change<'_>,
    object: &Object,
    owner: &User,
) -> Result<(), AppError> {
    put(change, object, &Holder::User(owner.clone()), Role::Admin).await?;
    subscriptions::subscribe(change, object.as_sender_owner(), owner.id).await
}

/// Who owns an object that is made: whoever makes it, or somebody whom a superuser names.
pub(super) async fn first(
    change: &Change<'_>,
    access: &Access,
    wanted: Option<UserId>,
) -> Result<Option<User>, AppError> {
    let own = access.actor().user();
    match wanted.filter(|wanted| own.is_none_or(|own| own.id != *wanted)) {
        None => Ok(own.cloned()),
        Some(wanted) if access.is_superuser() => Ok(Some(active(change, wanted, "owner").await?)),
        Some(_) => {
            let message = "you do not have permission to choose the owner";
            let remedy = "leave it out: it is you";
            Err(AppError::invalid("owner", message, remedy))
        }
    }
}

/// Whose an object is after a change, which may ask for another owner: that takes to be the owner,
/// and makes the other one an admin. The one before stays one.
pub(super) async fn after(
    app: &App,
    change: &mut Change<'_>,
    access: &Access,
    object: &Object,
    wanted: Option<UserId>,
) -> Result<Option<UserId>, AppError> {
    let Some(wanted) = wanted.filter(|wanted| object.owner() != Some(*wanted)) else {
        return Ok(object.owner());
    };
    if access
        .require_on(Act::Own, object.on(), app.settings())
        .is_err()
    {
        let message = "you do not have permission to change the owner";
        let remedy = "ask the owner or a superuser to do so";
        return Err(AppError::invalid("owner", message, remedy));
    }
    let user = active(change, wanted, "owner").await?;
    put(change, object, &Holder::User(user), Role::Admin).await?;
    Ok(Some(wanted))
}

/// A user who may be given something.
pub(super) async fn active(
    change: &Change<'_>,
    user: UserId,
    field: &str,
) -> Result<User, AppError> {
    let found = change.tx().load_user(user).await?;
    found.filter(|user| user.active).ok_or_else(|| {
        let message = format!("there is no active user with id {user}");
        AppError::invalid(field, message, "/rest/v2/users lists them")
    })
}
