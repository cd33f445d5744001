//! Counts in memory.

use std::collections::{BTreeMap, BTreeSet};

use crate::alert::{Decision, Reason, Routing};
use crate::app::metrics::Attempted;
use crate::model::{DeliveryState, SenderId, Timestamp};
use crate::store::{AlertTally, DeliveryTally, storable};

/// Longest name that a service or project can have.
const NAME_CHARS: usize = 128;

/// Most pairs of a service and a project that are told apart between two writes: alerts may name
/// any project beside any service, and beyond this they count among all alerts only.
const MOST_PAIRS: usize = 20_000;

/// Milliseconds of an hour.
pub(super) const HOUR: i64 = 3_600_000;

/// The begin of the hour of a time.
pub(super) fn hour_of(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(HOUR))
}

/// Alerts by hour, service and project: firing and resolved.
type Alerts = BTreeMap<(Timestamp, String, String), (u64, u64)>;

/// Deliveries by hour, driver and sender: sent and dead.
type Deliveries = BTreeMap<(Timestamp, String, SenderId), (u64, u64)>;

/// A message that came, as it is counted.
#[derive(Debug)]
pub(in crate::app) struct Came {
    hour: Timestamp,
    resolved: bool,
    /// What its parts name and what there is, each service by itself as well, and the pair of
    /// nothing, which stands for all messages. Each counts the message once; a project that is named
    /// beside several services is in several.
    pairs: BTreeSet<(String, String)>,
}

impl Came {
    /// Of a message that was routed; one that was dropped is none to look at.
    pub(in crate::app) fn of(at: Timestamp, routing: &Routing) -> Option<Self> {
        if routing.is_dropped() {
            return None;
        }
        let strangers = strangers(routing);
        let mut pairs = BTreeSet::from([<(String, String)>::default()]);
        for (index, part) in routing.parts.iter().enumerate() {
            let name = |kind, name: &Option<String>| match name.as_deref() {
                Some(name) if !strangers.contains(&(index, kind, name)) => kept(name),
                _ => String::new(),
            };
            let service = name("service", &part.service);
            let project = name("project", &part.project);
            pairs.insert((service.clone(), String::new()));
            pairs.insert((service, project));
        }
        Some(Self {
            hour: hour_of(at),
            resolved: routing.status == "resolved",
            pairs,
        })
    }
}

/// What parts name that nothing is called by: part, kind and name. Anybody who posts alerts thinks
/// up such names, and no chart is about them.
fn strangers(routing: &Routing) -> BTreeSet<(usize, &str, &str)> {
    let unknown = |one: &&Decision| one.reason == Reason::NoSuchObject;
    let unknown = routing.decisions.iter().filter(unknown);
    unknown
        .map(|one| (one.part, one.owner_kind.as_str(), one.owner.as_str()))
        .collect()
}

/// A name as the database keeps it: two that it keeps alike would be one row twice, and it takes no
/// statement that adds to one row twice.
fn kept(name: &str) -> String {
    storable(name).chars().take(NAME_CHARS).collect()
}

/// What was counted since it was last written. In order, so that two processes that write at the
/// same time wait for each other, and not both for the other.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    alerts: Alerts,
    deliveries: Deliveries,
}

impl Fresh {
    pub(super) fn is_empty(&self) -> bool {
        self.alerts.is_empty() && self.deliveries.is_empty()
    }

    pub(super) fn came(&mut self, came: Came) {
        for (service, project) in came.pairs {
            let whole = service.is_empty() && project.is_empty();
            let key = (came.hour, service, project);
            if !whole && self.alerts.len() >= MOST_PAIRS && !self.alerts.contains_key(&key) {
                continue;
            }
            let (firing, resolved) = self.alerts.entry(key).or_default();
            let slot = if came.resolved { resolved } else { firing };
            *slot += 1;
        }
    }

    pub(super) fn ended(&mut self, at: Timestamp, attempts: &[Attempted]) {
        let hour = hour_of(at);
        for attempt in attempts {
            for ended in &attempt.ended {
                let whole = Some(SenderId(0));
                for sender in [whole, ended.sender].into_iter().flatten() {
                    let key = (hour, attempt.driver.clone(), sender);
                    let (sent, dead) = self.deliveries.entry(key).or_default();
                    match ended.state {
                        DeliveryState::Sent => *sent += 1,
                        DeliveryState::Dead => *dead += 1,
                        DeliveryState::Pending | DeliveryState::Superseded => {}
                    }
                }
            }
        }
    }

