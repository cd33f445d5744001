//! What goes away with groups, roles, accounts and identities, and what cannot.

use std::collections::BTreeMap;

use super::{FIRST, Fate, Loss, first, some};
use crate::app::change::Change;
use crate::app::people::is_last_head;
use crate::app::policy::{Access, Act, On};
use crate::app::roles::{Below, Object, Resource};
use crate::app::{Actor, App, AppError, groups, login, roles, senders, sessions};
use crate::model::{Grantee, GroupId, ProjectId, Role, RoleOn, Sender, ServiceId, UserId};
use crate::store::Tx;

/// What goes away with a group, and the subscriptions of its members that end.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown group, [`AppError::Forbidden`] for whoever is no admin of it.
pub async fn of_group(app: &App, actor: &Actor, id: GroupId) -> Result<Vec<Loss>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::ManageGroup, app.settings())?;
    let group = tx.load_group(id).await?;
    group.ok_or_else(|| AppError::not_found("group", &id))?;
    access.require_on(Act::ManageGroup, On::Group(id), app.settings())?;
    let members = tx.page_members(id, None, FIRST).await?;
    let resources = roles::resources(&tx, Grantee::Group(id), FIRST).await?;
    drop(tx);
    let (undone, ended) = groups::deletion(app, actor, id).await?;
    Ok(some([
        Loss::Members(members),
        Loss::Resources(resources),
        subscriptions(app, &undone, ended).await?,
    ]))
}

/// What goes away when somebody leaves a group.
///
/// # Errors
/// As [`of_group`]; [`AppError::Invalid`] for somebody who is not in it.
pub async fn of_membership(
    app: &App,
    actor: &Actor,
    id: GroupId,
    user: UserId,
) -> Result<Vec<Loss>, AppError> {
    let (undone, ended) = groups::removal(app, actor, id, user).await?;
    Ok(some([subscriptions(app, &undone, ended).await?]))
}

/// Subscriptions that ended in a change. Who sees what is decided there alone; here the change is
/// dropped, and never happened.
async fn subscriptions(
    app: &App,
    undone: &Change<'_>,
    ended: Vec<Sender>,
) -> Result<Loss, AppError> {
    let named = senders::viewed(app, undone.tx(), first(ended)).await?;
    Ok(Loss::Subscriptions(named))
}

/// What goes away with a role on a service, if the roles on its projects are taken too. The owner keeps
/// theirs.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown object, [`AppError::Forbidden`] for whoever is no admin of it.
pub async fn of_role(
    app: &App,
    actor: &Actor,
    on: RoleOn,
    from: Grantee,
) -> Result<Fate, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Manage, app.settings())?;
    let object = Object::load(&tx, on).await?;
    access.require_on(Act::Manage, object.on(), app.settings())?;
    if matches!(from, Grantee::User(id) if object.owner() == Some(id)) {
        return Ok(Fate::Stays(Vec::new()));
    }
    let below = match on {
        RoleOn::Service(id) => below(&tx, id, from).await?,
        RoleOn::Project(_) => Vec::new(),
    };
    drop(tx);
    let (undone, _, ended) = roles::revocation(app, actor, on, from, Below::Taken).await?;
    Ok(Fate::Goes(some([
        Loss::RolesBelow(first(below)),
        subscriptions(app, &undone, ended).await?,
    ])))
}

/// The roles that somebody has on the projects of a service, by name.
async fn below(tx: &Tx, service: ServiceId, from: Grantee) -> Result<Vec<Resource>, AppError> {
    let theirs = tx.list_grants_to(from).await?;
    let theirs: BTreeMap<ProjectId, Role> = theirs
        .into_iter()
        .filter_map(|grant| Some((grant.on.project()?, grant.role)))
        .collect();
    let projects = tx.list_projects_of(service).await?;
    let mut below: Vec<Resource> = projects
        .into_iter()
        .filter_map(|project| {
            Some(Resource {
                on: RoleOn::Project(project.id),
                role: *theirs.get(&project.id)?,
                name: project.name.to_string(),
            })
        })
        .collect();
    below.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(below)
}

/// What ends with an account. Nobody shuts themselves out, and one superuser stays.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser, [`AppError::NotFound`] for an unknown user.
pub async fn of_account(app: &App, actor: &Actor, id: UserId) -> Result<Fate, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Administer, app.settings())?;
    let user = tx.load_user(id).await?;
    let user = user.ok_or_else(|| AppError::not_found("user", &id))?;
    let own = actor.user().is_some_and(|own| own.id == id);
    if own || is_last_head(&tx, &user).await? {
        return Ok(Fate::Stays(Vec::new()));
    }
    Ok(Fate::Goes(of_login(app, &tx, id).await?))
}

/// The sessions and tokens of a user that are still good.
pub(in crate::app) async fn of_login(
    app: &App,
    tx: &Tx,
    id: UserId,
) -> Result<Vec<Loss>, AppError> {
    let mut tokens = tx.list_tokens_of(id).await?;
    tokens.retain(|token| token.ended(app.now()).is_none());
    Ok(some([
        Loss::Sessions(first(sessions::open_ones(app, tx, id).await?)),
        Loss::Tokens(first(tokens)),
    ]))
}

/// What ends with the identities that a login backend gave to whoever asks. The last way in stays.
///
/// # Errors
/// [`AppError::Unauthenticated`] for whoever is no user.
pub async fn of_identity(app: &App, actor: &Actor, backend: &str) -> Result<Fate, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSelf, app.settings())?;
    let user = actor.user().ok_or(AppError::Unauthenticated)?;
    let all = tx.list_identities(user.id).await?;
    let left = all.iter().any(|one| one.backend != backend);
    if !left && login::is_only_way_in(&tx, user.id).await? {
        return Ok(Fate::Stays(Vec::new()));
    }
    let mut ended = sessions::open_ones(app, &tx, user.id).await?;
    ended.retain(|session| session.backend == backend);
    Ok(Fate::Goes(some([Loss::Sessions(first(ended))])))
}
