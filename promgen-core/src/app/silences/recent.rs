//! Alerts and silences as they were a moment ago: pages show them beside what they are about, and
//! must not wait long for an Alertmanager, nor ask it again for every part of a page.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::merge::Entry;
use super::peers::Peers;
use super::report::SilenceError;
use crate::app::App;
use crate::model::{Timestamp, Zone};

/// How long what was heard is told again.
const FRESH: Duration = Duration::from_secs(2);

/// How long nobody asks again after a failure.
const RESTS: Duration = Duration::from_secs(10);

/// How long a page waits for each Alertmanager; all are asked side by side.
const PATIENCE: Duration = Duration::from_secs(1);

/// An alert that an Alertmanager has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveAlert {
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
    /// Since when it fires.
    pub starts_at: Timestamp,
    /// Where it comes from.
    pub generator_url: String,
    /// Whether people hear of it: it is neither silenced nor inhibited.
    pub loud: bool,
    /// The silences that keep it quiet, by their ids.
    pub silenced_by: Vec<String>,
    /// What is wrong with its labels, in sentences.
    pub warnings: Vec<String>,
    /// Whether whoever asks may silence it.
    pub may_silence: bool,
}

#[cfg(test)]
impl ActiveAlert {
    /// A loud one of which nothing but the labels is said.
    pub(super) fn bearing(labels: &[(&str, &str)]) -> Self {
        let label = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            labels: labels.iter().map(label).collect(),
            annotations: BTreeMap::new(),
            starts_at: Timestamp(0),
            generator_url: String::new(),
            loud: true,
            silenced_by: Vec::new(),
            warnings: Vec::new(),
            may_silence: false,
        }
    }
}

/// What all Alertmanagers told at one time.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    /// The loud ones first, then the newest.
    pub(super) alerts: Vec<ActiveAlert>,
    pub(super) silences: Vec<Entry>,
    /// Why this may not be all.
    pub(super) trouble: Vec<String>,
    /// Whether there is any Alertmanager to ask.
    pub(super) configured: bool,
}

/// What was heard last.
#[derive(Debug, Default)]
pub(in crate::app) struct Recent(Mutex<Option<(Instant, Arc<Snapshot>)>>);

impl Recent {
    /// What there is, asked for anew when it is not fresh. Those who come together ask once.
    pub(super) async fn look(&self, app: &App) -> Arc<Snapshot> {
        let mut last = self.0.lock().await;
        if let Some((at, snapshot)) = &*last {
            let keeps = if snapshot.trouble.is_empty() {
                FRESH
            } else {
                RESTS
            };
            if at.elapsed() < keeps {
                return Arc::clone(snapshot);
            }
        }
        let snapshot = Arc::new(ask(app).await);
        // The monotonic clock, for a duration only.
        *last = Some((Instant::now(), Arc::clone(&snapshot)));
        snapshot
    }

    /// Has the next look ask: something was changed.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

async fn ask(app: &App) -> Snapshot {
    let peers = match Peers::of(app) {
        Ok(peers) => peers.within(PATIENCE),
        Err(SilenceError::NotConfigured) => return Snapshot::default(),
        Err(error) => return failed(&error),
    };
    let (alerts, silences) = tokio::join!(peers.alerts(app), peers.silences(app));
    let (alerts, silences) = match (alerts, silences) {
        (Ok(alerts), Ok(silences)) => (alerts, silences),
        (Err(error), _) | (_, Err(error)) => return failed(&error),
    };
    let mut told: Vec<ActiveAlert> = alerts.said.into_iter().filter_map(read).collect();
    told.sort_by_key(|alert| (!alert.loud, std::cmp::Reverse(alert.starts_at)));
    let failures = alerts.failures.iter().chain(&silences.failures);
    let mut trouble: Vec<String> = failures.map(ToString::to_string).collect();
    trouble.sort_unstable();
    trouble.dedup();
    Snapshot {
        alerts: told,
        silences: silences.said,
        trouble,
        configured: true,
    }
}

fn failed(error: &SilenceError) -> Snapshot {
    Snapshot {
        trouble: vec![error.to_string()],
        configured: true,
        ..Snapshot::default()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    #[serde(default)]
    starts_at: String,
    #[serde(default, rename = "generatorURL")]
    generator_url: String,
    status: Status,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    state: String,
    #[serde(default)]
    silenced_by: Vec<String>,
}

/// Reads an alert of API v2; `None` when it is something else.
fn read(json: Value) -> Option<ActiveAlert> {
    let fields = Fields::deserialize(json).ok()?;
    Some(ActiveAlert {
        labels: fields.labels,
        annotations: fields.annotations,
        starts_at: Zone::default().read(&fields.starts_at).unwrap_or_default(),
        generator_url: fields.generator_url,
        loud: fields.status.state != "suppressed",
        silenced_by: fields.status.silenced_by,
        warnings: Vec::new(),
        may_silence: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_is_read_as_it_is_told() {
        let alert = read(serde_json::json!({
            "labels": {"service": "shop"}, "annotations": {"summary": "full"},
            "startsAt": "2026-01-02T03:04:05.678Z", "endsAt": "2026-01-02T03:09:05.678Z",
            "generatorURL": "http://p/graph", "fingerprint": "1",
            "status": {"state": "suppressed", "silencedBy": ["x"], "inhibitedBy": []},
        }));
        let alert = alert.unwrap();
        assert_eq!(alert.starts_at.rfc3339(), "2026-01-02T03:04:05.678Z");
        assert!(!alert.loud);
        assert_eq!(alert.silenced_by, ["x"]);
        assert_eq!(read(serde_json::json!({"labels": {}})), None);
    }
}
