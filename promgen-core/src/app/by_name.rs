//! Services, projects and senders as version 1 of the REST API shows them: found by name, with the
//! names of what they refer to. What one may not see does not exist.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{is_secret, shown_value};
use super::policy::{Access, Act, On};
use super::{Actor, App, AppError, Slice, Sort};
use crate::model::{Name, Project, Sender, SenderOwner, Service, ServiceId, UserId};
use crate::store::Tx;

pub use crate::store::ProjectFilter;

/// A service and its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedService {
    /// The service.
    pub service: Service,
    /// Login name of its owner.
    pub owner: Option<String>,
}

/// A project, its owner and its service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedProject {
    /// The project.
    pub project: Project,
    /// Login name of its owner.
    pub owner: Option<String>,
    /// Name of its service.
    pub service: Name,
}

/// A sender as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSender {
    /// The sender. Its value is empty when that is a secret.
    pub sender: Sender,
    /// Login name of who added it.
    pub added_by: Option<String>,
    /// What is shown for its value.
    pub label: String,
    /// Whether the value is a secret.
    pub secret: bool,
}

/// Whose senders are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder<'a> {
    /// Those of a service.
    Service(&'a str),
    /// Those of a project.
    Project(&'a str),
}

/// What absolute links to objects begin with: scheme and domain of the site.
///
/// # Errors
/// [`AppError::Unavailable`] when the database is away.
pub async fn origin(app: &App) -> Result<String, AppError> {
    let tx = app.store().read_tx().await?;
    let site = tx.load_site().await?;
    let scheme = app.settings().scheme.as_str();
    Ok(format!("{scheme}://{}", site.domain))
}

/// The services that the actor may see, by name; with a text, those whose name holds it.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn services(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
) -> Result<Vec<NamedService>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let listed = tx
        .page_services(&access.visible(), name, Sort::default(), Slice::ALL)
        .await?;
    let owners = listed.items.iter().filter_map(|service| service.owner);
    let users = usernames(&tx, owners.collect()).await?;
    let named = |service: Service| NamedService {
        owner: service.owner.and_then(|id| users.get(&id).cloned()),
        service,
    };
    Ok(listed.items.into_iter().map(named).collect())
}

/// The service of that name.
///
/// # Errors
/// [`AppError::NotFound`] for one that does not exist or may not be seen.
pub async fn service(app: &App, actor: &Actor, name: &str) -> Result<NamedService, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let service = find_service(&tx, &access, name).await?;
    let users = usernames(&tx, service.owner.into_iter().collect()).await?;
    Ok(NamedService {
        owner: service.owner.and_then(|id| users.get(&id).cloned()),
        service,
    })
}

/// The projects that the actor may see, by name.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn projects(
    app: &App,
    actor: &Actor,
    filter: &ProjectFilter<'_>,
) -> Result<Vec<NamedProject>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    listed(&tx, &access, filter).await
}

/// The project of that name.
///
/// # Errors
/// [`AppError::NotFound`] for one that does not exist or may not be seen.
pub async fn project(app: &App, actor: &Actor, name: &str) -> Result<NamedProject, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let project = find_project(&tx, &access, name).await?;
    let named = with_names(&tx, vec![project]).await?;
    let found = named.into_iter().next();
    found.ok_or_else(|| AppError::not_found("project", name))
}

/// The projects of a service that the actor may see, by name.
///
/// # Errors
/// As [`service`].
pub async fn projects_of_service(
    app: &App,
    actor: &Actor,
    service: &str,
) -> Result<Vec<NamedProject>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let service = find_service(&tx, &access, service).await?;
    let filter = ProjectFilter {
        service_id: Some(service.id),
        ..ProjectFilter::default()
    };
    listed(&tx, &access, &filter).await
}

