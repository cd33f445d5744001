//! Comparing our outputs with what Promgen itself printed for the same data (`tests/golden/`).
//!
//! Compared are parsed documents: rules as a map from group and rule name, targets and URLs as
//! multisets. Where we differ on purpose, the difference is listed in [`RULE_DIFFERENCES`] with its
//! reason; a listed difference that does not occur is itself reported, so that the list cannot
//! outlive what it excuses. The functions are pure and answer with the differences in words; an
//! empty answer means equal.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use regex::{Captures, Regex};
use serde_json::{Map, Value};

/// A place where an expression of ours differs from Promgen's on purpose.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    /// Name of the rule.
    pub rule: &'static str,
    /// What stands in Promgen's expression.
    pub theirs: &'static str,
    /// What stands in ours instead, everywhere.
    pub ours: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// Every place where our rules for the golden data differ from Promgen's.
pub const RULE_DIFFERENCES: &[Difference] = &[
    Difference {
        rule: "Rule0000_svc_000",
        theirs: r#"project!~"prj.000.01""#,
        ours: r#"project!~"prj\\.000\\.01""#,
        reason: ESCAPED,
    },
    Difference {
        rule: "Rule0001",
        theirs: r#"service!~"svc.001""#,
        ours: r#"service!~"svc\\.001""#,
        reason: ESCAPED,
    },
    Difference {
        rule: "Rule0003",
        theirs: r#"project!~"prj.000.01""#,
        ours: r#"project!~"prj\\.000\\.01""#,
        reason: ESCAPED,
    },
    Difference {
        rule: "ProjectOnly",
        theirs: "== 0 # ",
        ours: "== 0 # <exclude>",
        reason: "in a comment the macro does nothing, and is left alone with a warning",
    },
];

const ESCAPED: &str = "excluded names are escaped: svc.001 must not exclude svcx001 as well";

/// Path of a file below `tests/golden/`.
pub fn golden_path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(name)
}

/// Compares two rules files, with [`RULE_DIFFERENCES`] applied to Promgen's.
///
/// The order of groups and rules does not count, nor do the alternatives of a regular expression;
/// the annotation `rule` is left out, for it bears the ids of each side.
pub fn compare_rules(ours: &str, golden: &str) -> Vec<String> {
    compare_rules_but(ours, golden, RULE_DIFFERENCES)
}

/// Compares two targets files as multisets of groups; hosts inside a group are in order.
pub fn compare_targets(ours: &str, golden: &str) -> Vec<String> {
    compare_groups(ours, golden)
}

/// Compares two URLs files as multisets of groups; URLs inside a group are in order.
pub fn compare_urls(ours: &str, golden: &str) -> Vec<String> {
    compare_groups(ours, golden)
}

/// Rules by group and name.
type Rules = BTreeMap<(String, String), Map<String, Value>>;

/// As [`compare_rules`], with other differences.
pub fn compare_rules_but(ours: &str, golden: &str, differences: &[Difference]) -> Vec<String> {
    let mut found = Vec::new();
    let (ours, golden) = (parse_rules(ours), parse_rules(golden));
    let (ours, mut golden) = match (ours, golden) {
        (Ok(ours), Ok(golden)) => (ours, golden),
        (ours, golden) => {
            found.extend(ours.err().map(|error| format!("ours: {error}")));
            found.extend(golden.err().map(|error| format!("golden: {error}")));
            return found;
        }
    };
    for difference in differences {
        found.extend(apply(&mut golden, difference));
    }
    let names: BTreeSet<_> = ours.keys().chain(golden.keys()).collect();
    for (group, rule) in names {
        let key = (group.clone(), rule.clone());
        match (ours.get(&key), golden.get(&key)) {
            (Some(ours), Some(golden)) => found.extend(
                compare_fields(ours, golden).map(|field| format!("{group}: {rule}: {field}")),
            ),
            (Some(_), None) => found.push(format!("{group}: {rule}: only in ours")),
            _ => found.push(format!("{group}: {rule}: only in golden")),
        }
    }
    found
}

