//! Refresh: a remote farm gets the hosts that its source has.

use serde::Serialize;

use super::answer::{Answer, Difference};
use super::served::{Served, require_remote};
use super::source::Round;
use crate::app::change::{Change, Subject};
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::{AuditKind, Farm, FarmId, Members, Problem};
use crate::store::Tx;

/// What a refresh did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refreshed {
    /// The farm.
    pub farm: Farm,
    /// Hosts that it got, sorted.
    pub added: Vec<String>,
    /// Hosts that it lost, sorted.
    pub removed: Vec<String>,
    /// What is wrong with the answer of its source.
    pub warnings: Vec<Problem>,
}

/// What [`refresh`] would do.
///
/// # Errors
/// As [`refresh`]; to see the farm is enough.
pub async fn preview(app: &App, actor: &Actor, farm: FarmId) -> Result<Refreshed, AppError> {
    Round::begin(app, actor).preview(farm).await
}

/// Asks the source of a farm, adds the hosts that are missing, and removes the extra ones.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to edit every project that the farm serves,
/// [`AppError::NotFound`] for an unknown farm,
/// [`AppError::Invalid`] for a local one and for one whose source this program does not have,
/// [`AppError::Plugin`] for a source that refused its settings, [`AppError::Discovery`] when it
/// does not answer. The farm keeps its hosts.
pub async fn refresh(app: &App, actor: &Actor, farm: FarmId) -> Result<Refreshed, AppError> {
    Round::begin(app, actor).refresh(farm).await
}

/// As [`refresh`]; answers the farm with its projects.
///
/// # Errors
/// As [`refresh`].
pub async fn sync(app: &App, actor: &Actor, farm: FarmId) -> Result<Served, AppError> {
    let served = require_remote(app, actor, farm).await?;
    refresh(app, actor, farm).await?;
    Ok(served)
}

impl Round<'_> {
    /// As [`preview`](fn@preview), within this round.
    ///
    /// # Errors
    /// As [`preview`](fn@preview).
    pub async fn preview(&self, farm: FarmId) -> Result<Refreshed, AppError> {
        let (farm, answer) = self.ask(farm, Act::See).await?;
        let tx = self.app.store().read_tx().await?;
        let difference = answer.difference(&tx.list_hosts_of(farm.id).await?);
        Ok(refreshed(farm, answer, difference))
    }

    /// As [`refresh`](fn@refresh), within this round.
    ///
    /// # Errors
    /// As [`refresh`](fn@refresh).
    pub async fn refresh(&self, farm: FarmId) -> Result<Refreshed, AppError> {
        let (farm, answer) = self.ask(farm, Act::Edit).await?;
        // Most refreshes change nothing, and then nobody need wait for a lock.
        let tx = self.app.store().read_tx().await?;
        let difference = answer.difference(&tx.list_hosts_of(farm.id).await?);
        drop(tx);
        if difference.is_empty() {
            return Ok(refreshed(farm, answer, difference));
        }
        let (mut change, access) = Change::open(self.app, self.actor, Act::Edit).await?;
        let current = self.farm(change.tx(), &access, Act::Edit, farm.id).await?;
        if current.source != farm.source || current.name != farm.name {
            let message = format!("farm {} was changed by somebody else meanwhile", farm.name);
            return Err(AppError::invalid("farm", message, "ask again"));
        }
        let difference = save(&mut change, &farm, &answer).await?;
        change.commit().await?;
        Ok(refreshed(farm, answer, difference))
    }

    async fn farm(
        &self,
        tx: &Tx,
        access: &Access,
        act: Act,
        farm: FarmId,
    ) -> Result<Farm, AppError> {
        let served = Served::require(tx, access, act, farm, self.app.settings()).await?;
        Ok(served.farm)
    }

    async fn ask(&self, farm: FarmId, act: Act) -> Result<(Farm, Answer), AppError> {
        let tx = self.app.store().read_tx().await?;
        let access = Access::load(self.app, &tx, self.actor).await?;
        let farm = self.farm(&tx, &access, act, farm).await?;
        drop(tx);
        if farm.is_local() {
            let message = format!("the hosts of {} are kept in Promgen", farm.name);
            let remedy = "refresh farms that have another source";
            return Err(AppError::invalid("farm", message, remedy));
        }
        let answer = self.hosts(&farm.source, &farm.name).await?;
        Ok((farm, answer))
    }
}

/// Writes what is different, with an audit entry for each set that is not empty. The change is
/// locked already.
pub(super) async fn save(
    change: &mut Change<'_>,
    farm: &Farm,
    answer: &Answer,
) -> Result<Difference, AppError> {
    let stored = change.tx().list_hosts_of(farm.id).await?;
    let difference = answer.difference(&stored);
    let subject = || Subject::new(AuditKind::Farm, farm.id.0, &farm.name);
    if !difference.added.is_empty() {
        let hosts = difference.new_hosts(farm);
        change.tx().insert_hosts(&hosts).await?;
        change.added(Members::Hosts(hosts.len()), subject(), &difference.added);
    }
    if !difference.removed.is_empty() {
        let ids: Vec<_> = difference.removed.values().copied().collect();
        change.tx().delete_hosts(&ids).await?;
        let names: Vec<&String> = difference.removed.keys().collect();
        change.removed(Members::Hosts(names.len()), subject(), &names);
    }
    Ok(difference)
}

pub(super) fn refreshed(farm: Farm, answer: Answer, difference: Difference) -> Refreshed {
    Refreshed {
        farm,
        added: difference.added.into_iter().collect(),
        removed: difference.removed.into_keys().collect(),
        warnings: answer.warnings,
    }
}
