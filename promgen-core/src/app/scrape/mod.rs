//! The test of an exporter: every host of a project's farm is asked once, as Prometheus would ask it.
//!
//! A test reaches only hosts of the farm of a project that the actor sees, and of those only addresses
//! that `egress` lets pass. Whoever may not edit the project tests the exporters that it has, and no
//! other port or path. Nothing of an answer but its size, its samples and the number of the first
//! line that cannot be read is told. Time, bytes, hosts and tests of one user at once are bounded.

mod gate;
mod target;

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::Instant;

use super::change::refuse_errors;
use super::exporters::check_place;
use super::policy::{Access, Act, On};
use super::{Actor, App, AppError, Slice};
use crate::exposition::Exposition;
use crate::model::{Exporter, Project, ProjectId, Scheme};
use crate::store::Tx;

pub(super) use gate::Gate;
use target::Target;

/// How many hosts are asked at once, as by the original.
const AT_ONCE: usize = 20;

/// How long all of them may take, as with the original. It is less than a request may take.
const PATIENCE: Duration = Duration::from_secs(25);

/// Most hosts that are asked. Whoever has more learns from these whether the exporter works.
const MOST_HOSTS: u64 = 200;

/// Where an exporter listens on every host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Port.
    pub port: u16,
    /// Path and query; empty for Prometheus' own default.
    pub path: &'a str,
    /// Scheme.
    pub scheme: Scheme,
}

/// What a test showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// What each host answered, by its name.
    pub targets: Vec<TestedTarget>,
    /// How many hosts the farm has; there may be more than were asked.
    pub hosts: u64,
}

/// What one host answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestedTarget {
    /// What was asked for.
    pub url: String,
    /// How long it took.
    pub took: Duration,
    /// What came back, or why nothing did.
    pub answer: Result<Answer, String>,
}

/// What came back from a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Size of the body, unpacked.
    pub bytes: u64,
    /// What the body says; `None` of an answer that is no success.
    pub body: Option<Exposition>,
}

impl TestedTarget {
    /// Whether Prometheus would take this for an exporter that is up.
    pub fn is_good(&self) -> bool {
        let read = self.answer.as_ref().ok().and_then(|answer| answer.body);
        read.is_some_and(|body| body.fault.is_none())
    }
}

/// Whether an exporter could listen there.
///
/// # Errors
/// [`AppError::Invalid`] for a port or path that cannot be.
pub fn check(place: Place<'_>) -> Result<(), AppError> {
    refuse_errors(check_place(place.port, place.path)).map(drop)
}

/// Asks every host of a project's farm for the samples of an exporter, which need not be registered.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Forbidden`] without a role on it, and
/// without the role editor for an exporter that it does not have; [`AppError::Invalid`] for a port or
/// path that cannot be, for a project without a farm or a farm without hosts, and while other tests
/// of the same user are under way.
pub async fn test(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    place: Place<'_>,
) -> Result<Tested, AppError> {
    let tx = app.store().read_tx().await?;
    let project = permitted(app, &tx, actor, project, place).await?;
    check(place)?;
    let Some(farm) = project.farm else {
        let message = format!("project {} has no farm", project.name);
        return Err(AppError::invalid("", message, "register or link one"));
    };
    let slice = Slice {
        offset: 0,
        limit: MOST_HOSTS,
    };
    let hosts = tx.page_hosts(farm, slice).await?;
    drop(tx);
    if hosts.count == 0 {
        let message = "the farm has no hosts";
        return Err(AppError::invalid("", message, "add hosts to it"));
    }
    let _pass = match actor.user() {
        Some(user) => Some(app.scrape_gate().enter(user.id).ok_or_else(busy)?),
        None => None,
    };
    let until = Instant::now() + PATIENCE;
    let mut asking = Vec::new();
    for host in &hosts.items {
        asking.push(Target::new(&host.name, place).ask(app.egress(), until));
    }
    let asking = futures_util::stream::iter(asking).buffered(AT_ONCE);
    Ok(Tested {
        targets: asking.collect().await,
        hosts: hosts.count,
    })
}

fn busy() -> AppError {
    let message = "other tests of yours are still under way";
    AppError::invalid("", message, "wait until they are done")
}

/// The project, where the actor may test this exporter of it.
async fn permitted(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    project: ProjectId,
    place: Place<'_>,
) -> Result<Project, AppError> {
    let access = Access::load(app, tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let found = tx.load_project(project).await?;
    let project = found.ok_or_else(|| AppError::not_found("project", &project))?;
    access.require_on(Act::See, On::Project(&project), app.settings())?;
    let edits = access.require_on(Act::Edit, On::Project(&project), app.settings());
    if edits.is_err() {
        let exporters = tx.list_exporters_of(&[project.id]).await?;
        if !exporters.iter().any(|one| is_at(one, place)) {
            return edits.map(|()| project);
        }
    }
    Ok(project)
}

fn is_at(exporter: &Exporter, place: Place<'_>) -> bool {
    let Place { port, path, scheme } = place;
    (exporter.port, exporter.path.as_str(), exporter.scheme) == (port, path, scheme)
}
