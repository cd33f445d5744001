//! Exporters of projects: listed, looked at, registered, switched, deleted.

use std::collections::BTreeSet;

use super::change::{Change, Subject, refuse_errors};
use super::policy::{Access, Act, On};
use super::{Actor, App, AppError, Listed, Slice, Sort};
use crate::model::{
    AuditKind, Exporter, ExporterId, Problem, Project, ProjectId, Scheme, Service, ServiceId,
    is_exporter_path, is_line,
};
use crate::store::{EveryExporterKey, Tx};

pub use crate::store::{ExporterFilter, ExporterSearch};

/// An exporter and the project that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectExporter {
    /// The exporter.
    pub exporter: Exporter,
    /// Its project.
    pub project: Project,
}

/// An exporter to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewExporter<'a> {
    /// Job; 1 to 128 characters.
    pub job: &'a str,
    /// Port.
    pub port: u16,
    /// Path and query; empty for Prometheus' own default.
    pub path: &'a str,
    /// Scheme.
    pub scheme: Scheme,
    /// Whether it is scraped from now on.
    pub enabled: bool,
}

/// The exporters that the actor may see, by job and port.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &ExporterFilter<'_>,
    slice: Slice,
) -> Result<Listed<ProjectExporter>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let listed = tx.page_exporters(&access.visible(), filter, slice).await?;
    let ids: BTreeSet<ProjectId> = listed.items.iter().map(|one| one.project).collect();
    let projects = projects_of(&tx, ids).await?;
    Ok(listed.filter_map(|exporter| {
        let project = projects.get(&exporter.project)?.clone();
        Some(ProjectExporter { exporter, project })
    }))
}

/// An exporter in the list of all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExporterRow {
    /// The exporter.
    pub exporter: Exporter,
    /// Its project.
    pub project: Project,
    /// The service of that.
    pub service: Service,
    /// How many exporters have the same job, port and path, itself included.
    pub uses: u64,
}

/// The exporters of all projects.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser.
pub async fn overview(
    app: &App,
    actor: &Actor,
    search: &ExporterSearch<'_>,
    sort: Sort<EveryExporterKey>,
    slice: Slice,
) -> Result<Listed<ExporterRow>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Administer, app.settings())?;
    let listed = tx.search_exporters(search, sort, slice).await?;
    let uses = tx.count_alike(&listed.items).await?;
    let ids: BTreeSet<ProjectId> = listed.items.iter().map(|one| one.project).collect();
    let projects = projects_of(&tx, ids).await?;
    let ids: BTreeSet<ServiceId> = projects.values().map(|one| one.service).collect();
    let ids: Vec<ServiceId> = ids.into_iter().collect();
    let services = tx.list_services_by_id(&ids).await?;
    Ok(listed.filter_map(|exporter| {
        let project = projects.get(&exporter.project)?.clone();
        let service = services.iter().find(|one| one.id == project.service)?;
        let kind = (exporter.job.clone(), exporter.port, exporter.path.clone());
        Some(ExporterRow {
            service: service.clone(),
            uses: uses.get(&kind).copied().unwrap_or(1),
            project,
            exporter,
        })
    }))
}

/// Projects by their ids.
pub(super) async fn projects_of(
    tx: &Tx,
    ids: BTreeSet<ProjectId>,
) -> Result<std::collections::BTreeMap<ProjectId, Project>, AppError> {
    let ids: Vec<ProjectId> = ids.into_iter().collect();
    let projects = tx.list_projects_by_id(&ids).await?;
    Ok(projects.into_iter().map(|one| (one.id, one)).collect())
}

/// One exporter.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown exporter, [`AppError::Forbidden`] without a role on its
/// project.
pub async fn find(
    app: &App,
    actor: &Actor,
    exporter: ExporterId,
) -> Result<ProjectExporter, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    require(app, &tx, &access, Act::See, exporter).await
}

/// One exporter that the actor may change.
///
/// # Errors
/// As [`find`]; [`AppError::Forbidden`] without the right to edit its project.
pub async fn find_own(
    app: &App,
    actor: &Actor,
    exporter: ExporterId,
) -> Result<ProjectExporter, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    require(app, &tx, &access, Act::Edit, exporter).await
}

