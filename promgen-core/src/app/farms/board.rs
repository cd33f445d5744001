//! Farms as the pages show them: with their hosts, and what somebody may do with them.

use std::collections::BTreeMap;

use super::served::Served;
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError, Listed, Part, Slice, Sort};
use crate::model::{FarmId, Host, HostId, Project, Service};
use crate::store::{FarmFilter, FarmKey, NameKey, Tx};

/// A farm in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FarmRow {
    /// The farm, and the projects that it serves as far as the actor may see them.
    pub served: Served,
    /// How many hosts it has.
    pub hosts: u64,
    /// Whether the actor may change it: every project that it serves is theirs to edit.
    pub may_edit: bool,
}

/// A farm with its hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FarmOverview {
    /// The farm, and the projects that it serves as far as the actor may see them.
    pub served: Served,
    /// The service of the project, where that is the only one.
    pub service: Option<Service>,
    /// How many other projects it serves.
    pub hidden: usize,
    /// Its hosts, by name.
    pub hosts: Listed<Host>,
    /// Whether the actor may change it: every project that it serves is theirs to edit.
    pub may_edit: bool,
    /// Of the projects that the actor may see, those that they may not edit.
    pub in_the_way: Vec<Project>,
}

/// A host with where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedHost {
    /// The host.
    pub host: Host,
    /// Its farm, and the projects that this serves as far as the actor may see them.
    pub served: Served,
    /// The service of the project, where that is the only one.
    pub service: Option<Service>,
}

/// The farms that the actor may see. The number of statements does not depend on how many
/// there are.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn board(
    app: &App,
    actor: &Actor,
    filter: FarmFilter<'_>,
    sort: Sort<FarmKey>,
    slice: Slice,
) -> Result<Listed<FarmRow>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let listed = tx
        .page_farms(&access.visible(), filter, sort, slice)
        .await?;
    let ids: Vec<FarmId> = listed.items.iter().map(|farm| farm.id).collect();
    let hosts = tx.count_hosts_of(&ids).await?;
    let mut served: BTreeMap<FarmId, Vec<Project>> = BTreeMap::new();
    for project in tx.list_projects_on(&ids).await? {
        if let Some(farm) = project.farm {
            served.entry(farm).or_default().push(project);
        }
    }
    Ok(listed.map(|farm| {
        let projects = served.remove(&farm.id).unwrap_or_default();
        FarmRow {
            may_edit: access.may(On::Farm(&projects), app.settings()).edit,
            hosts: hosts.get(&farm.id).copied().unwrap_or(0),
            served: Served { farm, projects }.seen_by(&access),
        }
    }))
}

/// One farm.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown farm, [`AppError::Forbidden`] without a role on any project
/// that it serves.
pub async fn overview(
    app: &App,
    actor: &Actor,
    farm: FarmId,
    hosts: impl Into<Part<NameKey>>,
) -> Result<FarmOverview, AppError> {
    let hosts = hosts.into();
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    let all = Served::require(&tx, &access, Act::See, farm, app.settings()).await?;
    let hosts = tx.page_hosts(farm, hosts).await?;
    let may_edit = access.may(On::Farm(&all.projects), app.settings()).edit;
    let served = all.clone().seen_by(&access);
    let locked = |project: &&Project| !access.may(On::Project(project), app.settings()).edit;
    Ok(FarmOverview {
        service: service_above(&tx, &served).await?,
        hidden: all.projects.len().saturating_sub(served.projects.len()),
        in_the_way: served.projects.iter().filter(locked).cloned().collect(),
        hosts,
        may_edit,
        served,
    })
}

/// A host of a farm that the actor may edit.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown host, [`AppError::Forbidden`] without the right to edit every
/// project that its farm serves.
pub async fn host(app: &App, actor: &Actor, id: HostId) -> Result<PlacedHost, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Edit, app.settings())?;
    let host = tx.load_host(id).await?;
    let host = host.ok_or_else(|| AppError::not_found("host", &id))?;
    let served = Served::require(&tx, &access, Act::Edit, host.farm, app.settings()).await?;
    let served = served.seen_by(&access);
    Ok(PlacedHost {
        service: service_above(&tx, &served).await?,
        host,
        served,
    })
}

async fn service_above(tx: &Tx, served: &Served) -> Result<Option<Service>, AppError> {
    match served.projects.as_slice() {
        [only] => Ok(tx.load_service(only.service).await?),
        _ => Ok(None),
    }
}