/// Reads a rules file; a group without rules counts as no group.
fn parse_rules(text: &str) -> Result<Rules, String> {
    let document: Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    let groups = list(&document, "groups")?;
    let mut rules = Rules::new();
    for group in groups {
        let name = group.get("name").and_then(Value::as_str);
        let name = name.ok_or("a group has no name")?;
        for rule in list(group, "rules")? {
            let mut fields = rule.as_object().ok_or("a rule is no mapping")?.clone();
            let key = ["alert", "record"]
                .iter()
                .find_map(|key| fields.get(*key)?.as_str());
            let rule_name = key.ok_or("a rule has no name")?.to_owned();
            if let Some(Value::Object(annotations)) = fields.get_mut("annotations") {
                annotations.remove("rule");
            }
            let key = (name.to_owned(), rule_name);
            if let Some(twice) = rules.insert(key, fields) {
                return Err(format!("{name} has a rule twice: {}", Value::Object(twice)));
            }
        }
    }
    Ok(rules)
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, String> {
    let list = value.get(key).and_then(Value::as_array);
    list.ok_or_else(|| format!("{key} is no list in {value}"))
}

/// Turns Promgen's expression into the one that we mean to print; says so when there is none.
fn apply(golden: &mut Rules, difference: &Difference) -> Option<String> {
    let expr = golden
        .iter_mut()
        .filter(|((_, rule), _)| rule == difference.rule)
        .find_map(|(_, fields)| fields.get_mut("expr"));
    if let Some(Value::String(expr)) = expr
        && expr.contains(difference.theirs)
    {
        *expr = expr.replace(difference.theirs, difference.ours);
        return None;
    }
    Some(format!("listed, but does not occur: {difference:?}"))
}

fn compare_fields<'a>(
    ours: &'a Map<String, Value>,
    golden: &'a Map<String, Value>,
) -> impl Iterator<Item = String> + 'a {
    let keys: BTreeSet<&String> = ours.keys().chain(golden.keys()).collect();
    keys.into_iter().filter_map(|key| {
        let (ours, golden) = (ours.get(key), golden.get(key));
        if comparable(key, ours) == comparable(key, golden) {
            return None;
        }
        let shown = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
        Some(format!(
            "{key}: ours {}, golden {}",
            shown(ours),
            shown(golden)
        ))
    })
}

/// A field's value, an expression with the alternatives of its regular expressions in order.
fn comparable(key: &str, value: Option<&Value>) -> Option<Value> {
    let value = value?;
    match value {
        Value::String(expr) if key == "expr" => Some(Value::String(sort_alternatives(expr))),
        other => Some(other.clone()),
    }
}

fn sort_alternatives(expr: &str) -> String {
    let Ok(matcher) = Regex::new(r#"([=!]~)"((?:[^"\\]|\\.)*)""#) else {
        return expr.to_owned();
    };
    let sorted = |captures: &Captures<'_>| {
        let part = |index| captures.get(index).map_or("", |part| part.as_str());
        let alternatives: BTreeSet<&str> = part(2).split('|').collect();
        let alternatives: Vec<&str> = alternatives.into_iter().collect();
        format!("{}\"{}\"", part(1), alternatives.join("|"))
    };
    matcher.replace_all(expr, sorted).into_owned()
}

fn compare_groups(ours: &str, golden: &str) -> Vec<String> {
    let (ours, golden) = match (count_groups(ours), count_groups(golden)) {
        (Ok(ours), Ok(golden)) => (ours, golden),
        (ours, golden) => {
            let ours = ours.err().map(|error| format!("ours: {error}"));
            let golden = golden.err().map(|error| format!("golden: {error}"));
            return ours.into_iter().chain(golden).collect();
        }
    };
    let groups: BTreeSet<&String> = ours.keys().chain(golden.keys()).collect();
    let mut found = Vec::new();
    for group in groups {
        let in_ours = ours.get(group).copied().unwrap_or_default();
        let in_golden = golden.get(group).copied().unwrap_or_default();
        if in_ours != in_golden {
            found.push(format!(
                "{in_ours} times in ours, {in_golden} times in golden: {group}"
            ));
        }
    }
    found
}

