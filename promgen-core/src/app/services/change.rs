//! Founding, changing and deleting services.

use crate::app::change::{Change, or_taken};
use crate::app::input::{Written, both, check_text, service_name, taken};
use crate::app::policy::{Act, On};
use crate::app::rename::{Rename, follow};
use crate::app::roles::Object;
use crate::app::{Actor, App, AppError, owners};
use crate::model::{GroupOptions, Name, RuleOwner, Service, ServiceId, User, UserId};
use crate::store::Tx;

/// A service to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewService<'a> {
    /// Name.
    pub name: &'a str,
    /// Free text.
    pub description: &'a str,
    /// Who answers for it, if not whoever makes it; only superusers choose.
    pub owner: Option<UserId>,
}

/// What is to be otherwise with a service; what is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ServiceChange<'a> {
    /// Name.
    pub name: Option<&'a str>,
    /// Free text.
    pub description: Option<&'a str>,
    /// Who answers for it.
    pub owner: Option<UserId>,
}

/// Founds a service. Its owner becomes an admin of it, and hears about its alerts. One of that name that
/// they own already is answered as it is.
///
/// # Errors
/// [`AppError::Invalid`] for a name that cannot be or that somebody else's service has.
pub async fn create(app: &App, actor: &Actor, new: NewService<'_>) -> Result<Service, AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Found).await?;
    let owner = owners::first(&change, &access, new.owner).await;
    let text = check_text("description", new.description);
    let named = service_name(change.tx(), new.name).await;
    let there = match &named {
        Ok(name) => change.tx().find_service(name).await?,
        Err(_) => None,
    };
    if let (Some(found), Ok(owner), Ok(())) = (&there, &owner, &text)
        && found.owner == owner.as_ref().map(|user| user.id)
    {
        return Ok(found.clone());
    }
    let free = there.map_or(named, |found| Err(taken("service", &found.name)));
    let ((owner, ()), name) = both(both(owner, text), free)?;
    let service = Service {
        id: ServiceId(0),
        name,
        description: new.description.to_owned(),
        owner: owner.as_ref().map(|user| user.id),
        group: GroupOptions::default(),
    };
    let service = put(&mut change, service, owner.as_ref()).await?;
    change.commit().await?;
    Ok(service)
}

/// Adds a service that was checked, with the role of its owner.
pub(in crate::app) async fn put(
    change: &mut Change<'_>,
    mut service: Service,
    owner: Option<&User>,
) -> Result<Service, AppError> {
    let inserted = change.tx().insert_service(&service).await;
    service.id = inserted.map_err(|error| or_taken(error, "service"))?;
    change.note_created(&service);
    if let Some(owner) = owner {
        let object = Object::Service(service.clone());
        owners::install(change, &object, owner).await?;
    }
    Ok(service)
}

/// Changes a service. A new name is followed into the clauses of its rules and of its projects'.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown service, [`AppError::Forbidden`] for whoever is no editor of
/// it, [`AppError::Invalid`] for what cannot be, and for another owner when the actor is not the owner.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ServiceId,
    wanted: ServiceChange<'_>,
) -> Result<Written<Service>, AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let before = load(change.tx(), id).await?;
    access.require_on(Act::Edit, On::Service(&before), app.settings())?;
    let name = rename(change.tx(), &before, wanted.name.unwrap_or(&before.name)).await;
    let description = wanted.description.unwrap_or(&before.description);
    let text = check_text("description", description);
    let object = Object::Service(before.clone());
    let owner = owners::after(app, &mut change, &access, &object, wanted.owner).await;
    let ((name, ()), owner) = both(both(name, text), owner)?;
    let after = Service {
        name,
        description: description.to_owned(),
        owner,
        ..before.clone()
    };
    if after == before {
        return Ok(Written::plain(after));
    }
    change.tx().update_service(&after).await?;
    change.note_updated(&before, &after);
    let mentions = if after.name == before.name {
        Vec::new()
    } else {
        let owners = rule_owners(change.tx(), id).await?;
        let what = Rename {
            label: "service",
            old: &before.name,
            new: &after.name,
        };
        follow(&mut change, &owners, &what).await?
    };
    change.commit().await?;
    Ok(Written {
        object: after,
        mentions,
    })
}

/// Deletes a service with its projects and everything below them. To be an admin is not enough.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown service, [`AppError::Forbidden`] for whoever is not its owner.
pub async fn delete(app: &App, actor: &Actor, id: ServiceId) -> Result<(), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Own).await?;
    let service = load(change.tx(), id).await?;
    access.require_on(Act::Own, On::Service(&service), app.settings())?;
    for project in change.tx().list_projects_of(id).await? {
        change.note_deleted(&project);
    }
    change.tx().delete_service(id).await?;
    change.note_deleted(&service);
    change.commit().await
}

async fn load(tx: &Tx, id: ServiceId) -> Result<Service, AppError> {
    let found = tx.load_service(id).await?;
    found.ok_or_else(|| AppError::not_found("service", &id))
}

async fn rename(tx: &Tx, before: &Service, name: &str) -> Result<Name, AppError> {
    if before.name == name {
        return Ok(before.name.clone());
    }
    let name = service_name(tx, name).await?;
    if tx.find_service(&name).await?.is_some() {
        return Err(taken("service", &name));
    }
    Ok(name)
}

/// The service and its projects.
async fn rule_owners(tx: &Tx, id: ServiceId) -> Result<Vec<RuleOwner>, AppError> {
    let projects = tx.list_projects_of(id).await?;
    let projects = projects.iter().map(|one| RuleOwner::Project(one.id));
    Ok(std::iter::once(RuleOwner::Service(id))
        .chain(projects)
        .collect())
}
