//! Groups of users: listed, founded, renamed, deleted; their members and roles (spec 09 §7).

mod members;

pub(super) use members::removal;
pub use members::{Admitted, add, admit, members, remove, resources, set_role};

use serde_json::Value;

use super::change::{Change, Subject};
use super::input::{both, check_line, taken};
use super::policy::{Access, Act, On};
use super::tree::Saved;
use super::{Actor, App, AppError, Listed, Slice, Sort, subscriptions};
use crate::model::{AuditKind, Group, GroupId, GroupRole, Member, Members, Sender, UserId};
use crate::store::{GroupKey, Roster, Tx};

/// Most characters of a group's name.
const MOST_CHARS: usize = 150;

/// How many members a list of groups shows of each.
const SHOWN: i64 = 8;

impl Saved for Group {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn subject(&self) -> Subject {
        Subject::new(AuditKind::Group, self.id.0, &self.name)
    }

    fn json(&self, _app: &App) -> Value {
        serde_json::json!({ "id": self.id, "name": self.name })
    }
}

/// The groups that the actor is in, all of them for a superuser, by name; with a text, those whose
/// name holds it.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
    slice: Slice,
) -> Result<Listed<Group>, AppError> {
    Ok(page(app, actor, name, Sort::default(), slice).await?.1)
}

async fn page(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
    sort: Sort<GroupKey>,
    slice: Slice,
) -> Result<(Tx, Listed<Group>), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let own: Vec<GroupId> = access.groups().collect();
    let only = (!access.is_superuser()).then_some(own.as_slice());
    let listed = tx.page_groups(only, name, sort, slice).await?;
    Ok((tx, listed))
}

/// A group as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The group.
    pub group: Group,
    /// How many members it has, and the first of them.
    pub roster: Roster,
}

/// As [`list`], with the first members of each group.
///
/// # Errors
/// As for [`list`].
pub async fn summaries(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
    sort: Sort<GroupKey>,
    slice: Slice,
) -> Result<Listed<Summary>, AppError> {
    let (tx, listed) = page(app, actor, name, sort, slice).await?;
    let ids: Vec<GroupId> = listed.items.iter().map(|group| group.id).collect();
    let mut rosters = tx.rosters(&ids, SHOWN).await?;
    Ok(listed.map(|group| Summary {
        roster: rosters.remove(&group.id).unwrap_or_default(),
        group,
    }))
}

/// One group, and what the actor may do in it.
///
/// # Errors
/// As for [`find`].
pub async fn view(app: &App, actor: &Actor, id: GroupId) -> Result<(Group, GroupRole), AppError> {
    let (_, access, group) = visible(app, actor, id).await?;
    let role = access.in_group(id).unwrap_or(GroupRole::Member);
    Ok((group, role))
}

/// One group that the actor may change: what a form asks for first.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown group, [`AppError::Forbidden`] for whoever is no admin of it.
pub async fn find_to_manage(app: &App, actor: &Actor, id: GroupId) -> Result<Group, AppError> {
    Ok(read(app, actor, id, Act::ManageGroup).await?.2)
}

/// One group.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown group, [`AppError::Forbidden`] for whoever is not in it.
pub async fn find(app: &App, actor: &Actor, id: GroupId) -> Result<Group, AppError> {
    Ok(visible(app, actor, id).await?.2)
}

/// A transaction to read what concerns a group that the actor may see.
async fn visible(app: &App, actor: &Actor, id: GroupId) -> Result<(Tx, Access, Group), AppError> {
    read(app, actor, id, Act::SeeGroup).await
}

async fn read(
    app: &App,
    actor: &Actor,
    id: GroupId,
    act: Act,
) -> Result<(Tx, Access, Group), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(act, app.settings())?;
    let group = load(&tx, id).await?;
    access.require_on(act, On::Group(id), app.settings())?;
    Ok((tx, access, group))
}

/// Begins to change a group that the actor is an admin of.
async fn open<'a>(
    app: &'a App,
    actor: &'a Actor,
    id: GroupId,
) -> Result<(Change<'a>, Group), AppError> {
    let (change, access) = Change::open(app, actor, Act::ManageGroup).await?;
    let group = load(change.tx(), id).await?;
    access.require_on(Act::ManageGroup, On::Group(id), app.settings())?;
    Ok((change, group))
}

