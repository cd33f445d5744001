//! The rules file in the text format of Prometheus 1.x.
//!
//! Source: `promql/parse.go` and `promql/lex.go` of Prometheus 1.8, and its page "Alerting rules".

use std::collections::BTreeMap;

use super::rules::{RuleEntry, RuleOptions, rule_groups};
use super::select::Select;
use crate::model::{LabelName, PromDuration, RuleKind, Tree};
use crate::rules::quoted;

/// Words that the lexer of Prometheus 1.x takes for something else than a name, in lower case.
const KEYWORDS: [&str; 30] = [
    "alert",
    "and",
    "annotations",
    "avg",
    "bool",
    "bottomk",
    "by",
    "count",
    "count_values",
    "for",
    "group_left",
    "group_right",
    "if",
    "ignoring",
    "inf",
    "keep_common",
    "labels",
    "max",
    "min",
    "nan",
    "offset",
    "on",
    "or",
    "quantile",
    "stddev",
    "stdvar",
    "sum",
    "topk",
    "unless",
    "without",
];

/// Renders the rules of a part of the tree for Prometheus 1.x: what [`rules()`](super::rules())
/// renders as YAML, in the same order, with a comment for each group.
///
/// The format has less to say. The name of an alert is made of letters, digits and `_`: other
/// characters become `_`, and a comment tells the name. A time is one number with one unit, of
/// seconds at least, so `1h30m` becomes `90m` and parts of a second are rounded up. Options of
/// groups and `keep_firing_for` are left out, and so are labels and annotations whose names are no
/// names. Expressions are left as they are, even where 1.x does not know a function.
///
/// ```text
/// # shop
/// ALERT HostDown
///   IF up{service="shop"} == 0
///   FOR 5m
///   LABELS {service="shop", severity="major"}
///   ANNOTATIONS {rule="https://promgen.example.com/rule/12"}
/// ```
pub fn rules_v1(tree: &Tree, select: &Select, options: &RuleOptions) -> String {
    let mut out = String::new();
    for group in rule_groups(tree, select, options) {
        if !out.is_empty() {
            out.push('\n');
        }
        comment(&mut out, &group.name);
        for rule in &group.rules {
            match rule.kind {
                RuleKind::Alert => alert(&mut out, rule),
                RuleKind::Record => record(&mut out, rule),
            }
        }
    }
    out
}

fn alert(out: &mut String, rule: &RuleEntry) {
    let name = identifier(&rule.name);
    if name != rule.name {
        comment(out, &rule.name);
    }
    for part in ["ALERT ", &name, "\n  IF ", &rule.expr, "\n"] {
        out.push_str(part);
    }
    let wait = rule.duration.as_ref().map_or(0, PromDuration::millis);
    if wait > 0 {
        for part in ["  FOR ", &span(wait), "\n"] {
            out.push_str(part);
        }
    }
    for (word, map) in [("LABELS", &rule.labels), ("ANNOTATIONS", &rule.annotations)] {
        let set = set(map);
        if !set.is_empty() {
            for part in ["  ", word, " ", &set, "\n"] {
                out.push_str(part);
            }
        }
    }
}

/// A recording rule. One whose name is a keyword cannot be written: it is in a comment.
fn record(out: &mut String, rule: &RuleEntry) {
    if is_keyword(&rule.name) {
        comment(
            out,
            &format!("{} is a keyword of Prometheus 1.x", rule.name),
        );
        return;
    }
    for part in [&rule.name, &set(&rule.labels), " = ", &rule.expr, "\n"] {
        out.push_str(part);
    }
}

fn comment(out: &mut String, text: &str) {
    out.push_str("# ");
    out.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    out.push('\n');
}

fn identifier(name: &str) -> String {
    let legal = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut identifier: String = name.chars().map(legal).collect();
    if identifier.starts_with(|c: char| c.is_ascii_digit()) {
        identifier.insert(0, '_');
    }
    if is_keyword(&identifier) {
        identifier.push('_');
    }
    identifier
}

fn is_keyword(name: &str) -> bool {
    KEYWORDS.iter().any(|word| word.eq_ignore_ascii_case(name))
}

/// `{a="b", c="d"}`; nothing for an empty map.
fn set(map: &BTreeMap<String, String>) -> String {
    let known = map
        .iter()
        .filter(|(name, _)| LabelName::parse(name).is_ok());
    let pairs: Vec<String> = known
        .map(|(name, value)| format!("{name}={}", quoted(value)))
        .collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("{{{}}}", pairs.join(", "))
    }
}

/// A time in the largest unit that divides it.
fn span(millis: u64) -> String {
    let seconds = millis.div_ceil(1000);
    let units = [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)];
    let whole = units.iter().find(|(_, size)| seconds.is_multiple_of(*size));
    let (unit, size) = whole.copied().unwrap_or(("s", 1));
    format!("{}{unit}", seconds / size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GroupOptions, Name, Rule, RuleId, RuleOwner, Site};

    fn rule(id: i32, name: &str, kind: RuleKind, expr: &str, wait: &str) -> Rule {
        Rule {
            id: RuleId(id),
            name: Name::stored(name),
            kind,
            clause: expr.to_owned(),
            duration: PromDuration::stored(wait),
            keep_firing_for: None,
            enabled: true,
            parent: None,
            owner: RuleOwner::Site,
            description: String::new(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
        }
    }

    #[test]
    fn both_kinds_are_written_with_their_escapes() {
        let mut tree = Tree::empty(Site {
            domain: "example.com".to_owned(),
            name: String::new(),
            group: GroupOptions::default(),
        });
        let mut down = rule(
            1,
            "Disk-Full 日",
            RuleKind::Alert,
            "up{<exclude>} == 0 # all",
            "1h30m",
        );
        down.labels = BTreeMap::from([("severity".to_owned(), "\"a\\b\"\n".to_owned())]);
        down.annotations = BTreeMap::from([("a b".to_owned(), String::new())]);
        let mut sum = rule(2, "job:up:sum", RuleKind::Record, "sum(up)", "0s");
        sum.labels = BTreeMap::from([("team".to_owned(), "x".to_owned())]);
        let word = rule(3, "if", RuleKind::Alert, "up", "500ms");
        let offset = rule(4, "offset", RuleKind::Record, "up", "0s");
        tree.rules = vec![down, sum, word, offset];
        let expected = r#"# example.com
# Disk-Full 日
ALERT Disk_Full__
  IF up{} == 0 # all
  FOR 90m
  LABELS {severity="\"a\\b\"\n"}
  ANNOTATIONS {rule="http://example.com/rule/1"}
# if
ALERT if_
  IF up
  FOR 1s
  ANNOTATIONS {rule="http://example.com/rule/3"}
job:up:sum{team="x"} = sum(up)
# offset is a keyword of Prometheus 1.x
"#;
        assert_eq!(
            rules_v1(&tree, &Select::All, &RuleOptions::default()),
            expected
        );
        tree.rules.clear();
        assert_eq!(rules_v1(&tree, &Select::All, &RuleOptions::default()), "");
    }

    #[test]
    fn times_have_one_unit() {
        for (millis, text) in [
            (1, "1s"),
            (90_000, "90s"),
            (300_000, "5m"),
            (86_400_000, "1d"),
            (604_800_000, "1w"),
        ] {
            assert_eq!(span(millis), text);
        }
    }
}
