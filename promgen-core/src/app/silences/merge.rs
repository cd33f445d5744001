//! The answers of several Alertmanagers as one.
//!
//! Members of one cluster know the same silences by the same ids. Alertmanagers that know nothing
//! of each other have silences of their own: what Promgen made on all of them is the same in
//! everything but the id and the moment at which each took it. Such twins are shown once.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::held::{Held, RawMatcher};
use super::peer::PATIENCE;
use crate::model::Timestamp;

/// A silence, and where it is.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// As the first Alertmanager tells it; of one id, as the one that heard of it last.
    pub(super) held: Held,
    /// It and its twins, in the order of the settings.
    pub(super) places: Vec<Place>,
}

/// A silence at one Alertmanager.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Index of the Alertmanager in the settings.
    pub(super) peer: usize,
    /// As that one tells it.
    pub(super) held: Held,
}

impl Entry {
    /// Whether this is the silence of that id, or one of its twins is.
    pub(super) fn is(&self, id: &str) -> bool {
        self.places.iter().any(|place| place.held.id == id)
    }

    /// Each silence once, at the first Alertmanager that has it: members of a cluster tell the
    /// others.
    pub(super) fn distinct(&self) -> Vec<&Place> {
        let mut distinct: Vec<&Place> = Vec::new();
        for place in &self.places {
            if distinct.iter().all(|known| known.held.id != place.held.id) {
                distinct.push(place);
            }
        }
        distinct
    }
}

/// What twins have in common to the letter.
type Likeness = (Vec<RawMatcher>, String, String);

/// Merges lists of silences, each with the index of its Alertmanager.
pub(super) fn silences(lists: Vec<(usize, Vec<Held>)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut by_id: HashMap<String, usize> = HashMap::new();
    let mut by_likeness: HashMap<Likeness, Vec<usize>> = HashMap::new();
    for (peer, list) in lists {
        for held in list {
            let likeness = (
                held.matchers.clone(),
                held.created_by.clone(),
                held.comment.clone(),
            );
            let alike = by_likeness.entry(likeness).or_default();
            let twin = |at: &&usize| {
                entries
                    .get(**at)
                    .is_some_and(|e| same_times(&e.held, &held))
            };
            let known = by_id.get(&held.id).or_else(|| alike.iter().find(twin));
            let at = known.copied().unwrap_or(entries.len());
            by_id.insert(held.id.clone(), at);
            let place = Place {
                peer,
                held: held.clone(),
            };
            if let Some(entry) = entries.get_mut(at) {
                entry.add(place);
            } else {
                alike.push(at);
                let places = vec![place];
                entries.push(Entry { held, places });
            }
        }
    }
    entries
}

impl Entry {
    fn add(&mut self, place: Place) {
        let newer = place.held.id == self.held.id && place.held.updated > self.held.updated;
        if newer {
            self.held = place.held.clone();
        }
        self.places.push(place);
    }
}

/// Each takes a silence, or ends it, at the moment at which the request arrives.
fn same_times(a: &Held, b: &Held) -> bool {
    let near = |a: Timestamp, b: Timestamp| a.since(b).max(b.since(a)) <= PATIENCE;
    near(a.starts, b.starts) && near(a.ends, b.ends) && a.state == b.state
}

/// Merges lists of alerts: one with a fingerprint that came before is left out.
pub(super) fn alerts(lists: Vec<Vec<Value>>) -> Vec<Value> {
    let mut seen = HashSet::new();
    let mut fresh = |alert: &Value| {
        let fingerprint = alert.get("fingerprint").and_then(Value::as_str);
        fingerprint.is_none_or(|fingerprint| seen.insert(fingerprint.to_owned()))
    };
    let all = lists.into_iter().flatten();
    all.filter(|alert| fresh(alert)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::held::SilenceState;
    use super::*;

    fn held(id: &str, service: &str, starts: i64, ends: i64) -> Held {
        let time = |millis| Timestamp(millis).rfc3339();
        let json = serde_json::json!({
            "id": id,
            "matchers": [{"name": "service", "value": service}],
            "startsAt": time(starts),
            "endsAt": time(ends),
            "updatedAt": time(starts),
            "createdBy": "maria",
            "comment": "why",
            "status": {"state": "active"},
        });
        Held::read(json).unwrap()
    }

    fn told(entries: &[Entry]) -> Vec<(&str, Vec<(usize, &str)>)> {
        entries.iter().map(told_one).collect()
    }

    fn told_one(entry: &Entry) -> (&str, Vec<(usize, &str)>) {
        let places = entry.places.iter();
        let places = places.map(|place| (place.peer, place.held.id.as_str()));
        (entry.held.id.as_str(), places.collect())
    }

    #[test]
    fn twins_are_one_and_strangers_are_not() {
        let entries = silences(vec![
            (
                0,
                vec![
                    held("a1", "shop", 1000, 9000),
                    held("b1", "bank", 1000, 9000),
                ],
            ),
            (
                2,
                vec![
                    held("b2", "bank", 1700, 9000),
                    held("c2", "shop", 1000, 60_000),
                    held("a2", "shop", 1400, 9000),
                ],
            ),
        ]);
        assert_eq!(
            told(&entries),
            [
                ("a1", vec![(0, "a1"), (2, "a2")]),
                ("b1", vec![(0, "b1"), (2, "b2")]),
                ("c2", vec![(2, "c2")]),
            ]
        );
        assert!(entries[0].is("a2") && !entries[0].is("b1"));
    }

    #[test]
    fn members_of_a_cluster_share_ids_and_the_latest_word_counts() {
        let mut later = held("a", "shop", 1000, 9000);
        (later.updated, later.ends) = (Timestamp(5000), Timestamp(5000));
        later.state = SilenceState::Expired;
        let entries = silences(vec![
            (0, vec![held("a", "shop", 1000, 9000)]),
            (1, vec![later, held("d", "shop", 1200, 9000)]),
        ]);
        assert_eq!(entries[0].places.len(), 2);
        assert!(entries[0].held.is_over());
        assert_eq!(entries[0].distinct().len(), 1);
        // Once the silence is over, one that is not is another one.
        assert_eq!(entries.len(), 2);
    }

    #[test]
    fn an_alert_is_known_by_its_fingerprint() {
        let alert =
            |print: &str, from: i32| serde_json::json!({"fingerprint": print, "from": from});
        let nameless = serde_json::json!({"labels": {}});
        let merged = alerts(vec![
            vec![alert("a", 1), nameless.clone()],
            vec![alert("b", 2), alert("a", 2), nameless.clone()],
        ]);
        assert_eq!(
            merged,
            [alert("a", 1), nameless.clone(), alert("b", 2), nameless]
        );
    }
}
