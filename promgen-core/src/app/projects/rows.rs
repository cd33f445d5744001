//! Projects as tables show them: each with its exporters and who hears about it.

use std::collections::{BTreeMap, BTreeSet};

use super::overview::may;
use crate::app::policy::{Access, Act, May};
use crate::app::senders::{self, SenderView};
use crate::app::{Actor, App, AppError, Listed, Part, ProjectFilter};
use crate::model::{
    Exporter, Farm, FarmId, Project, ProjectId, SenderOwner, Service, ServiceId, Shard, ShardId,
    UserId,
};
use crate::store::{ProjectKey, ProjectOrder, Tx};

/// A project in a table.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectRow {
    /// The project.
    pub project: Project,
    /// Its service.
    pub service: Service,
    /// Its shard, without the authorization.
    pub shard: Shard,
    /// User name of who answers for it.
    pub owner: Option<String>,
    /// Its farm.
    pub farm: Option<Farm>,
    /// How many hosts that has.
    pub hosts: u64,
    /// How many URLs are probed for it.
    pub urls: u64,
    /// Its exporters, by job and port.
    pub exporters: Vec<Exporter>,
    /// Its senders, by id.
    pub senders: Vec<SenderView>,
    /// Whether its service has senders.
    pub heard_above: bool,
    /// What the actor may do with it.
    pub may: May,
}

/// A slice of the projects that the actor may see, in the order of a table. The number of statements
/// does not depend on how many there are.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn rows(
    app: &App,
    actor: &Actor,
    filter: &ProjectFilter<'_>,
    order: ProjectOrder,
    part: impl Into<Part<ProjectKey>>,
) -> Result<Listed<ProjectRow>, AppError> {
    let part = part.into();
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let visible = access.visible();
    let listed = tx.page_projects_by(&visible, filter, order, part).await?;
    rows_of(app, &tx, &access, listed).await
}

/// The rows of projects that the actor may see.
pub(in crate::app) async fn rows_of(
    app: &App,
    tx: &Tx,
    access: &Access,
    listed: Listed<Project>,
) -> Result<Listed<ProjectRow>, AppError> {
    let beside = Beside::load(app, tx, &listed.items).await?;
    Ok(listed.filter_map(|project| beside.row(app, access, project)))
}

/// What stands beside the projects of a page.
struct Beside {
    services: BTreeMap<ServiceId, Service>,
    shards: BTreeMap<ShardId, Shard>,
    farms: BTreeMap<FarmId, Farm>,
    hosts: BTreeMap<FarmId, u64>,
    urls: BTreeMap<ProjectId, u64>,
    owners: BTreeMap<UserId, String>,
    exporters: Vec<Exporter>,
    senders: Vec<SenderView>,
    /// The services that have senders.
    heard: BTreeSet<SenderOwner>,
}

impl Beside {
    async fn load(app: &App, tx: &Tx, projects: &[Project]) -> Result<Self, AppError> {
        let ids: Vec<ProjectId> = projects.iter().map(|one| one.id).collect();
        let services: BTreeSet<ServiceId> = projects.iter().map(|one| one.service).collect();
        let shards: BTreeSet<ShardId> = projects.iter().map(|one| one.shard).collect();
        let farms: BTreeSet<FarmId> = projects.iter().filter_map(|one| one.farm).collect();
        let (services, shards) = (Vec::from_iter(services), Vec::from_iter(shards));
        let above: Vec<_> = services.iter().copied().map(SenderOwner::Service).collect();
        let heard = tx.count_senders_of(&above).await?;
        let owners: Vec<_> = ids.iter().copied().map(SenderOwner::Project).collect();
        let mut exporters = tx.list_exporters_of(&ids).await?;
        exporters.sort_by(|a, b| (&a.job, a.port, a.id).cmp(&(&b.job, b.port, b.id)));
        let services_found = tx.list_services_by_id(&services).await?;
        let shards_found = tx.list_shards_by_id(&shards).await?;
        let farms = Vec::from_iter(farms);
        let farms_found = tx.list_farms_by_id(&farms).await?;
        let people: BTreeSet<UserId> = projects.iter().filter_map(|one| one.owner).collect();
        Ok(Self {
            hosts: tx.count_hosts_of(&farms).await?,
            urls: tx.count_urls_by_project(&ids).await?,
            owners: tx.usernames(&people).await?,
            heard: heard.into_keys().collect(),
            services: services_found
                .into_iter()
                .map(|one| (one.id, one))
                .collect(),
            shards: shards_found.into_iter().map(|one| (one.id, one)).collect(),
            farms: farms_found.into_iter().map(|one| (one.id, one)).collect(),
            exporters,
            senders: senders::views_of(app, tx, &owners).await?,
        })
    }

    fn row(&self, app: &App, access: &Access, project: Project) -> Option<ProjectRow> {
        let service = self.services.get(&project.service)?.clone();
        let shard = Shard {
            authorization: None,
            ..self.shards.get(&project.shard)?.clone()
        };
        let exporters = self.exporters.iter();
        let exporters = exporters.filter(|one| one.project == project.id);
        let senders = self.senders.iter();
        let senders = senders.filter(|one| one.owner == SenderOwner::Project(project.id));
        Some(ProjectRow {
            owner: project.owner.and_then(|id| self.owners.get(&id)).cloned(),
            hosts: project
                .farm
                .and_then(|id| self.hosts.get(&id))
                .map_or(0, |n| *n),
            urls: self.urls.get(&project.id).copied().unwrap_or(0),
            exporters: exporters.cloned().collect(),
            senders: senders.cloned().collect(),
            heard_above: self.heard.contains(&SenderOwner::Service(service.id)),
            farm: project.farm.and_then(|id| self.farms.get(&id)).cloned(),
            may: may(app, access, &project, &service),
            service,
            shard,
            project,
        })
    }
}
