//! Farms with the projects that they serve: listed, looked at, and who may do what to them.

use std::collections::BTreeMap;

use super::list::load;
use crate::app::change::Subject;
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError, Listed, Slice, Sort};
use crate::config::Settings;
use crate::model::{AuditKind, Farm, FarmId, Host, Project, ProjectId};
use crate::store::{FarmFilter, Tx};

/// A farm and the projects that it serves, sorted by id. What is answered to somebody holds only
/// projects that they may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The farm.
    pub farm: Farm,
    /// The projects.
    pub projects: Vec<Project>,
}

impl Served {
    /// A farm on which the actor may do this.
    pub(in crate::app) async fn require(
        tx: &Tx,
        access: &Access,
        act: Act,
        farm: FarmId,
        settings: &Settings,
    ) -> Result<Self, AppError> {
        access.require(act, settings)?;
        let farm = load(tx, farm).await?;
        let projects = tx.list_projects_on(&[farm.id]).await?;
        access.require_on(act, On::Farm(&projects), settings)?;
        Ok(Self { farm, projects })
    }

    /// The same farm without projects that the actor may not see.
    pub(super) fn seen_by(mut self, access: &Access) -> Self {
        self.projects
            .retain(|project| access.sees(On::Project(project)));
        self
    }

    /// What the audit log calls it; the history of its first project shows the entry too.
    pub(super) fn subject(&self) -> Subject {
        let subject = Subject::new(AuditKind::Farm, self.farm.id.0, &self.farm.name);
        match self.projects.first() {
            Some(project) => subject.below(AuditKind::Project, project.id.0),
            None => subject,
        }
    }
}

/// The farms that the actor may see, by name.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: FarmFilter<'_>,
    slice: Slice,
) -> Result<Listed<Served>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let listed = tx
        .page_farms(&access.visible(), filter, Sort::default(), slice)
        .await?;
    let ids: Vec<FarmId> = listed.items.iter().map(|farm| farm.id).collect();
    let mut served: BTreeMap<FarmId, Vec<Project>> = BTreeMap::new();
    for project in tx.list_projects_on(&ids).await? {
        if let Some(farm) = project.farm.filter(|_| access.sees(On::Project(&project))) {
            served.entry(farm).or_default().push(project);
        }
    }
    Ok(listed.map(|farm| Served {
        projects: served.remove(&farm.id).unwrap_or_default(),
        farm,
    }))
}

/// The farm of a project, as a list that is empty without one.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] without a role on it.
pub async fn of_project(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    slice: Slice,
) -> Result<Listed<Served>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let found = tx.load_project(project).await?;
    let project = found.ok_or_else(|| AppError::not_found("project", &project))?;
    access.require_on(Act::See, On::Project(&project), app.settings())?;
    let mut farms = Vec::new();
    if let Some(farm) = project.farm {
        let served = Served::require(&tx, &access, Act::See, farm, app.settings()).await?;
        farms.push(served.seen_by(&access));
    }
    Ok(Listed::cut(farms, slice))
}

/// One farm.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown farm, [`AppError::Forbidden`] without a role on any project
/// that it serves.
pub async fn see(app: &App, actor: &Actor, farm: FarmId) -> Result<Served, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    let served = Served::require(&tx, &access, Act::See, farm, app.settings()).await?;
    Ok(served.seen_by(&access))
}

/// The hosts of a farm, by name.
///
/// # Errors
/// As [`see`].
pub async fn hosts(
    app: &App,
    actor: &Actor,
    farm: FarmId,
    slice: Slice,
) -> Result<Listed<Host>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    Served::require(&tx, &access, Act::See, farm, app.settings()).await?;
    Ok(tx.page_hosts(farm, slice).await?)
}

/// A remote farm that the actor may edit, as far as they may see it.
pub(super) async fn require_remote(
    app: &App,
    actor: &Actor,
    farm: FarmId,
) -> Result<Served, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    let served = Served::require(&tx, &access, Act::Edit, farm, app.settings()).await?;
    if served.farm.is_local() {
        let message = format!(
            "only remote farms can be synced or converted; {} is local",
            served.farm.name
        );
        return Err(AppError::invalid("", message, "leave it as it is"));
    }
    Ok(served.seen_by(&access))
}