    /// Takes back what could not be written.
    pub(super) fn add(&mut self, other: Self) {
        for (key, (firing, resolved)) in other.alerts {
            let sums = self.alerts.entry(key).or_default();
            *sums = (sums.0 + firing, sums.1 + resolved);
        }
        for (key, (sent, dead)) in other.deliveries {
            let sums = self.deliveries.entry(key).or_default();
            *sums = (sums.0 + sent, sums.1 + dead);
        }
    }

    pub(super) fn alerts(&self) -> Vec<AlertTally> {
        let tally = |(key, counts): (&(Timestamp, String, String), &(u64, u64))| AlertTally {
            hour: key.0,
            service: key.1.clone(),
            project: key.2.clone(),
            firing: counts.0,
            resolved: counts.1,
        };
        self.alerts.iter().map(tally).collect()
    }

    pub(super) fn deliveries(&self) -> Vec<DeliveryTally> {
        let tally = |(key, counts): (&(Timestamp, String, SenderId), &(u64, u64))| DeliveryTally {
            hour: key.0,
            driver: key.1.clone(),
            sender: key.2,
            sent: counts.0,
            dead: counts.1,
        };
        self.deliveries.iter().map(tally).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Part;

    fn routing(status: &str, pairs: &[(&str, &str)]) -> Routing {
        let name = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let part = |(service, project): &(&str, &str)| Part {
            service: name(service),
            project: name(project),
            ..Part::default()
        };
        Routing {
            status: status.to_owned(),
            parts: pairs.iter().map(part).collect(),
            ..Routing::default()
        }
    }

    fn told(fresh: &Fresh) -> Vec<(i64, String, u64, u64)> {
        let one = |it: AlertTally| {
            let pair = format!("{}/{}", it.service, it.project);
            (it.hour.0 / HOUR, pair, it.firing, it.resolved)
        };
        fresh.alerts().into_iter().map(one).collect()
    }

    #[test]
    fn a_message_counts_once_in_all_and_once_for_each_service_and_pair() {
        let mut fresh = Fresh::default();
        let split = routing("firing", &[("shop", "web"), ("shop", "db")]);
        let mut came =
            |at, routing: &Routing| fresh.came(Came::of(Timestamp(at), routing).unwrap());
        came(HOUR + 1, &split);
        came(2 * HOUR - 1, &routing("resolved", &[("shop", "web")]));
        came(2 * HOUR, &routing("firing", &[("", "")]));
        let expected = [
            (1, "/", 1, 1),
            (1, "shop/", 1, 1),
            (1, "shop/db", 1, 0),
            (1, "shop/web", 1, 1),
            (2, "/", 1, 0),
        ];
        let expected = expected.map(|(hour, pair, f, r)| (hour, pair.to_owned(), f, r));
        assert_eq!(told(&fresh), expected);
        let mut twice = Fresh::default();
        twice.add(fresh);
        assert_eq!(told(&twice), expected);
    }

    #[test]
    fn names_that_the_database_keeps_alike_are_one() {
        let mut fresh = Fresh::default();
        let twins = routing("firing", &[("a\0", "b"), ("a\u{fffd}", "b")]);
        fresh.came(Came::of(Timestamp(0), &twins).unwrap());
        let expected = [
            (0, "/", 1, 0),
            (0, "a\u{fffd}/", 1, 0),
            (0, "a\u{fffd}/b", 1, 0),
        ];
        let expected = expected.map(|(hour, pair, f, r)| (hour, pair.to_owned(), f, r));
        assert_eq!(told(&fresh), expected);
    }

    #[test]
    fn names_that_nothing_is_called_by_are_left_out() {
        let pairs = [("gone", "web"), ("shop", "gone"), ("lost", "lost")];
        let routing = Routing {
            decisions: vec![
                Decision::no_such(0, "service", "gone"),
                Decision::no_such(1, "project", "gone"),
                Decision::no_such(2, "service", "lost"),
                Decision::no_such(2, "project", "lost"),
            ],
            ..routing("firing", &pairs)
        };
        let mut fresh = Fresh::default();
        fresh.came(Came::of(Timestamp(0), &routing).unwrap());
        let pairs: Vec<String> = told(&fresh).into_iter().map(|one| one.1).collect();
        assert_eq!(pairs, ["/", "/web", "shop/"]);
    }

    #[test]
    fn names_beyond_the_bound_count_among_all_alone() {
        let mut fresh = Fresh::default();
        for number in 0..=MOST_PAIRS {
            let routing = routing("firing", &[(&number.to_string(), "")]);
            fresh.came(Came::of(Timestamp(0), &routing).unwrap());
        }
        assert_eq!(fresh.alerts().len(), MOST_PAIRS);
        let all = told(&fresh).remove(0);
        assert_eq!(all.2, u64::try_from(MOST_PAIRS).unwrap() + 1);
    }
}
