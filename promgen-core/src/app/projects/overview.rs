//! Everything that the page of a project shows.

use super::{ProjectDetail, detail, load};
use crate::app::policy::{Access, Act, May, On};
use crate::app::{Actor, App, AppError, Listed, Part, Slice};
use crate::model::{
    Exporter, Host, Probe, Project, ProjectId, RuleOwner, SenderOwner, Service, Url,
};
use crate::store::{ExporterFilter, ExporterKey, NameKey, Tx, UrlFilter, UrlKey};

/// Which part of each list of a project is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Exporters.
    pub exporters: Part<ExporterKey>,
    /// Hosts.
    pub hosts: Part<NameKey>,
    /// URLs.
    pub urls: Part<UrlKey>,
}

impl Parts {
    /// Nothing of any list but its length.
    pub fn none() -> Self {
        let none = Slice {
            offset: 0,
            limit: 0,
        };
        Self {
            exporters: none.into(),
            hosts: none.into(),
            urls: none.into(),
        }
    }
}

/// A project with what is below it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectOverview {
    /// The project and what is above and beside it.
    pub detail: ProjectDetail,
    /// What the actor may do with it. To own its service is to own it.
    pub may: May,
    /// Whether the actor may change its farm: every project that the farm serves is theirs to edit.
    pub may_edit_farm: bool,
    /// What is scraped on its hosts.
    pub exporters: Listed<Exporter>,
    /// The hosts of its farm.
    pub hosts: Listed<Host>,
    /// The URLs that are probed for it.
    pub urls: Listed<Url>,
    /// Every probe.
    pub probes: Vec<Probe>,
    /// Its rules and senders, counted.
    pub own: Owned,
    /// Those of its service.
    pub above: Owned,
}

/// How much an object has of what belongs to owners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Owned {
    /// Rules.
    pub rules: u64,
    /// Senders.
    pub senders: u64,
}

/// A project with what is below it. The number of statements does not depend on how much that is.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] without a role on it or on
/// its service.
pub async fn overview(
    app: &App,
    actor: &Actor,
    id: ProjectId,
    parts: Parts,
) -> Result<ProjectOverview, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let project = load(&tx, id).await?;
    access.require_on(Act::See, On::Project(&project), app.settings())?;
    let may_edit_farm = may_edit_farm(app, &tx, &access, &project).await?;
    let detail = detail(&tx, &access, project).await?;
    let project = &detail.project;
    let visible = access.visible();
    let of_project = ExporterFilter {
        project: Some(id),
        ..ExporterFilter::default()
    };
    let urls = UrlFilter {
        project: Some(id),
        ..UrlFilter::default()
    };
    let hosts = match project.farm {
        Some(farm) => tx.page_hosts(farm, parts.hosts).await?,
        None => Listed::cut(Vec::new(), parts.hosts.slice),
    };
    let [own, above] = owned(&tx, project).await?;
    Ok(ProjectOverview {
        may: may(app, &access, project, &detail.service),
        may_edit_farm,
        exporters: tx
            .page_exporters(&visible, &of_project, parts.exporters)
            .await?,
        hosts,
        urls: tx
            .page_urls(&visible, urls, parts.urls.sort, parts.urls.slice)
            .await?,
        probes: tx.list_probes().await?,
        own,
        above,
        detail,
    })
}

/// What the actor may do with a project.
pub(super) fn may(app: &App, access: &Access, project: &Project, service: &Service) -> May {
    let may = access.may(On::Project(project), app.settings());
    May {
        own: may.own || access.may(On::Service(service), app.settings()).own,
        ..may
    }
}

async fn may_edit_farm(
    app: &App,
    tx: &Tx,
    access: &Access,
    project: &Project,
) -> Result<bool, AppError> {
    let Some(farm) = project.farm else {
        return Ok(false);
    };
    let served = tx.list_projects_on(&[farm]).await?;
    Ok(access.may(On::Farm(&served), app.settings()).edit)
}

/// What a project and its service have.
async fn owned(tx: &Tx, project: &Project) -> Result<[Owned; 2], AppError> {
    let (own, above) = (project.id, project.service);
    let rules = [RuleOwner::Project(own), RuleOwner::Service(above)];
    let senders = [SenderOwner::Project(own), SenderOwner::Service(above)];
    let rules_of = tx.count_rules_of(&rules).await?;
    let senders_of = tx.count_senders_of(&senders).await?;
    let count = |rules: &RuleOwner, senders: &SenderOwner| Owned {
        rules: rules_of.get(rules).copied().unwrap_or(0),
        senders: senders_of.get(senders).copied().unwrap_or(0),
    };
    let [own_rules, rules_above] = &rules;
    let [own_senders, senders_above] = &senders;
    Ok([
        count(own_rules, own_senders),
        count(rules_above, senders_above),
    ])
}
