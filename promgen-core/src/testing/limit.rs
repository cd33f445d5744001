//! Properties of limiting an expression to what somebody may see.

use std::collections::BTreeSet;

use super::promql::{Labels, Selector, selectors};
use super::{Draw, hostile_name, legal_clause};
use crate::promql::{Limit, enforce};
use crate::rules::{Overrides, expand};

/// Whatever names there are and whatever is asked, each selector picks what it picked, as far as
/// that may be seen.
///
/// # Panics
/// When the property does not hold.
pub fn limit_body(data: &[u8]) {
    let mut draw = Draw::new(data);
    let (services, projects) = (names(&mut draw), names(&mut draw));
    let limit = Limit { services, projects };
    let clause = legal_clause(&mut draw).text;
    let clause = expand(&clause, &Overrides::default()).text;
    let asked = read(&clause);
    let limited = enforce(&clause, &limit);
    let single = matches!(&limited, Ok(limited) if limited.len() == 1);
    assert!(single, "{clause} is one vector, and became {limited:?}");
    let limited = limited.unwrap_or_default().concat();
    let answered = read(&limited);
    let each = alternatives(&limit);
    assert_eq!(answered.len(), asked.len() * each, "{limited}");
    for (before, after) in asked.iter().zip(answered.chunks(each)) {
        for series in series(&limit) {
            let picked = after.iter().filter(|one| one.picks(&series)).count();
            let wanted = before.picks(&series) && is_visible(&series, &limit);
            assert_eq!(picked, usize::from(wanted), "{limited} on {series:?}");
        }
    }
}

/// Any text is limited or refused.
///
/// # Panics
/// When a selector of what comes out lets something through that may not be seen.
pub fn limit_text_body(text: &str) {
    let limit = Limit {
        services: ["A".to_owned()].into(),
        projects: ["a|b".to_owned()].into(),
    };
    let Ok(limited) = enforce(text, &limit) else {
        return;
    };
    for limited in limited {
        for selector in read(&limited) {
            for series in series(&limit) {
                let fits = !selector.picks(&series) || is_visible(&series, &limit);
                assert!(fits, "{text:?} became {limited}, which shows {series:?}");
            }
        }
    }
}

fn read(clause: &str) -> Vec<Selector> {
    let read = selectors(clause);
    assert!(read.is_ok(), "{clause}: {read:?}");
    read.unwrap_or_default()
}

fn names(draw: &mut Draw<'_>) -> BTreeSet<String> {
    let count = draw.below(3);
    let names = (0..count).map(|_| hostile_name(draw));
    // No service or project is without a name.
    names.filter(|name| !name.is_empty()).collect()
}

/// How many selectors one becomes.
fn alternatives(limit: &Limit) -> usize {
    if limit.services.is_empty() || limit.projects.is_empty() {
        1
    } else {
        2
    }
}

/// Series with every combination of known, unknown and missing service and project.
fn series(limit: &Limit) -> Vec<Labels> {
    let or_other = |names: &BTreeSet<String>| {
        let mut names: Vec<String> = names.iter().cloned().collect();
        names.extend(["", "A", "a", "other"].map(ToOwned::to_owned));
        names
    };
    let mut all = Vec::new();
    for service in or_other(&limit.services) {
        for project in or_other(&limit.projects) {
            for (metric, job) in [("up", "x"), ("down", "")] {
                let labels = [
                    ("__name__", metric),
                    ("job", job),
                    ("service", &service),
                    ("project", &project),
                ];
                let own = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
                all.push(
                    own.into_iter()
                        .filter(|(_, value)| !value.is_empty())
                        .collect(),
                );
            }
        }
    }
    all
}

fn is_visible(series: &Labels, limit: &Limit) -> bool {
    let has = |label: &str, names: &BTreeSet<String>| {
        series.get(label).is_some_and(|value| names.contains(value))
    };
    has("service", &limit.services) || has("project", &limit.projects)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{bytes, property_config, soup};
    use super::*;

    proptest! {
        #![proptest_config(property_config())]

        #[test]
        fn s22_selectors_pick_what_may_be_seen_and_all_of_it(data in bytes()) {
            limit_body(&data);
        }

        #[test]
        fn s22_no_text_gets_around_the_limit(text in any::<String>(), data in bytes()) {
            limit_text_body(&text);
            limit_text_body(&soup(&mut Draw::new(&data)));
            let clause = legal_clause(&mut Draw::new(&data)).text;
            limit_text_body(&clause.replace('<', "up<"));
        }
    }
}
