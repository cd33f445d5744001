//! Who is in a group, and what the group has roles on.

use super::{open, visible};
use crate::app::change::{Change, Subject, refuse_errors};
use crate::app::roles::{self, Resource};
use crate::app::tree::Saved as _;
use crate::app::{Actor, App, AppError, Listed, Part, owners, subscriptions};
use crate::model::{
    AuditKind, Called, Grantee, Group, GroupId, GroupRole, Member, Members, Problem, Sender, User,
    UserId,
};
use crate::store::{MemberKey, ResourceKey, Tx};

/// The members of a group; with a text, those whose user name holds it.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown group, [`AppError::Forbidden`] for whoever is not in it.
pub async fn members(
    app: &App,
    actor: &Actor,
    id: GroupId,
    name: Option<&str>,
    part: impl Into<Part<MemberKey>>,
) -> Result<Listed<(User, GroupRole)>, AppError> {
    let part = part.into();
    let (tx, ..) = visible(app, actor, id).await?;
    Ok(tx.page_members(id, name, part).await?)
}

/// What a group has roles on.
///
/// # Errors
/// As for [`members`].
pub async fn resources(
    app: &App,
    actor: &Actor,
    id: GroupId,
    part: impl Into<Part<ResourceKey>>,
) -> Result<Listed<Resource>, AppError> {
    let part = part.into();
    let (tx, ..) = visible(app, actor, id).await?;
    roles::resources(&tx, Grantee::Group(id), part).await
}

/// Puts users into a group, all of them or none.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown group, [`AppError::Forbidden`] for whoever is no admin of it,
/// [`AppError::Invalid`] for nobody, for an unknown or inactive user, and for one who is in it already.
pub async fn add(
    app: &App,
    actor: &Actor,
    id: GroupId,
    users: &[UserId],
    role: GroupRole,
) -> Result<(), AppError> {
    let (mut change, group) = open(app, actor, id).await?;
    if users.is_empty() {
        return Err(AppError::invalid("user_ids", "holds nobody", "name users"));
    }
    let mut added = Vec::new();
    for user in users {
        let user = owners::active(&change, *user, "user_ids").await?;
        if find(&change, id, user.id).await?.is_some() {
            let message = format!("user {} is in the group already", user.username);
            let remedy = "leave them out, or change their role";
            return Err(AppError::invalid("user_ids", message, remedy));
        }
        let member = Member {
            group: id,
            user: user.id,
            role,
        };
        change.tx().put_member(member).await?;
        added.push(member);
    }
    change.added(Members::Users, group.subject(), &added);
    change.commit().await
}

/// What became of users who were named for a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admitted {
    /// Who is in it since.
    pub added: Vec<String>,
    /// Who was in it already, and has the role that they had.
    pub present: Vec<String>,
}

/// Puts the users of these names into a group who are not in it.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown group, [`AppError::Forbidden`] for whoever is no admin of it,
/// [`AppError::Invalid`] for nobody, and for an unknown or inactive user.
pub async fn admit(
    app: &App,
    actor: &Actor,
    id: GroupId,
    usernames: &[&str],
    role: GroupRole,
) -> Result<Admitted, AppError> {
    let (mut change, group) = open(app, actor, id).await?;
    if usernames.is_empty() {
        let remedy = "name at least one user";
        return Err(AppError::invalid("users", "names nobody", remedy));
    }
    let users = active_users(change.tx(), usernames).await?;
    let admitted = admit_into(&mut change, &group, users, role).await?;
    change.commit().await?;
    Ok(admitted)
}

/// The active users of these names; every name that is none is told.
pub(super) async fn active_users(tx: &Tx, usernames: &[&str]) -> Result<Vec<User>, AppError> {
    let (mut users, mut problems) = (Vec::new(), Vec::new());
    for username in usernames {
        let user = tx.find_user(username).await?;
        if let Some(user) = user.filter(|user| user.active) {
            users.push(user);
        } else {
            let message = format!("there is no active user {username:?}");
            problems.push(Problem::error("users", message, "write user names"));
        }
    }
    refuse_errors(problems)?;
    Ok(users)
}

/// As [`admit`], as part of a change; nobody is fine.
pub(super) async fn admit_into(
    change: &mut Change<'_>,
    group: &Group,
    users: Vec<User>,
    role: GroupRole,
) -> Result<Admitted, AppError> {
    let mut admitted = Admitted::default();
    let mut added = Vec::new();
    for user in users {
        if find(change, group.id, user.id).await?.is_some() {
            admitted.present.push(user.username);
            continue;
        }
        let member = Member {
            group: group.id,
            user: user.id,
            role,
        };
        change.tx().put_member(member).await?;
        added.push(member);
        admitted.added.push(user.username);
    }
    if !added.is_empty() {
        change.added(Members::Users, group.subject(), &added);
    }
    Ok(admitted)
}

/// Gives a member another role in the group.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown group, [`AppError::Forbidden`] for whoever is no admin of it,
/// [`AppError::Invalid`] for somebody who is not in it.
pub async fn set_role(
    app: &App,
    actor: &Actor,
    id: GroupId,
    user: UserId,
    role: GroupRole,
) -> Result<(), AppError> {
    let (mut change, group) = open(app, actor, id).await?;
    let before = member(&change, &group, user).await?;
    let after = Member { role, ..before };
    if after == before {
        return Ok(());
    }
    change.tx().put_member(after).await?;
    let found = change.tx().load_user(user).await?;
    let who = found.map_or_else(|| format!("user {user}"), |user| user.username);
    let name = Called::Role {
        role: role.codename(),
        holder: &who,
        kind: AuditKind::Group,
        on: &group.name,
    };
    let subject =
        Subject::new(AuditKind::Role, user.0, name.to_string()).below(AuditKind::Group, id.0);
    change.updated(subject, &before, &after);
    change.commit().await
}

/// Takes a user out of a group. From what they see no more they are unsubscribed.
///
/// # Errors
/// As for [`set_role`].
pub async fn remove(app: &App, actor: &Actor, id: GroupId, user: UserId) -> Result<(), AppError> {
    removal(app, actor, id, user).await?.0.commit().await
}

/// The same, not yet committed, and the subscriptions that end with it.
pub(in crate::app) async fn removal<'a>(
    app: &'a App,
    actor: &'a Actor,
    id: GroupId,
    user: UserId,
) -> Result<(Change<'a>, Vec<Sender>), AppError> {
    let (mut change, group) = open(app, actor, id).await?;
    let gone = member(&change, &group, user).await?;
    change.tx().delete_member(id, user).await?;
    change.removed(Members::Users, group.subject(), &[gone]);
    let ended = subscriptions::end_unseen(app, &mut change, &[user]).await?;
    Ok((change, ended))
}

async fn find(
    change: &Change<'_>,
    group: GroupId,
    user: UserId,
) -> Result<Option<Member>, AppError> {
    let theirs = change.tx().list_memberships(user).await?;
    Ok(theirs.into_iter().find(|member| member.group == group))
}

async fn member(change: &Change<'_>, group: &Group, user: UserId) -> Result<Member, AppError> {
    find(change, group.id, user).await?.ok_or_else(|| {
        let message = format!("user {user} is not in group {}", group.name);
        AppError::invalid("", message, "the members of the group are listed below it")
    })
}