/// Adds an exporter to a project; one that is like it but for `enabled` stays as it is.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] without the right to edit
/// it, [`AppError::Invalid`] for a job, port or path that cannot be.
pub async fn register(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: &NewExporter<'_>,
) -> Result<ProjectExporter, AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let found = change.tx().load_project(project).await?;
    let project = found.ok_or_else(|| AppError::not_found("project", &project))?;
    access.require_on(Act::Edit, On::Project(&project), app.settings())?;
    check_exporter(new.job, new.port, new.path)?;
    let mut exporter = Exporter {
        id: ExporterId(0),
        job: new.job.to_owned(),
        port: new.port,
        path: new.path.to_owned(),
        scheme: new.scheme,
        project: project.id,
        enabled: new.enabled,
    };
    if let Some(exporter) = change.tx().find_same_exporter(&exporter).await? {
        return Ok(ProjectExporter { exporter, project });
    }
    exporter.id = change.tx().insert_exporter(&exporter).await?;
    change.created(subject(&exporter), &exporter);
    change.commit().await?;
    Ok(ProjectExporter { exporter, project })
}

/// Enables or disables an exporter; without a word on it it stays as it is.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown exporter, [`AppError::Forbidden`] without the right to edit
/// its project.
pub async fn switch(
    app: &App,
    actor: &Actor,
    exporter: ExporterId,
    enabled: Option<bool>,
) -> Result<ProjectExporter, AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let mut found = require(app, change.tx(), &access, Act::Edit, exporter).await?;
    let after = Exporter {
        enabled: enabled.unwrap_or(found.exporter.enabled),
        ..found.exporter.clone()
    };
    if after != found.exporter {
        change.tx().update_exporter(&after).await?;
        change.updated(subject(&after), &found.exporter, &after);
        change.commit().await?;
        found.exporter = after;
    }
    Ok(found)
}

/// Deletes an exporter.
///
/// # Errors
/// As [`switch`].
pub async fn delete(app: &App, actor: &Actor, exporter: ExporterId) -> Result<(), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let found = require(app, change.tx(), &access, Act::Edit, exporter).await?;
    change.tx().delete_exporter(exporter).await?;
    change.deleted(subject(&found.exporter), &found.exporter);
    change.commit().await
}

async fn require(
    app: &App,
    tx: &Tx,
    access: &Access,
    act: Act,
    id: ExporterId,
) -> Result<ProjectExporter, AppError> {
    access.require(act, app.settings())?;
    let missing = || AppError::not_found("exporter", &id);
    let exporter = tx.load_exporter(id).await?.ok_or_else(missing)?;
    let project = tx.load_project(exporter.project).await?;
    let project = project.ok_or_else(missing)?;
    access.require_on(act, On::Project(&project), app.settings())?;
    Ok(ProjectExporter { exporter, project })
}

fn subject(exporter: &Exporter) -> Subject {
    let Exporter {
        id,
        job,
        port,
        path,
        project,
        ..
    } = exporter;
    let name = format!("{job}:{port}{path}");
    Subject::new(AuditKind::Exporter, id.0, name).below(AuditKind::Project, project.0)
}

/// Refuses a port that is none.
pub(super) fn check_port(port: u16) -> Option<Problem> {
    let wrong = || Problem::error("port", "0 is not a port", "give a number from 1 to 65535");
    (port == 0).then(wrong)
}

/// Refuses a job, port or path that an exporter cannot have.
pub(super) fn check_exporter(job: &str, port: u16, path: &str) -> Result<(), AppError> {
    let mut problems = check_place(port, path);
    if job.is_empty() || !is_line(job, 128) {
        let remedy = "give 1 to 128 characters on one line";
        problems.push(Problem::error("job", "is not a job name", remedy));
    }
    refuse_errors(problems)?;
    Ok(())
}

/// What is wrong with where an exporter listens.
pub(super) fn check_place(port: u16, path: &str) -> Vec<Problem> {
    let mut problems: Vec<Problem> = check_port(port).into_iter().collect();
    if !is_exporter_path(path) {
        let remedy = "begin it with /, on one line of at most 128 characters";
        problems.push(Problem::error("path", "is not a path", remedy));
    }
    problems
}
