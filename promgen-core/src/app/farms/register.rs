//! A farm for a project that has none.

use std::collections::BTreeSet;

use super::edit::{parse_hosts, parse_name, put_hosts};
use super::link::{Existing, link_in, serve};
use super::served::Served;
use super::source::{Round, live};
use crate::app::change::Change;
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError, both};
use crate::model::{Farm, FarmId, LOCAL_SOURCE, Name, Project, ProjectId};

/// A farm to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewFarm<'a> {
    /// Name; for a remote farm, that which its source knows it by.
    pub name: &'a str,
    /// Key of its source; `promgen` for a local farm.
    pub source: &'a str,
    /// The hosts of a local farm.
    pub hosts: &'a [String],
}

/// Gives a project a farm: a new local one with these hosts, or one of a remote source.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] without the right to edit
/// it, [`AppError::Invalid`] for a project that has a farm, for a name, source or host that cannot
/// be, and for a farm that its source does not offer; [`AppError::Discovery`] when that does not
/// answer.
pub async fn register(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: &NewFarm<'_>,
) -> Result<Served, AppError> {
    let found = project_of(app, actor, project).await?;
    refuse_second(&found)?;
    if new.source == LOCAL_SOURCE {
        local(app, actor, project, new).await
    } else {
        remote(app, actor, project, new).await
    }
}

/// A project that the actor may edit, before anything is begun.
pub(super) async fn project_of(
    app: &App,
    actor: &Actor,
    project: ProjectId,
) -> Result<Project, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    editable(&tx, &access, project, app).await
}

/// A project that the actor may edit.
pub(super) async fn editable(
    tx: &crate::store::Tx,
    access: &Access,
    project: ProjectId,
    app: &App,
) -> Result<Project, AppError> {
    access.require(Act::Edit, app.settings())?;
    let found = tx.load_project(project).await?;
    let found = found.ok_or_else(|| AppError::not_found("project", &project))?;
    access.require_on(Act::Edit, On::Project(&found), app.settings())?;
    Ok(found)
}

/// Refuses a second farm for a project.
pub(super) fn refuse_second(project: &Project) -> Result<(), AppError> {
    if project.farm.is_none() {
        return Ok(());
    }
    let message = format!("project {} already has a farm", project.name);
    let remedy = "change that farm, or delete it first";
    Err(AppError::invalid("", message, remedy))
}

async fn local(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: &NewFarm<'_>,
) -> Result<Served, AppError> {
    let (name, hosts) = both(parse_name(new.name), parse_hosts(new.hosts))?;
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let project = editable(change.tx(), &access, project, app).await?;
    refuse_second(&project)?;
    let served = put_local(&mut change, &project, name, &hosts).await?;
    change.commit().await?;
    Ok(served)
}

/// Makes a local farm for a project that has none.
pub(in crate::app) async fn put_local(
    change: &mut Change<'_>,
    project: &Project,
    name: Name,
    hosts: &BTreeSet<String>,
) -> Result<Served, AppError> {
    let mut farm = Farm {
        id: FarmId(0),
        name,
        source: LOCAL_SOURCE.to_owned(),
    };
    farm.id = change.tx().insert_farm(&farm).await?;
    let served = Served {
        projects: vec![Project {
            farm: Some(farm.id),
            ..project.clone()
        }],
        farm,
    };
    change.created(served.subject(), &served.farm);
    put_hosts(change, &served, hosts).await?;
    serve(change, project, Some(served.farm.id)).await?;
    Ok(served)
}

async fn remote(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: &NewFarm<'_>,
) -> Result<Served, AppError> {
    live(app, new.source)?;
    if !new.hosts.is_empty() {
        let message = format!("the hosts of a farm of {} come from there", new.source);
        return Err(AppError::invalid("hosts", message, "leave them out"));
    }
    let round = Round::begin(app, actor);
    let offered = round.farms(new.source).await?;
    if !offered.iter().any(|farm| farm == new.name) {
        let message = format!("{} offers no farm {:?}", new.source, new.name);
        let remedy = "choose one that GET /rest/v2/farms/remotes/SOURCE lists";
        return Err(AppError::invalid("farm", message, remedy));
    }
    let name = parse_name(new.name)?;
    let linked = link_in(&round, project, new.source, name, Existing::Refuse).await?;
    super::see(app, actor, linked.refreshed.farm.id).await
}
