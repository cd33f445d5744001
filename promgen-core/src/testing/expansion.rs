//! Properties of the macro: what it expands to parses, and excludes exactly the children.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clause, Draw, Labels, Selector, hostile_name, legal_clause, selectors};
use crate::model::{
    Name, ProjectId, PromDuration, Rule, RuleId, RuleKind, RuleOwner, ServiceId, has_errors,
};
use crate::rules::{Overrides, check_rule, derive_override, expand};

/// The property behind Promgen: of the series that a clause is about, its expansion leaves out
/// those of its overrides and no other, and the derived clause of each override is about those.
///
/// Draws a clause, overrides with hostile names, and series with those names and ones much like
/// them. Answers how many times a selector was kept off a series, for a test to see that it
/// checked something.
///
/// # Panics
/// When the property does not hold.
pub fn macro_body(data: &[u8]) -> usize {
    let mut draw = Draw::new(data);
    let mut names = |most| {
        (0..=draw.below(most))
            .map(|_| hostile_name(&mut draw))
            .collect()
    };
    let overrides = Overrides {
        services: names(3),
        projects: names(2),
    };
    let clause = legal_clause(&mut draw);
    let series = series(&overrides, &mut draw);
    expansion_excludes_exactly_the_children(&clause, &overrides, &series)
}

/// The body of [`macro_body`] for a clause, overrides and series of one's own.
///
/// # Panics
/// When the property does not hold.
pub fn expansion_excludes_exactly_the_children(
    clause: &Clause,
    overrides: &Overrides,
    series: &[Labels],
) -> usize {
    let all = expanded(&clause.text, &Overrides::default());
    assert_eq!(all.len(), clause.narrowed.len(), "selectors of {clause:?}");
    let parent = expanded(&clause.text, overrides);
    let covered = |labels: &Labels| {
        overrides.services.contains(label(labels, "service"))
            || overrides.projects.contains(label(labels, "project"))
    };
    let excluded = compare(clause, &all, &parent, series, |labels| !covered(labels));
    for (owner, names) in [
        (RuleOwner::Service(ServiceId(1)), &overrides.services),
        (RuleOwner::Project(ProjectId(1)), &overrides.projects),
    ] {
        for name in names {
            let child = derived(&clause.text, owner, name);
            let child = expanded(&child, &Overrides::default());
            compare(clause, &all, &child, series, |labels| {
                label(labels, owner.kind()) == name
            });
        }
    }
    excluded
}

/// Asserts that `some` picks of what `all` picks what may be kept, wherever a macro narrows it.
/// Answers how often that kept it off a series.
fn compare(
    clause: &Clause,
    all: &[Selector],
    some: &[Selector],
    series: &[Labels],
    keeps: impl Fn(&Labels) -> bool,
) -> usize {
    assert_eq!(all.len(), some.len(), "selectors of {clause:?}");
    let mut excluded = 0;
    for ((all, some), narrowed) in all.iter().zip(some).zip(&clause.narrowed) {
        for labels in series {
            let picked = all.picks(labels);
            let wanted = picked && (!narrowed || keeps(labels));
            assert_eq!(some.picks(labels), wanted, "{clause:?} on {labels:?}");
            excluded += usize::from(picked && !wanted);
        }
    }
    excluded
}

/// Expands a clause that must expand without errors, pass the checks and parse.
pub(super) fn expanded(clause: &str, overrides: &Overrides) -> Vec<Selector> {
    let expansion = expand(clause, overrides);
    assert!(
        !has_errors(&expansion.problems),
        "{clause}: {:?}",
        expansion.problems
    );
    let problems = check_rule(&rule(clause), overrides);
    assert!(!has_errors(&problems), "{}: {problems:?}", expansion.text);
    let selectors = selectors(&expansion.text);
    assert!(selectors.is_ok(), "{}: {selectors:?}", expansion.text);
    selectors.unwrap_or_default()
}

