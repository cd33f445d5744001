//! URLs that probes watch: listed, registered, deleted.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Subject};
use super::exporters::projects_of;
use super::input::{both, check_text};
use super::policy::{Access, Act, On};
use super::registration::Registered;
use super::{Actor, App, AppError, Listed, Slice, Sort};
use crate::model::{
    AuditKind, Probe, Project, ProjectId, Service, ServiceId, Url, UrlId, is_web_url,
};
use crate::store::{Tx, UrlFilter, UrlKey};

/// A URL with what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectUrl {
    /// The URL.
    pub url: Url,
    /// Its project.
    pub project: Project,
    /// Module of the probe that watches it.
    pub probe: String,
}

/// The URLs that the actor may see, by the names of service and project, then by URL; with
/// `probe`, those that a probe of that module watches.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::Invalid`] for a probe that does
/// not exist.
pub async fn list(
    app: &App,
    actor: &Actor,
    project: Option<ProjectId>,
    probe: Option<&str>,
    slice: Slice,
) -> Result<Listed<ProjectUrl>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let probe = match probe {
        Some(module) => Some(probe_of(&tx, module).await?.id),
        None => None,
    };
    let filter = UrlFilter { project, probe };
    let listed = tx
        .page_urls(&access.visible(), filter, Sort::default(), slice)
        .await?;
    let ids: BTreeSet<ProjectId> = listed.items.iter().map(|one| one.project).collect();
    let projects = projects_of(&tx, ids).await?;
    let probes = tx.list_probes().await?;
    Ok(listed.filter_map(|url| {
        let probe = probes.iter().find(|probe| probe.id == url.probe)?;
        Some(ProjectUrl {
            project: projects.get(&url.project)?.clone(),
            probe: probe.module.clone(),
            url,
        })
    }))
}

/// A URL in the table of all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlRow {
    /// The URL.
    pub url: Url,
    /// Its project.
    pub project: Project,
    /// The service of that.
    pub service: Service,
    /// The probe that watches it.
    pub probe: Probe,
    /// Whether the actor may delete it.
    pub may_edit: bool,
}

/// As [`list`], with what a table shows beside them.
///
/// # Errors
/// As [`list`], but for probes.
pub async fn rows(
    app: &App,
    actor: &Actor,
    project: Option<ProjectId>,
    sort: Sort<UrlKey>,
    slice: Slice,
) -> Result<Listed<UrlRow>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let filter = UrlFilter {
        project,
        probe: None,
    };
    let listed = tx.page_urls(&access.visible(), filter, sort, slice).await?;
    let ids: BTreeSet<ProjectId> = listed.items.iter().map(|one| one.project).collect();
    let projects = projects_of(&tx, ids).await?;
    let ids: BTreeSet<ServiceId> = projects.values().map(|one| one.service).collect();
    let services = tx.list_services_by_id(&Vec::from_iter(ids)).await?;
    let services: BTreeMap<_, _> = services.into_iter().map(|one| (one.id, one)).collect();
    let probes = tx.list_probes().await?;
    Ok(listed.filter_map(|url| {
        let project = projects.get(&url.project)?.clone();
        Some(UrlRow {
            may_edit: access.may(On::Project(&project), app.settings()).edit,
            service: services.get(&project.service)?.clone(),
            probe: probes.iter().find(|probe| probe.id == url.probe)?.clone(),
            project,
            url,
        })
    }))
}

/// A URL that the actor may delete, with its project.
///
/// # Errors
/// As [`delete`].
pub async fn find_own(app: &App, actor: &Actor, id: UrlId) -> Result<(Url, Project), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    own(app, &tx, &access, id).await
}

async fn own(app: &App, tx: &Tx, access: &Access, id: UrlId) -> Result<(Url, Project), AppError> {
    access.require(Act::Edit, app.settings())?;
    let missing = || AppError::not_found("url", &id);
    let url = tx.load_url(id).await?.ok_or_else(missing)?;
    let project = tx.load_project(url.project).await?;
    let project = project.ok_or_else(missing)?;
    access.require_on(Act::Edit, On::Project(&project), app.settings())?;
    Ok((url, project))
}

fn check_url(url: &str) -> Result<(), AppError> {
    if is_web_url(url) {
        return Ok(());
    }
    let remedy = "write an http or https URL of at most 256 characters";
    Err(AppError::invalid("url", "is not a URL", remedy))
}

async fn probe_of(tx: &Tx, module: &str) -> Result<Probe, AppError> {
    check_text("probe", module)?;
    let found = tx.find_probe(module).await?;
    found.ok_or_else(|| {
        let message = format!("there is no probe {module:?}");
        AppError::invalid(
            "probe",
            message,
            "choose one that GET /rest/v2/probes lists",
        )
    })
}

/// Adds a URL to a project, unless the same probe watches it there already.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] without the right to edit
/// it, [`AppError::Invalid`] for a URL that cannot be, and for an unknown probe.
pub async fn register(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    url: &str,
    probe: &str,
) -> Result<(ProjectUrl, Registered), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let found = change.tx().load_project(project).await?;
    let project = found.ok_or_else(|| AppError::not_found("project", &project))?;
    access.require_on(Act::Edit, On::Project(&project), app.settings())?;
    let ((), probe) = both(check_url(url), probe_of(change.tx(), probe).await)?;
    let mut url = Url {
        id: UrlId(0),
        url: url.to_owned(),
        project: project.id,
        probe: probe.id,
    };
    let found = change.tx().find_url(&url).await?;
    let registered = if let Some(same) = found {
        url = same;
        Registered::Found
    } else {
        url.id = change.tx().insert_url(&url).await?;
        change.created(subject(&url), &url);
        change.commit().await?;
        Registered::Created
    };
    let probe = probe.module;
    let made = ProjectUrl {
        url,
        project,
        probe,
    };
    Ok((made, registered))
}

/// Deletes a URL.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown URL, [`AppError::Forbidden`] without the right to edit its
/// project.
pub async fn delete(app: &App, actor: &Actor, id: UrlId) -> Result<(), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let (url, _) = own(app, change.tx(), &access, id).await?;
    change.tx().delete_url(id).await?;
    change.deleted(subject(&url), &url);
    change.commit().await
}

fn subject(url: &Url) -> Subject {
    Subject::new(AuditKind::Url, url.id.0, &url.url).below(AuditKind::Project, url.project.0)
}
