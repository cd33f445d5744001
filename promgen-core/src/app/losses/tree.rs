//! What goes away with services, projects, farms and hosts.

use std::collections::BTreeMap;

use super::{FIRST, Fate, Loss, first, some};
use crate::app::farms::Served;
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError, Listed, ProjectFilter, Sort, projects, roles, senders};
use crate::model::{FarmId, HostId, Name, ProjectId, Rule, RuleOwner, ServiceId};
use crate::store::{ExporterFilter, RuleFilter, Tx, UrlFilter, Visible};

/// What goes away with a service.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown service, [`AppError::Forbidden`] for whoever is not its owner.
pub async fn of_service(app: &App, actor: &Actor, id: ServiceId) -> Result<Vec<Loss>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Own, app.settings())?;
    let service = tx.load_service(id).await?;
    let service = service.ok_or_else(|| AppError::not_found("service", &id))?;
    access.require_on(Act::Own, On::Service(&service), app.settings())?;
    let part = Visible::Some {
        services: vec![id],
        projects: Vec::new(),
    };
    let of_it = ProjectFilter {
        service_id: Some(id),
        ..ProjectFilter::default()
    };
    let projects = tx.page_projects(&part, &of_it, FIRST).await?;
    let own = rules(&tx, &part, RuleOwner::Service(id).kind()).await?;
    let below = rules(&tx, &part, RuleOwner::Project(ProjectId(0)).kind()).await?;
    let mut losses = vec![
        Loss::Projects(projects),
        Loss::Rules(Listed {
            count: own.count + below.count,
            items: first([own.items, below.items].concat()).items,
        }),
    ];
    losses.extend(below_projects(app, &tx, &part).await?);
    Ok(some(losses))
}

/// What goes away with a project.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] for whoever owns neither it
/// nor its service.
pub async fn of_project(app: &App, actor: &Actor, id: ProjectId) -> Result<Vec<Loss>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Own, app.settings())?;
    let project = tx.load_project(id).await?;
    let project = project.ok_or_else(|| AppError::not_found("project", &id))?;
    let service = tx.load_service(project.service).await?;
    projects::require_own(app, &access, &project, service.as_ref())?;
    let part = Visible::Some {
        services: Vec::new(),
        projects: vec![id],
    };
    let own = rules(&tx, &part, RuleOwner::Project(id).kind()).await?;
    let mut losses = vec![Loss::Rules(own)];
    losses.extend(below_projects(app, &tx, &part).await?);
    Ok(some(losses))
}

/// What goes away with a farm.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown farm, [`AppError::Forbidden`] without the right to edit every
/// project that it serves.
pub async fn of_farm(app: &App, actor: &Actor, id: FarmId) -> Result<Vec<Loss>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    let served = Served::require(&tx, &access, Act::Edit, id, app.settings()).await?;
    Ok(some([
        Loss::Hosts(tx.page_hosts(id, FIRST).await?),
        Loss::Hostless(first(served.projects)),
    ]))
}

/// What is otherwise without a host. Those of a remote farm come from its source, and stay.
///
/// # Errors
/// As [`of_farm`], of the farm of the host.
pub async fn of_host(app: &App, actor: &Actor, id: HostId) -> Result<Fate, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Edit, app.settings())?;
    let host = tx.load_host(id).await?;
    let host = host.ok_or_else(|| AppError::not_found("host", &id))?;
    let served = Served::require(&tx, &access, Act::Edit, host.farm, app.settings()).await?;
    if !served.farm.is_local() {
        return Ok(Fate::Stays(Vec::new()));
    }
    Ok(Fate::Goes(some([Loss::Scraped(first(served.projects))])))
}

/// What goes away when a project is left without its farm: a remote one that serves no other. One
/// without a farm stays as it is.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] for whoever may not edit it.
pub async fn of_unlinking(app: &App, actor: &Actor, id: ProjectId) -> Result<Fate, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Edit, app.settings())?;
    let project = tx.load_project(id).await?;
    let project = project.ok_or_else(|| AppError::not_found("project", &id))?;
    access.require_on(Act::Edit, On::Project(&project), app.settings())?;
    let Some(farm) = project.farm else {
        return Ok(Fate::Stays(Vec::new()));
    };
    let found = tx.find_farm(farm).await?;
    let found = found.ok_or_else(|| AppError::not_found("farm", &farm))?;
    if found.is_local() || tx.list_projects_on(&[farm]).await?.len() > 1 {
        return Ok(Fate::Goes(Vec::new()));
    }
    let hosts = tx.page_hosts(farm, FIRST).await?;
    Ok(Fate::Goes(some([Loss::Hosts(hosts)])))
}

/// What a part of the tree has besides services, projects and rules.
async fn below_projects(app: &App, tx: &Tx, part: &Visible) -> Result<[Loss; 4], AppError> {
    let exporters = tx
        .page_exporters(part, &ExporterFilter::default(), FIRST)
        .await?;
    let urls = tx
        .page_urls(part, UrlFilter::default(), Sort::default(), FIRST)
        .await?;
    let above = exporters.items.iter().map(|exporter| exporter.project);
    let above: Vec<ProjectId> = above
        .chain(urls.items.iter().map(|url| url.project))
        .collect();
    let names = project_names(tx, &above).await?;
    let grants = tx.page_grants_on(part, FIRST).await?;
    Ok([
        Loss::Exporters(exporters.filter_map(|one| {
            let name = names.get(&one.project)?.clone();
            Some((one, name))
        })),
        Loss::Urls(urls.filter_map(|one| {
            let name = names.get(&one.project)?.clone();
            Some((one, name))
        })),
        Loss::Senders(senders::within(app, tx, part, FIRST).await?),
        Loss::Roles(roles::named(tx, grants).await?),
    ])
}

/// The rules of one kind of owners in a part of the tree.
async fn rules(tx: &Tx, part: &Visible, owners: &str) -> Result<Listed<Rule>, AppError> {
    let of_them = RuleFilter {
        owner_kind: Some(owners),
        ..RuleFilter::default()
    };
    Ok(tx.page_rules(part, &of_them, FIRST).await?)
}

/// The names of projects.
pub(super) async fn project_names(
    tx: &Tx,
    ids: &[ProjectId],
) -> Result<BTreeMap<ProjectId, Name>, AppError> {
    let projects = tx.list_projects_by_id(ids).await?;
    let named = projects.into_iter().map(|one| (one.id, one.name));
    Ok(named.collect())
}
