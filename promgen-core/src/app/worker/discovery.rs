//! The discovery loop: refreshes all remote farms whose source is present, again and again.
//!
//! Several workers may do so at once. There is no lease: a refresh that finds nothing to change
//! writes nothing, and one that does decides under the lock of the tree, so the second of two
//! workers finds the work done. The price is one question per worker and round.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::farms::{Refreshed, Round};
use crate::app::{Actor, App, AppError};
use crate::delivery;
use crate::model::{Farm, FarmId, Timestamp};

/// Longest time between two questions about a farm whose source fails.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

pub(super) async fn run(app: App, stop: CancellationToken) {
    let Some(every) = app.settings().discovery.every else {
        return;
    };
    let mut watch = Watch::default();
    loop {
        // What is cut off here was not committed, or is whole.
        tokio::select! {
            () = stop.cancelled() => return,
            done = refresh_all(&app, every, &mut watch) => {
                if let Err(error) = done {
                    tracing::warn!(%error, "discovery waits for the database");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// What the loop remembers between two rounds.
#[derive(Debug, Default)]
struct Watch {
    failing: BTreeMap<FarmId, Failing>,
    told: Troubles,
}

/// A farm that could not be refreshed as it should.
#[derive(Debug)]
struct Failing {
    source: String,
    trouble: String,
    failures: u32,
    not_before: Timestamp,
}

/// Sources and what is wrong with them.
type Troubles = BTreeSet<(String, String)>;

async fn refresh_all(app: &App, every: Duration, watch: &mut Watch) -> Result<(), AppError> {
    let tx = app.store().read_tx().await?;
    let mut farms = tx.list_farms().await?;
    drop(tx);
    farms.retain(|farm| matches!(app.sources().get(farm.source.as_str()), Some(Ok(_))));
    let known: BTreeSet<FarmId> = farms.iter().map(|farm| farm.id).collect();
    watch.failing.retain(|id, _| known.contains(id));
    let actor = Actor::System;
    let round = Round::begin(app, &actor);
    for farm in &farms {
        let now = app.now();
        let held = watch.failing.get(&farm.id);
        if held.is_some_and(|failing| now < failing.not_before) {
            continue;
        }
        match round.refresh(farm.id).await {
            Ok(refreshed) => watch.answered(farm, &refreshed),
            Err(error @ (AppError::Unavailable { .. } | AppError::Store { .. })) => {
                return Err(error);
            }
            Err(AppError::NotFound { .. }) => {}
            Err(error) => watch.failed(farm, &error, every, now),
        }
    }
    watch.tell();
    Ok(())
}

impl Watch {
    fn answered(&mut self, farm: &Farm, refreshed: &Refreshed) {
        let (added, removed) = (refreshed.added.len(), refreshed.removed.len());
        if added + removed > 0 {
            tracing::info!(farm = %farm.name, source = %farm.source, added, removed, "refreshed");
        }
        let warnings = refreshed.warnings.iter().map(ToString::to_string);
        let trouble = warnings.collect::<Vec<_>>().join("\n");
        if trouble.is_empty() {
            self.failing.remove(&farm.id);
            return;
        }
        let failing = Failing {
            source: farm.source.clone(),
            trouble,
            failures: 0,
            not_before: Timestamp(0),
        };
        self.failing.insert(farm.id, failing);
    }

    fn failed(&mut self, farm: &Farm, error: &AppError, every: Duration, now: Timestamp) {
        let before = self.failing.get(&farm.id);
        let failures = before.map_or(0, |failing| failing.failures);
        let longest = LONGEST_WAIT.max(every);
        let wait = delivery::backoff(failures, 0.5, every, longest, None);
        let failing = Failing {
            source: farm.source.clone(),
            trouble: format!("{error}; the hosts are kept"),
            failures: failures.saturating_add(1),
            not_before: now.plus(wait),
        };
        self.failing.insert(farm.id, failing);
    }

    /// Logs what was not so after the round before. Farms with the same trouble share a line.
    fn tell(&mut self) {
        let current: Troubles = self
            .failing
            .values()
            .map(|failing| (failing.source.clone(), failing.trouble.clone()))
            .collect();
        for (source, trouble) in current.difference(&self.told) {
            tracing::warn!(%source, "discovery: {trouble}");
        }
        let sources = |troubles: &Troubles| -> BTreeSet<String> {
            troubles.iter().map(|(source, _)| source.clone()).collect()
        };
        for source in sources(&self.told).difference(&sources(&current)) {
            tracing::info!(%source, "discovery works again");
        }
        self.told = current;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;
    use crate::plugin::DiscoveryError;

    const EVERY: Duration = Duration::from_mins(5);

    fn farm() -> Farm {
        Farm {
            id: FarmId(1),
            name: Name::parse("web").unwrap(),
            source: "http".into(),
        }
    }

    fn error(message: &str) -> AppError {
        AppError::Discovery {
            source_key: "http".into(),
            error: DiscoveryError {
                message: message.into(),
            },
        }
    }

    #[test]
    fn a_failing_farm_waits_longer_each_time_and_up_to_an_hour() {
        let mut watch = Watch::default();
        let mut waits = Vec::new();
        for _ in 0..8 {
            watch.failed(&farm(), &error("away"), EVERY, Timestamp(0));
            waits.push(watch.failing[&FarmId(1)].not_before.0);
        }
        assert!(waits.is_sorted() && waits[0] < waits[2], "{waits:?}");
        let longest = i64::try_from(LONGEST_WAIT.as_millis()).unwrap();
        assert_eq!(waits[7], longest, "{waits:?}");
    }

    #[test]
    fn what_was_told_is_not_told_again() {
        let mut watch = Watch::default();
        watch.failed(&farm(), &error("away"), EVERY, Timestamp(0));
        watch.tell();
        let told = watch.told.clone();
        assert_eq!(told.len(), 1);
        watch.failed(&farm(), &error("away"), EVERY, Timestamp(0));
        watch.tell();
        assert_eq!(watch.told, told);
        let refreshed = Refreshed {
            farm: farm(),
            added: Vec::new(),
            removed: Vec::new(),
            warnings: Vec::new(),
        };
        watch.answered(&farm(), &refreshed);
        watch.tell();
        assert!(watch.told.is_empty() && watch.failing.is_empty());
    }
}