/// Series of every override and of its near misses, in services and projects.
fn series(overrides: &Overrides, draw: &mut Draw<'_>) -> Vec<Labels> {
    let around = |names: &BTreeSet<String>| {
        let mut values: Vec<String> = names.iter().flat_map(|name| near(name)).collect();
        values.extend(["", "A", "a", "other"].map(str::to_owned));
        values
    };
    let (services, projects) = (around(&overrides.services), around(&overrides.projects));
    let mut any = |values: &[String]| {
        let at = draw.below(u8::try_from(values.len()).unwrap_or(u8::MAX));
        values.get(usize::from(at)).cloned().unwrap_or_default()
    };
    let mut pairs = Vec::new();
    for service in &services {
        pairs.push((service.clone(), String::new()));
        pairs.push((service.clone(), any(&projects)));
    }
    for project in &projects {
        pairs.push((any(&services), project.clone()));
    }
    let labels = |(service, project)| {
        let metric = draw.pick(&["up", "down"]).to_owned();
        let job = draw.pick(&["x", "", "y", "yy", "z.z"]).to_owned();
        let pairs = [
            ("__name__", metric),
            ("job", job),
            ("service", service),
            ("project", project),
        ];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        pairs
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    pairs.into_iter().map(labels).collect()
}

/// A name, and texts that a careless expression would take for it.
pub(super) fn near(name: &str) -> Vec<String> {
    let mut shorter = name.to_owned();
    shorter.pop();
    vec![
        name.to_owned(),
        shorter,
        format!("{name}\n"),
        format!("{name}x"),
        format!("x{name}"),
        name.replace('.', "x"),
        name.replace('\\', ""),
        name.replace(['(', ')', '*', '+', '?'], ""),
        name.to_uppercase(),
        name.split('|').next().unwrap_or_default().to_owned(),
    ]
}

fn label<'a>(labels: &'a Labels, name: &str) -> &'a str {
    labels.get(name).map_or("", String::as_str)
}

/// The clause of a rule's override.
pub(super) fn derived(clause: &str, owner: RuleOwner, name: &str) -> String {
    derive_override(&rule(clause), owner, &Name::stored(name), &|_| false).clause
}

pub(super) fn rule(clause: &str) -> Rule {
    Rule {
        id: RuleId(1),
        name: Name::stored("Down"),
        kind: RuleKind::Alert,
        clause: clause.to_owned(),
        duration: PromDuration::stored("0s"),
        keep_firing_for: None,
        enabled: true,
        parent: None,
        owner: RuleOwner::Site,
        description: String::new(),
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::test_runner::TestRunner;

    use super::super::{bytes, property_config};
    use super::*;

    #[test]
    fn an_expansion_parses_and_excludes_exactly_the_children() {
        let (excluded, cases) = (Cell::new(0), Cell::new(0));
        let outcome = TestRunner::new(property_config()).run(&bytes(), |data| {
            let kept_off = macro_body(&data);
            excluded.set(excluded.get() + kept_off);
            cases.set(cases.get() + usize::from(kept_off > 0));
            Ok(())
        });
        outcome.unwrap();
        // Most cases must have had something to exclude, or the property says nothing.
        assert!(
            cases.get() > 128 && excluded.get() > 1000,
            "{cases:?}, {excluded:?}"
        );
    }

    #[test]
    fn an_expansion_that_excludes_too_much_is_noticed() {
        let clause = Clause {
            text: r#"up{service!="axb",<exclude>}"#.to_owned(),
            narrowed: vec![false],
        };
        let overrides = Overrides {
            services: ["a.b".to_owned()].into(),
            ..Overrides::default()
        };
        let up = ("__name__".to_owned(), "up".to_owned());
        let series = [Labels::from([up, ("service".to_owned(), "a.b".to_owned())])];
        let run = || expansion_excludes_exactly_the_children(&clause, &overrides, &series);
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
