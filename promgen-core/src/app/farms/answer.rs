//! What a source said, checked, and its difference to what is stored.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Farm, Host, HostId, Hostname, Problem};

/// Most names in one warning; whoever mends the source sees the rest afterwards.
const MOST_NAMED: usize = 10;

/// The hosts that a source answered for a farm: valid, sorted, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) hosts: BTreeSet<String>,
    pub(super) warnings: Vec<Problem>,
}

impl Answer {
    /// Checks what a source answered. Names that are no hosts are left out, with a warning.
    pub(super) fn check(farm: &str, names: Vec<String>) -> Self {
        let (mut hosts, mut refused) = (BTreeSet::new(), BTreeSet::new());
        for name in names {
            match Hostname::parse(&name) {
                Ok(host) => hosts.insert(host.to_string()),
                Err(_) => refused.insert(name),
            };
        }
        let field = format!("farm {farm}");
        let mut warnings = Vec::new();
        if !refused.is_empty() {
            let message = format!(
                "the source answers names that are no hosts, left out: {}",
                named(&refused)
            );
            let remedy = "give addresses or DNS names without scheme and path";
            warnings.push(Problem::warning(&field, message, remedy));
        }
        if hosts.is_empty() {
            let message = "the source answers no hosts; those that are stored are kept";
            let remedy = "correct the source, or `promgen farm unlink` its projects";
            warnings.push(Problem::warning(&field, message, remedy));
        }
        Self { hosts, warnings }
    }

    /// What has to happen for `stored` to become this answer; nothing for an empty answer.
    pub(super) fn difference(&self, stored: &[Host]) -> Difference {
        let mut difference = Difference::default();
        if self.hosts.is_empty() {
            return difference;
        }
        let mut missing = self.hosts.clone();
        for host in stored {
            if !missing.remove(&host.name) {
                difference.removed.insert(host.name.clone(), host.id);
            }
        }
        difference.added = missing;
        difference
    }
}

/// Hosts to add and to remove.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) added: BTreeSet<String>,
    pub(super) removed: BTreeMap<String, HostId>,
}

impl Difference {
    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// The hosts to add, as they go into a farm.
    pub(super) fn new_hosts(&self, farm: &Farm) -> Vec<Host> {
        let host = |name: &String| Host {
            id: HostId(0),
            name: name.clone(),
            farm: farm.id,
        };
        self.added.iter().map(host).collect()
    }
}

/// Names as a message may show them: quoted, so that control characters are seen, and not too many.
pub(super) fn named(names: &BTreeSet<String>) -> String {
    let short = |name: &String| format!("{:?}", name.chars().take(80).collect::<String>());
    let mut shown: Vec<String> = names.iter().take(MOST_NAMED).map(short).collect();
    if let Some(more) = names.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FarmId;

    fn answer(names: &[&str]) -> Answer {
        Answer::check("f", names.iter().copied().map(str::to_owned).collect())
    }

    fn stored(names: &[&str]) -> Vec<Host> {
        let host = |(id, name): (i32, &&str)| Host {
            id: HostId(id),
            name: (*name).to_owned(),
            farm: FarmId(1),
        };
        (1..).zip(names).map(host).collect()
    }

    #[test]
    fn hosts_are_checked_and_those_left_out_are_named() {
        let answer = answer(&["b", "a", "b", "::1", "http://x", "a b"]);
        assert_eq!(Vec::from_iter(&answer.hosts), ["[::1]", "a", "b"]);
        assert_eq!(answer.warnings.len(), 1);
        let message = &answer.warnings[0].message;
        assert!(message.ends_with(r#""a b", "http://x""#), "{message}");
    }

    #[test]
    fn many_bad_names_are_not_all_told() {
        let names: Vec<String> = (0..25).map(|number| format!("http://{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let message = answer(&names).warnings[0].message.clone();
        assert!(message.ends_with("and 15 more"), "{message}");
    }

    #[test]
    fn the_difference_is_what_is_missing_and_what_is_too_much() {
        let difference = answer(&["b", "c"]).difference(&stored(&["a", "b"]));
        assert_eq!(Vec::from_iter(&difference.added), ["c"]);
        assert_eq!(
            Vec::from_iter(difference.removed),
            [("a".into(), HostId(1))]
        );
        assert!(answer(&["a"]).difference(&stored(&["a"])).is_empty());
    }

    #[test]
    fn an_answer_without_hosts_takes_nothing() {
        for names in [&[][..], &["http://x"]] {
            let answer = answer(names);
            assert!(answer.difference(&stored(&["a"])).is_empty());
            let last = answer.warnings.last().unwrap();
            assert!(last.message.contains("kept"), "{last}");
        }
    }
}
