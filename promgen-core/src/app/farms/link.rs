//! Which farm serves a project, and where its hosts come from.

use serde::Serialize;

use super::list::load;
use super::refresh::{Refreshed, refreshed, save};
use super::register::{editable, project_of, refuse_second};
use super::served::{Served, require_remote};
use super::source::{Offers, Round, offered};
use crate::app::change::{Change, Subject};
use crate::app::policy::Act;
use crate::app::{Actor, App, AppError, Right};
use crate::model::{AuditKind, Farm, FarmId, LOCAL_SOURCE, Name, Project, ProjectId};

/// What [`link`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Linked {
    /// Whether the farm is new in Promgen.
    pub created: bool,
    /// The farm that the project had before, where it is deleted: see [`unlink`].
    pub deleted: Option<Farm>,
    /// The farm, and what became of its hosts.
    #[serde(flatten)]
    pub refreshed: Refreshed,
}

/// What [`unlink`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unlinked {
    /// The farm that the project had.
    pub farm: Farm,
    /// Whether it is deleted.
    pub deleted: bool,
}

/// The farms of a remote source that can serve a project.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to edit the project, [`AppError::NotFound`] for an unknown one,
/// [`AppError::Invalid`] for local farms and an unknown source, [`AppError::Plugin`] for a source that
/// refused its settings, [`AppError::Discovery`] when it does not answer.
pub async fn linkable(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    source: &str,
) -> Result<Offers, AppError> {
    project_of(app, actor, project).await?;
    refuse_local(source)?;
    offered(app, actor, source).await
}

fn refuse_local(source: &str) -> Result<(), AppError> {
    if source != LOCAL_SOURCE {
        return Ok(());
    }
    let message = "cannot link to a local farm";
    let remedy = "name a discovery source; `promgen plugins` lists them";
    Err(AppError::invalid("source", message, remedy))
}

/// Lets a farm of a remote source serve a project, in the place of the one that it had, and
/// refreshes it. The farm is made where Promgen does not know it; other projects may share it.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to edit the project, [`AppError::NotFound`] for an unknown one,
/// [`AppError::Invalid`] for a local farm, a name that cannot be and an unknown source,
/// [`AppError::Plugin`] for a source that refused its settings, [`AppError::Discovery`] when it
/// does not answer or does not know the farm.
pub async fn link(
    app: &App,
    actor: &Actor,
    project: &str,
    source: &str,
    farm: &str,
) -> Result<Linked, AppError> {
    actor.require(Right::TakePart, app.settings())?;
    refuse_local(source)?;
    let name = Name::parse(farm).map_err(|error| {
        let remedy = "name a farm as `promgen farm offers` shows it";
        AppError::invalid("farm", error.to_string(), remedy)
    })?;
    // Looked for before the source is asked: a slip of the pen need not wait for it.
    let project = named(app, actor, project).await?;
    let round = Round::begin(app, actor);
    link_in(&round, project, source, name, Existing::Replace).await
}

/// What becomes of the farm that a project has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// The project gets the other one.
    Replace,
    /// The project keeps it, and the act is refused.
    Refuse,
}

/// Asks the source for the hosts of a farm, and lets it serve a project.
pub(super) async fn link_in(
    round: &Round<'_>,
    project: ProjectId,
    source: &str,
    name: Name,
    existing: Existing,
) -> Result<Linked, AppError> {
    let app = round.app;
    let answer = round.hosts(source, &name).await?;
    let (mut change, access) = Change::open(app, round.actor, Act::Edit).await?;
    let project = editable(change.tx(), &access, project, app).await?;
    if existing == Existing::Refuse {
        refuse_second(&project)?;
    }
    let (farm, created) = farm_of(&mut change, source, name).await?;
    let deleted = serve(&mut change, &project, Some(farm.id)).await?;
    let difference = save(&mut change, &farm, &answer).await?;
    change.commit().await?;
    Ok(Linked {
        created,
        deleted,
        refreshed: refreshed(farm, answer, difference),
    })
}

