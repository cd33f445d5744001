//! Taking roles away.

use std::collections::BTreeMap;

use super::assign::put;
use super::object::{Holder, Object, kept};
use crate::app::change::Change;
use crate::app::policy::Act;
use crate::app::{Actor, App, AppError, subscriptions};
use crate::model::{
    Grant, Grantee, Name, Project, ProjectId, Role, RoleOn, Sender, Service, User, UserId,
};

/// What becomes of roles on the projects of a service whose role is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// They are taken too, and projects go to the owner of the service.
    Taken,
    /// They stay.
    Kept,
}

/// What was done besides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Revoked {
    /// Projects that went to the owner of their service.
    pub transferred: Vec<Name>,
    /// Whether whoever took the role sees the object no more themselves.
    pub shut_out: bool,
}

/// Takes the role of a user or group on an object. Whoever sees the object no more is unsubscribed
/// from it.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown object and for somebody without a role of their own on it,
/// [`AppError::Forbidden`] for whoever is no admin of it, [`AppError::Invalid`] for its owner.
pub async fn revoke(
    app: &App,
    actor: &Actor,
    on: RoleOn,
    from: Grantee,
    below: Below,
) -> Result<Revoked, AppError> {
    let (change, revoked, _) = revocation(app, actor, on, from, below).await?;
    change.commit().await?;
    Ok(revoked)
}

/// The same, not yet committed, and the subscriptions that end with it.
pub(in crate::app) async fn revocation<'a>(
    app: &'a App,
    actor: &'a Actor,
    on: RoleOn,
    from: Grantee,
    below: Below,
) -> Result<(Change<'a>, Revoked, Vec<Sender>), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Manage).await?;
    let object = Object::load(change.tx(), on).await?;
    access.require_on(Act::Manage, object.on(), app.settings())?;
    let holder = Holder::find(change.tx(), from).await?;
    let holder = holder.ok_or_else(|| nobody(from))?;
    let grant = change.tx().find_grant(on, from).await?;
    let grant = grant.ok_or_else(|| nobody(from))?;
    if holder.owns(&object) {
        return Err(kept("", Role::Admin));
    }
    take(&mut change, &object, &holder, &grant).await?;
    let mut revoked = Revoked::default();
    if let (Object::Service(service), Below::Taken) = (&object, below) {
        revoked.transferred = take_below(&mut change, service, &holder).await?;
    }
    let left = change.access().await?;
    revoked.shut_out = !left.sees(object.on());
    let users = concerned(&change, &holder).await?;
    let ended = subscriptions::end_unseen(app, &mut change, &users).await?;
    Ok((change, revoked, ended))
}

async fn take(
    change: &mut Change<'_>,
    object: &Object,
    holder: &Holder,
    grant: &Grant,
) -> Result<(), AppError> {
    change.tx().delete_grant(grant.id).await?;
    change.deleted(object.subject(grant, holder), grant);
    Ok(())
}

/// Takes the roles on the projects of a service. A project that the holder owns goes to the owner of
/// the service; where that has none, the holder keeps it.
async fn take_below(
    change: &mut Change<'_>,
    service: &Service,
    holder: &Holder,
) -> Result<Vec<Name>, AppError> {
    let heir = match service.owner {
        Some(owner) => change.tx().load_user(owner).await?,
        None => None,
    };
    let theirs = change.tx().list_grants_to(holder.grantee()).await?;
    let mut theirs: BTreeMap<ProjectId, Grant> = theirs
        .into_iter()
        .filter_map(|grant| Some((grant.on.project()?, grant)))
        .collect();
    let mut transferred = Vec::new();
    for project in change.tx().list_projects_of(service.id).await? {
        let grant = theirs.remove(&project.id);
        let mut object = Object::Project(project.clone());
        if holder.owns(&object) {
            let Some(heir) = &heir else { continue };
            transferred.push(project.name.clone());
            object = Object::Project(transfer(change, project, heir).await?);
        }
        if let Some(grant) = grant {
            take(change, &object, holder, &grant).await?;
        }
    }
    Ok(transferred)
}

async fn transfer(
    change: &mut Change<'_>,
    before: Project,
    heir: &User,
) -> Result<Project, AppError> {
    let after = Project {
        owner: Some(heir.id),
        ..before.clone()
    };
    change.tx().update_project(&after).await?;
    change.note_updated(&before, &after);
    let object = Object::Project(after.clone());
    put(change, &object, &Holder::User(heir.clone()), Role::Admin).await?;
    Ok(after)
}

async fn concerned(change: &Change<'_>, holder: &Holder) -> Result<Vec<UserId>, AppError> {
    Ok(match holder {
        Holder::User(user) => vec![user.id],
        Holder::Group(group) => {
            let members = change.tx().list_members(group.id).await?;
            members.into_iter().map(|member| member.user).collect()
        }
    })
}

fn nobody(from: Grantee) -> AppError {
    match from {
        Grantee::User(id) => AppError::not_found("role of the user", &id),
        Grantee::Group(id) => AppError::not_found("role of the group", &id),
    }
}