/// The projects on a shard that the actor may see, by name.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown shard.
pub async fn projects_on_shard(
    app: &App,
    actor: &Actor,
    shard: &str,
) -> Result<Vec<NamedProject>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let found = tx.find_shard(shard).await?;
    let shard = found.ok_or_else(|| AppError::not_found("shard", shard))?;
    let filter = ProjectFilter {
        shard_id: Some(shard.id),
        ..ProjectFilter::default()
    };
    listed(&tx, &access, &filter).await
}

/// The senders of a service or project, by id.
///
/// # Errors
/// [`AppError::NotFound`] for what does not exist or may not be seen.
pub async fn senders(
    app: &App,
    actor: &Actor,
    holder: Holder<'_>,
) -> Result<Vec<NamedSender>, AppError> {
    let (tx, access) = begin(app, actor).await?;
    let owner = match holder {
        Holder::Service(name) => SenderOwner::Service(find_service(&tx, &access, name).await?.id),
        Holder::Project(name) => SenderOwner::Project(find_project(&tx, &access, name).await?.id),
    };
    let senders = tx.list_senders_owned_by(&[owner]).await?;
    let people = senders
        .iter()
        .flat_map(|sender| sender.added_by.into_iter().chain(sender.subscriber()));
    let users = usernames(&tx, people.collect()).await?;
    let shown = |sender| shown(app, sender, &users);
    Ok(senders.into_iter().map(shown).collect())
}

fn shown(app: &App, mut sender: Sender, users: &BTreeMap<UserId, String>) -> NamedSender {
    let secret = is_secret(app, &sender);
    let name = |id: UserId| users.get(&id).cloned();
    let label = match sender.subscriber() {
        _ if !sender.alias.is_empty() => sender.alias.clone(),
        Some(user) => name(user).unwrap_or_default(),
        None => shown_value(app, &sender.driver, &sender.value, &sender.alias),
    };
    if secret {
        sender.value.clear();
    }
    NamedSender {
        added_by: sender.added_by.and_then(name),
        label,
        secret,
        sender,
    }
}

async fn begin(app: &App, actor: &Actor) -> Result<(Tx, Access), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    Ok((tx, access))
}

async fn find_service(tx: &Tx, access: &Access, name: &str) -> Result<Service, AppError> {
    let found = tx.find_service(name).await?;
    let found = found.filter(|service| access.sees(On::Service(service)));
    found.ok_or_else(|| AppError::not_found("service", name))
}

async fn find_project(tx: &Tx, access: &Access, name: &str) -> Result<Project, AppError> {
    let found = tx.find_project(name).await?;
    let found = found.filter(|project| access.sees(On::Project(project)));
    found.ok_or_else(|| AppError::not_found("project", name))
}

async fn listed(
    tx: &Tx,
    access: &Access,
    filter: &ProjectFilter<'_>,
) -> Result<Vec<NamedProject>, AppError> {
    let listed = tx
        .page_projects(&access.visible(), filter, Slice::ALL)
        .await?;
    with_names(tx, listed.items).await
}

async fn with_names(tx: &Tx, projects: Vec<Project>) -> Result<Vec<NamedProject>, AppError> {
    let services: BTreeSet<ServiceId> = projects.iter().map(|one| one.service).collect();
    let services = tx.list_services_by_id(&Vec::from_iter(services)).await?;
    let services: BTreeMap<ServiceId, Name> =
        services.into_iter().map(|one| (one.id, one.name)).collect();
    let owners = projects.iter().filter_map(|project| project.owner);
    let users = usernames(tx, owners.collect()).await?;
    let named = |project: Project| {
        Some(NamedProject {
            owner: project.owner.and_then(|id| users.get(&id).cloned()),
            service: services.get(&project.service)?.clone(),
            project,
        })
    };
    Ok(projects.into_iter().filter_map(named).collect())
}

async fn usernames(tx: &Tx, ids: BTreeSet<UserId>) -> Result<BTreeMap<UserId, String>, AppError> {
    let users = tx.list_users_by_id(&Vec::from_iter(ids)).await?;
    Ok(users
        .into_iter()
        .map(|one| (one.id, one.username))
        .collect())
}