async fn farm_of(
    change: &mut Change<'_>,
    source: &str,
    name: Name,
) -> Result<(Farm, bool), AppError> {
    if let Some(farm) = change.tx().find_farm_of(source, &name).await? {
        return Ok((farm, false));
    }
    let mut farm = Farm {
        id: FarmId(0),
        name,
        source: source.to_owned(),
    };
    farm.id = change.tx().insert_farm(&farm).await?;
    change.created(subject(&farm), &farm);
    Ok((farm, true))
}

/// Takes the farm from a project. A local farm stays, with its hosts; a remote one that serves no
/// other project is deleted, as Promgen 0.51 did: its source has its hosts.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to edit the project, [`AppError::NotFound`] for an unknown one,
/// [`AppError::Invalid`] for one without a farm.
pub async fn unlink(app: &App, actor: &Actor, project: &str) -> Result<Unlinked, AppError> {
    let project = named(app, actor, project).await?;
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let project = editable(change.tx(), &access, project, app).await?;
    let Some(id) = project.farm else {
        let message = format!("project {} has no farm", project.name);
        let remedy = "`promgen farm list` shows which projects have one";
        return Err(AppError::invalid("project", message, remedy));
    };
    let farm = load(change.tx(), id).await?;
    let deleted = serve(&mut change, &project, None).await?.is_some();
    change.commit().await?;
    Ok(Unlinked { farm, deleted })
}

/// Makes a remote farm a local one: its hosts stay, and from here on they are kept in Promgen. A
/// farm that is local already stays as it is.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to edit every project that it serves,
/// [`AppError::NotFound`] for an unknown farm.
pub async fn convert(app: &App, actor: &Actor, farm: FarmId) -> Result<Farm, AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let before = Served::require(change.tx(), &access, Act::Edit, farm, app.settings()).await?;
    if before.farm.is_local() {
        return Ok(before.farm);
    }
    let after = Farm {
        source: LOCAL_SOURCE.to_owned(),
        ..before.farm.clone()
    };
    change.tx().update_farm(&after).await?;
    change.updated(before.subject(), &before.farm, &after);
    change.commit().await?;
    Ok(after)
}

/// As [`convert`], of a farm that must be remote. Answers it with its projects.
///
/// # Errors
/// As [`convert`]; [`AppError::Invalid`] for a local farm.
pub async fn convert_remote(app: &App, actor: &Actor, farm: FarmId) -> Result<Served, AppError> {
    let before = require_remote(app, actor, farm).await?;
    let farm = convert(app, actor, farm).await?;
    Ok(Served { farm, ..before })
}

/// Gives a project another farm, or none. Answers the farm that it had, where that is deleted.
pub(super) async fn serve(
    change: &mut Change<'_>,
    before: &Project,
    farm: Option<FarmId>,
) -> Result<Option<Farm>, AppError> {
    if before.farm == farm {
        return Ok(None);
    }
    let after = Project {
        farm,
        ..before.clone()
    };
    change.tx().update_project(&after).await?;
    let subject = Subject::new(AuditKind::Project, after.id.0, &after.name)
        .below(AuditKind::Service, after.service.0);
    change.updated(subject, before, &after);
    match before.farm {
        Some(id) => delete_unused(change, id).await,
        None => Ok(None),
    }
}

/// Deletes a remote farm that serves no project any more.
async fn delete_unused(change: &mut Change<'_>, id: FarmId) -> Result<Option<Farm>, AppError> {
    let farm = load(change.tx(), id).await?;
    if farm.is_local() || change.tx().is_farm_used(id).await? {
        return Ok(None);
    }
    change.tx().delete_farm(id).await?;
    change.deleted(subject(&farm), &farm);
    Ok(Some(farm))
}

/// The project of that name, if the actor may edit it.
async fn named(app: &App, actor: &Actor, name: &str) -> Result<ProjectId, AppError> {
    actor.require(Right::TakePart, app.settings())?;
    let tx = app.store().read_tx().await?;
    let found = tx.find_project(name).await?;
    drop(tx);
    let project = found.ok_or_else(|| AppError::not_found("project", name))?;
    Ok(project_of(app, actor, project.id).await?.id)
}

fn subject(farm: &Farm) -> Subject {
    Subject::new(AuditKind::Farm, farm.id.0, &farm.name)
}
