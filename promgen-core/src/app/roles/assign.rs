//! Giving roles.

use super::object::{Holder, Object, kept};
use crate::app::change::Change;
use crate::app::policy::Act;
use crate::app::{Actor, App, AppError};
use crate::model::{Grant, GrantId, Grantee, Name, Role, RoleOn};

/// A role that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The role.
    pub grant: Grant,
    /// Name of the object.
    pub object: Name,
    /// Name of the user or group.
    pub holder: String,
}

/// Gives a user or group a role on an object, in the place of the one that they have there.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown object, [`AppError::Forbidden`] for whoever is no admin of
/// it, [`AppError::Invalid`] for an unknown group, an unknown or inactive user, and for a lesser role
/// of the owner.
pub async fn assign(
    app: &App,
    actor: &Actor,
    on: RoleOn,
    to: Grantee,
    role: Role,
) -> Result<Assigned, AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Manage).await?;
    let object = Object::load(change.tx(), on).await?;
    access.require_on(Act::Manage, object.on(), app.settings())?;
    let holder = Holder::find(change.tx(), to).await?.filter(is_active);
    let holder = holder.ok_or_else(|| unknown(to))?;
    if holder.owns(&object) && role != Role::Admin {
        return Err(kept("role", Role::Admin));
    }
    let grant = put(&mut change, &object, &holder, role).await?;
    change.commit().await?;
    Ok(Assigned {
        grant,
        object: object.name().clone(),
        holder: holder.name().to_owned(),
    })
}

/// Makes sure that a user or group has this role on an object.
pub(in crate::app) async fn put(
    change: &mut Change<'_>,
    object: &Object,
    holder: &Holder,
    role: Role,
) -> Result<Grant, AppError> {
    let (on, to) = (object.as_role_on(), holder.grantee());
    let Some(before) = change.tx().find_grant(on, to).await? else {
        let mut grant = Grant {
            id: GrantId(0),
            on,
            to,
            role,
        };
        grant.id = change.tx().insert_grant(&grant).await?;
        change.created(object.subject(&grant, holder), &grant);
        return Ok(grant);
    };
    let after = Grant { role, ..before };
    if after != before {
        change.tx().update_grant(after.id, role).await?;
        change.updated(object.subject(&after, holder), &before, &after);
    }
    Ok(after)
}

fn is_active(holder: &Holder) -> bool {
    match holder {
        Holder::User(user) => user.active,
        Holder::Group(_) => true,
    }
}

fn unknown(to: Grantee) -> AppError {
    let (message, remedy) = match to {
        Grantee::User(id) => (
            format!("there is no active user with id {id}"),
            "/rest/v2/users lists them",
        ),
        Grantee::Group(id) => (
            format!("there is no group with id {id}"),
            "/rest/v2/groups lists yours",
        ),
    };
    AppError::invalid("id", message, remedy)
}
