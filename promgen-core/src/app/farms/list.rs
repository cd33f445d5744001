//! Which farms there are, and which one is meant.

use serde::Serialize;

use super::source::live;
use crate::app::{Actor, App, AppError, Right};
use crate::model::{Farm, FarmId, Name, Problem};
use crate::store::Tx;

/// A farm and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FarmReport {
    /// Identity.
    pub id: FarmId,
    /// Name.
    pub name: Name,
    /// Key of the source; `promgen` for a local farm.
    pub source: String,
    /// Whether its hosts come from a discovery source.
    pub remote: bool,
    /// How many hosts it has.
    pub hosts: i64,
    /// Names of the projects that it serves, sorted.
    pub projects: Vec<Name>,
    /// Why its source cannot be asked, with what to do about it.
    pub problem: Option<String>,
}

/// All farms, by name, source and id.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to read.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<FarmReport>, AppError> {
    actor.require(Right::Read, app.settings())?;
    let tx = app.store().read_tx().await?;
    let outline = tx.load_outline().await?;
    let counts = tx.count_hosts().await?;
    drop(tx);
    let report = |farm: &Farm| {
        let projects = outline.projects.iter();
        let own = projects.filter(|project| project.farm == Some(farm.id));
        let mut projects: Vec<Name> = own.map(|project| project.name.clone()).collect();
        projects.sort();
        FarmReport {
            id: farm.id,
            name: farm.name.clone(),
            source: farm.source.clone(),
            remote: !farm.is_local(),
            hosts: counts.get(&farm.id).copied().unwrap_or(0),
            projects,
            problem: problem(app, farm),
        }
    };
    let mut reports: Vec<FarmReport> = outline.farms.iter().map(report).collect();
    reports.sort_by(|a, b| (&a.name, &a.source, a.id).cmp(&(&b.name, &b.source, b.id)));
    Ok(reports)
}

fn problem(app: &App, farm: &Farm) -> Option<String> {
    if farm.is_local() {
        return None;
    }
    live(app, &farm.source).err().map(|error| match error {
        AppError::Invalid { problems } => {
            let told = |problem: &Problem| format!("{}; {}", problem.message, problem.remedy);
            problems.iter().map(told).collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    })
}

/// The farm of that name.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to read, [`AppError::NotFound`] when there is none,
/// [`AppError::Invalid`] when there are several; the message holds their ids.
pub async fn find(app: &App, actor: &Actor, name: &str) -> Result<Farm, AppError> {
    actor.require(Right::Read, app.settings())?;
    let tx = app.store().read_tx().await?;
    let mut named = tx.list_farms().await?;
    named.retain(|farm| farm.name == *name);
    let id = |farm: &Farm| format!("{} ({})", farm.id, farm.source);
    match named.as_slice() {
        [] => Err(AppError::not_found("farm", name)),
        [only] => Ok(only.clone()),
        several => {
            let ids: Vec<String> = several.iter().map(id).collect();
            let message = format!("{name} is the name of several: {}", ids.join(", "));
            let remedy = "say which one with --id";
            Err(AppError::invalid("farm", message, remedy))
        }
    }
}

/// The farm of that id.
pub(super) async fn load(tx: &Tx, id: FarmId) -> Result<Farm, AppError> {
    let found = tx.find_farm(id).await?;
    found.ok_or_else(|| AppError::not_found("farm", &id))
}