/// Founds a group, whose first admin is whoever does. One of that name that they are an admin of
/// already is answered as it is.
///
/// # Errors
/// [`AppError::Invalid`] for a name that cannot be or that another group has.
pub async fn create(app: &App, actor: &Actor, name: &str) -> Result<Group, AppError> {
    Ok(create_with(app, actor, name, &[], GroupRole::Member)
        .await?
        .0)
}

/// As [`create`], with the users of these names in it from the beginning, all in that role.
///
/// # Errors
/// As [`create`]; [`AppError::Invalid`] for an unknown or inactive user.
pub async fn create_with(
    app: &App,
    actor: &Actor,
    name: &str,
    usernames: &[&str],
    role: GroupRole,
) -> Result<(Group, Admitted), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Found).await?;
    let users = members::active_users(change.tx(), usernames).await;
    let free = check_name(name);
    let there = match &free {
        Ok(()) => change.tx().find_group(name).await?,
        Err(_) => None,
    };
    let own = |group: &Group| access.in_group(group.id) == Some(GroupRole::Admin);
    let free = match &there {
        Some(group) if !own(group) => Err(taken("group", name)),
        _ => free,
    };
    let (users, ()) = both(users, free)?;
    let group = match there {
        Some(group) => group,
        None => insert(&mut change, actor, name).await?,
    };
    let admitted = members::admit_into(&mut change, &group, users, role).await?;
    change.commit().await?;
    Ok((group, admitted))
}

async fn insert(change: &mut Change<'_>, actor: &Actor, name: &str) -> Result<Group, AppError> {
    let mut group = Group {
        id: GroupId(0),
        name: name.to_owned(),
    };
    group.id = change.tx().insert_group(&group).await?;
    change.note_created(&group);
    if let Some(user) = actor.user() {
        let first = Member {
            group: group.id,
            user: user.id,
            role: GroupRole::Admin,
        };
        change.tx().put_member(first).await?;
        change.added(Members::Users, group.subject(), &[first]);
    }
    Ok(group)
}

/// Gives a group another name, when there is one.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown group, [`AppError::Forbidden`] for whoever is no admin of it,
/// [`AppError::Invalid`] for a name that cannot be or that another group has.
pub async fn rename(
    app: &App,
    actor: &Actor,
    id: GroupId,
    name: Option<&str>,
) -> Result<Group, AppError> {
    let (mut change, before) = open(app, actor, id).await?;
    let Some(name) = name.filter(|name| *name != before.name) else {
        return Ok(before);
    };
    check_name(name)?;
    if change.tx().find_group(name).await?.is_some() {
        return Err(taken("group", name));
    }
    let after = Group {
        id,
        name: name.to_owned(),
    };
    change.tx().update_group(&after).await?;
    change.note_updated(&before, &after);
    change.commit().await?;
    Ok(after)
}

/// Deletes a group and its roles. Members who see an object no more are unsubscribed from it.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown group, [`AppError::Forbidden`] for whoever is no admin of it.
pub async fn delete(app: &App, actor: &Actor, id: GroupId) -> Result<(), AppError> {
    deletion(app, actor, id).await?.0.commit().await
}

/// The same, not yet committed, and the subscriptions that end with it.
pub(super) async fn deletion<'a>(
    app: &'a App,
    actor: &'a Actor,
    id: GroupId,
) -> Result<(Change<'a>, Vec<Sender>), AppError> {
    let (mut change, group) = open(app, actor, id).await?;
    let members = change.tx().list_members(id).await?;
    let users: Vec<UserId> = members.iter().map(|member| member.user).collect();
    change.tx().delete_group(id).await?;
    change.note_deleted(&group);
    let ended = subscriptions::end_unseen(app, &mut change, &users).await?;
    Ok((change, ended))
}

async fn load(tx: &Tx, id: GroupId) -> Result<Group, AppError> {
    let found = tx.load_group(id).await?;
    found.ok_or_else(|| AppError::not_found("group", &id))
}

fn check_name(name: &str) -> Result<(), AppError> {
    if name.is_empty() || name.trim() != name {
        let remedy = "give at least one character, without blanks around it";
        return Err(AppError::invalid("name", "is no name", remedy));
    }
    check_line("name", name, MOST_CHARS)
}