/// Each group of a file in a form of its own, and how often it occurs.
fn count_groups(text: &str) -> Result<BTreeMap<String, usize>, String> {
    let groups: Vec<Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut counts = BTreeMap::new();
    for mut group in groups {
        group.sort_all_objects();
        *counts.entry(group.to_string()).or_default() += 1;
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden(name: &str) -> String {
        std::fs::read_to_string(golden_path(name)).unwrap()
    }

    /// The golden rules as we mean to print them.
    fn our_rules() -> String {
        let mut text = golden("api_v1_rules.yml");
        for difference in RULE_DIFFERENCES {
            text = text.replace(difference.theirs, difference.ours);
        }
        text
    }

    #[test]
    fn the_listed_differences_are_all_that_is_excused() {
        let ours = our_rules();
        assert_eq!(
            compare_rules(&ours, &golden("api_v1_rules.yml")),
            Vec::<String>::new()
        );
        let unescaped = compare_rules(&golden("api_v1_rules.yml"), &golden("api_v1_rules.yml"));
        assert_eq!(unescaped.len(), RULE_DIFFERENCES.len(), "{unescaped:#?}");
    }

    #[test]
    fn a_difference_that_does_not_occur_is_reported() {
        let ours = our_rules();
        let mut found = compare_rules(&ours, &ours);
        found.retain(|one| one.starts_with("listed, but does not occur"));
        assert_eq!(found.len(), 3, "{found:#?}");
    }

    #[test]
    fn changes_of_a_rule_are_found() {
        let ours = our_rules();
        for (theirs, other, told) in [
            ("severity: major", "severity: minor", "labels: ours"),
            ("for: 30s", "for: 31s", "for: ours"),
            ("summary: rule 4", "summary: rule 5", "annotations: ours"),
            ("absent(up)", "absent(down)", "expr: ours"),
            (
                "- alert: Rule0004",
                "- alert: Rule0009",
                "Rule0009: only in ours",
            ),
            (
                "- name: svc 002\n",
                "- name: svc 003\n",
                "Rule0005_svc_002: only in golden",
            ),
        ] {
            let changed = ours.replacen(theirs, other, 1);
            assert_ne!(changed, ours, "{theirs}");
            let found = compare_rules(&changed, &golden("api_v1_rules.yml"));
            assert!(
                found.iter().any(|one| one.contains(told)),
                "{told} in {found:#?}"
            );
        }
    }

    #[test]
    fn links_order_and_repeated_alternatives_do_not_count() {
        let rule = |expr: &str, link: u8| {
            format!(
                "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: {expr}\n    \
                 annotations: {{rule: {link}}}\n"
            )
        };
        let ours = rule("up{a!~\"x|y\"}", 1);
        assert!(compare_rules_but(&ours, &rule("up{a!~\"y|x|y\"}", 2), &[]).is_empty());
        assert_eq!(
            compare_rules_but(&ours, &rule("up{a!~\"y|z\"}", 2), &[]).len(),
            1
        );
    }

    #[test]
    fn documents_that_do_not_parse_are_reported() {
        assert_eq!(compare_rules_but("[", "groups: []", &[]).len(), 1);
        assert_eq!(compare_rules_but("groups: []", "a: 1", &[]).len(), 1);
        assert_eq!(compare_targets("[", "{}").len(), 2);
    }

    #[test]
    fn target_groups_are_compared_as_multisets() {
        let text = golden("api_v1_targets.json");
        let mut groups: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(groups.len(), 16);
        groups.reverse();
        let turned = serde_json::to_string(&groups).unwrap();
        assert_eq!(compare_targets(&turned, &text), Vec::<String>::new());
        groups.push(groups[0].clone());
        let doubled = serde_json::to_string(&groups).unwrap();
        let found = compare_targets(&doubled, &text);
        assert!(
            found.len() == 1 && found[0].starts_with("2 times in ours, 1 times"),
            "{found:?}"
        );
    }

    #[test]
    fn changes_of_a_group_are_found() {
        let text = golden("api_v1_urls.json");
        let changed = text.replacen("\"shard-a\"", "\"shard-b\"", 1);
        assert_eq!(compare_urls(&changed, &text).len(), 2);
        let moved = text.replacen("?q=0", "?q=2", 1);
        assert_eq!(compare_urls(&moved, &text).len(), 2);
        assert_eq!(compare_urls(&text, &text), Vec::<String>::new());
    }
}
