//! Making, changing and deleting projects.

use super::check::{may_leave, open_shard, other_service, rename};
use super::load;
use crate::app::change::{Change, or_taken};
use crate::app::input::{Written, both, check_text, taken};
use crate::app::policy::{Access, Act, On};
use crate::app::registration::parse_name;
use crate::app::rename::{Mention, Rename, follow};
use crate::app::roles::Object;
use crate::app::{Actor, App, AppError, owners, subscriptions};
use crate::model::{
    GroupOptions, Project, ProjectId, RuleOwner, SenderOwner, Service, ServiceId, ShardId, User,
    UserId,
};

/// A project to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewProject<'a> {
    /// Name.
    pub name: &'a str,
    /// Free text.
    pub description: &'a str,
    /// The shard that scrapes it.
    pub shard: ShardId,
    /// Who answers for it, if not whoever makes it; only superusers choose.
    pub owner: Option<UserId>,
}

/// What is to be otherwise with a project; what is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProjectChange<'a> {
    /// Name.
    pub name: Option<&'a str>,
    /// Free text.
    pub description: Option<&'a str>,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// The service that it is a part of.
    pub service: Option<ServiceId>,
    /// The shard that scrapes it.
    pub shard: Option<ShardId>,
}

/// Makes a project of a service. Its owner becomes an admin of it, and hears about its alerts. One of that name, service and shard that they own already is answered as it is.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown service, [`AppError::Forbidden`] for whoever is no editor of
/// it, [`AppError::Invalid`] for a name that cannot be or is taken, and for a shard that is unknown or
/// disabled.
pub async fn create(
    app: &App,
    actor: &Actor,
    service: ServiceId,
    new: NewProject<'_>,
) -> Result<Project, AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let above = change.tx().load_service(service).await?;
    let above = above.ok_or_else(|| AppError::not_found("service", &service))?;
    access.require_on(Act::Edit, On::Service(&above), app.settings())?;
    let owner = owners::first(&change, &access, new.owner).await;
    let text = check_text("description", new.description);
    let named = parse_name("name", new.name);
    let there = match &named {
        Ok(name) => change.tx().find_project(name).await?,
        Err(_) => None,
    };
    if let (Some(found), Ok(owner), Ok(())) = (&there, &owner, &text)
        && (found.service, found.shard) == (service, new.shard)
        && found.owner == owner.as_ref().map(|user| user.id)
    {
        return Ok(found.clone());
    }
    let free = there.map_or(named, |found| Err(taken("project", &found.name)));
    let shard = open_shard(change.tx(), new.shard).await;
    let ((owner, ()), (name, _)) = both(both(owner, text), both(free, shard))?;
    let project = Project {
        id: ProjectId(0),
        name,
        description: new.description.to_owned(),
        owner: owner.as_ref().map(|user| user.id),
        service,
        shard: new.shard,
        farm: None,
        group: GroupOptions::default(),
    };
    let project = put(&mut change, project, owner.as_ref()).await?;
    change.commit().await?;
    Ok(project)
}

/// Adds a project that was checked, with the role of its owner.
pub(in crate::app) async fn put(
    change: &mut Change<'_>,
    mut project: Project,
    owner: Option<&User>,
) -> Result<Project, AppError> {
    let inserted = change.tx().insert_project(&project).await;
    project.id = inserted.map_err(|error| or_taken(error, "project"))?;
    change.note_created(&project);
    if let Some(owner) = owner {
        let object = Object::Project(project.clone());
        owners::install(change, &object, owner).await?;
    }
    Ok(project)
}

