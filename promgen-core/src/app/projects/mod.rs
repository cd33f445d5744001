//! Projects: listed, looked at, made, changed, deleted.

mod change;
mod check;
mod overview;
mod rows;

pub use change::{NewProject, ProjectChange, create, delete, update};
pub(super) use change::{put, require_own};
pub(super) use check::open_shard;
pub use overview::{Owned, Parts, ProjectOverview, overview};
pub(super) use rows::rows_of;
pub use rows::{ProjectRow, rows};

use super::policy::{Access, Act, On};
use super::{Actor, App, AppError, Listed, ProjectFilter, Slice};
use crate::model::{Farm, Project, ProjectId, Service, Shard};
use crate::store::Tx;

/// A project with what is shown beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectDetail {
    /// The project.
    pub project: Project,
    /// User name of who answers for it.
    pub owner: Option<String>,
    /// Its service.
    pub service: Service,
    /// Its shard, without the authorization.
    pub shard: Shard,
    /// Its farm, and the projects that it serves as far as the actor may see them, by id.
    pub farm: Option<(Farm, Vec<Project>)>,
}

/// The projects that the actor may see, by name.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &ProjectFilter<'_>,
    slice: Slice,
) -> Result<Listed<Project>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    Ok(tx.page_projects(&access.visible(), filter, slice).await?)
}

/// One project.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] without a role on it or on
/// its service.
pub async fn find(app: &App, actor: &Actor, id: ProjectId) -> Result<ProjectDetail, AppError> {
    find_for(app, actor, Act::See, id).await
}

/// One project, for whoever wants to do something to it. To own its service is to own it.
///
/// # Errors
/// As [`find`]; [`AppError::Forbidden`] for whoever may not do that.
pub async fn find_for(
    app: &App,
    actor: &Actor,
    act: Act,
    id: ProjectId,
) -> Result<ProjectDetail, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(act, app.settings())?;
    let project = load(&tx, id).await?;
    if act == Act::Own {
        let service = tx.load_service(project.service).await?;
        require_own(app, &access, &project, service.as_ref())?;
    } else {
        access.require_on(act, On::Project(&project), app.settings())?;
    }
    detail(&tx, &access, project).await
}

async fn detail(tx: &Tx, access: &Access, project: Project) -> Result<ProjectDetail, AppError> {
    let gone = |what| AppError::not_found(what, &project.id);
    let service = tx.load_service(project.service).await?;
    let shard = tx.load_shard(project.shard).await?;
    let mut shard = shard.ok_or_else(|| gone("shard of project"))?;
    shard.authorization = None;
    let owner = match project.owner {
        Some(owner) => tx.load_user(owner).await?.map(|user| user.username),
        None => None,
    };
    Ok(ProjectDetail {
        owner,
        service: service.ok_or_else(|| gone("service of project"))?,
        shard,
        farm: farm_of(tx, access, &project).await?,
        project,
    })
}

async fn farm_of(
    tx: &Tx,
    access: &Access,
    project: &Project,
) -> Result<Option<(Farm, Vec<Project>)>, AppError> {
    let Some(id) = project.farm else {
        return Ok(None);
    };
    let Some(farm) = tx.find_farm(id).await? else {
        return Ok(None);
    };
    let mut served = tx.list_projects_on(&[id]).await?;
    served.retain(|one| access.sees(On::Project(one)));
    Ok(Some((farm, served)))
}

async fn load(tx: &Tx, id: ProjectId) -> Result<Project, AppError> {
    let found = tx.load_project(id).await?;
    found.ok_or_else(|| AppError::not_found("project", &id))
}