/// Changes a project. Another name, and the name of another service, are followed into the clauses of
/// its rules; whoever sees it no more in its other service is unsubscribed from it.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] for whoever is no editor of it
/// or of the services that it shall leave and move to, [`AppError::Invalid`] for what cannot be, and for another
/// owner when the actor is not the owner.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ProjectId,
    wanted: ProjectChange<'_>,
) -> Result<Written<Project>, AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let before = load(change.tx(), id).await?;
    access.require_on(Act::Edit, On::Project(&before), app.settings())?;
    let name = rename(change.tx(), &before, wanted.name.unwrap_or(&before.name)).await;
    let description = wanted.description.unwrap_or(&before.description);
    let text = check_text("description", description);
    let shard = shard_of(&change, &before, wanted.shard).await;
    let service = service_of(app, &change, &access, &before, wanted.service).await;
    let object = Object::Project(before.clone());
    let owner = owners::after(app, &mut change, &access, &object, wanted.owner).await;
    let place = both(shard, service);
    let ((name, ()), ((shard, service), owner)) = both(both(name, text), both(place, owner))?;
    let after = Project {
        name,
        description: description.to_owned(),
        owner,
        shard,
        service,
        ..before.clone()
    };
    if after == before {
        return Ok(Written::plain(after));
    }
    change.tx().update_project(&after).await?;
    change.note_updated(&before, &after);
    let mentions = follow_names(&mut change, &before, &after).await?;
    if after.service != before.service {
        subscriptions::end_unseen_of(app, &mut change, SenderOwner::Project(id)).await?;
    }
    change.commit().await?;
    Ok(Written {
        object: after,
        mentions,
    })
}

/// The shard of a project after a change.
async fn shard_of(
    change: &Change<'_>,
    before: &Project,
    wanted: Option<ShardId>,
) -> Result<ShardId, AppError> {
    match wanted.filter(|shard| *shard != before.shard) {
        None => Ok(before.shard),
        Some(shard) => Ok(open_shard(change.tx(), shard).await?.id),
    }
}

/// The service of a project after a change.
async fn service_of(
    app: &App,
    change: &Change<'_>,
    access: &Access,
    before: &Project,
    wanted: Option<ServiceId>,
) -> Result<ServiceId, AppError> {
    let Some(target) = wanted.filter(|service| *service != before.service) else {
        return Ok(before.service);
    };
    let target = other_service(change.tx(), target).await?;
    let source = other_service(change.tx(), before.service).await?;
    for service in [&source, &target] {
        access.require_on(Act::Edit, On::Service(service), app.settings())?;
    }
    may_leave(change.tx(), before).await?;
    Ok(target.id)
}

async fn follow_names(
    change: &mut Change<'_>,
    before: &Project,
    after: &Project,
) -> Result<Vec<Mention>, AppError> {
    let own = [RuleOwner::Project(after.id)];
    let mut mentions = Vec::new();
    if after.name != before.name {
        let what = Rename {
            label: "project",
            old: &before.name,
            new: &after.name,
        };
        mentions.extend(follow(change, &own, &what).await?);
    }
    if after.service != before.service {
        let old = other_service(change.tx(), before.service).await?;
        let new = other_service(change.tx(), after.service).await?;
        let what = Rename {
            label: "service",
            old: &old.name,
            new: &new.name,
        };
        mentions.extend(follow(change, &own, &what).await?);
    }
    Ok(mentions)
}

/// Deletes a project with everything below it but its farm, which others may use. That takes to be its
/// owner or that of its service; to be an admin is not enough.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] for anybody else.
pub async fn delete(app: &App, actor: &Actor, id: ProjectId) -> Result<(), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Own).await?;
    let project = load(change.tx(), id).await?;
    let service = change.tx().load_service(project.service).await?;
    require_own(app, &access, &project, service.as_ref())?;
    change.tx().delete_project(id).await?;
    change.note_deleted(&project);
    change.commit().await
}

pub(in crate::app) fn require_own(
    app: &App,
    access: &Access,
    project: &Project,
    service: Option<&Service>,
) -> Result<(), AppError> {
    let own = access.require_on(Act::Own, On::Project(project), app.settings());
    match (own, service) {
        (Err(_), Some(service)) => {
            access.require_on(Act::Own, On::Service(service), app.settings())
        }
        (own, _) => own,
    }
}
