//! One rule by itself, as the pages show it.

use serde_json::{Map, Value, json};

use super::rules::{Owner, RuleEntry, RuleOptions};
use crate::model::{PromDuration, Rule, RuleKind, Tree};
use crate::rules::{OverrideIndex, expand};

/// One rule as the map that its entry in the rules file holds: `alert`, `annotations`, `expr`,
/// `for`, `labels` (and `keep_firing_for`), or `expr`, `labels`, `record`; keys are sorted.
///
/// Disabled rules have one too. `None` when the owner of the rule is missing.
///
/// ```
/// use promgen_core::import::{import_rules_v2, plan_rules};
/// use promgen_core::model::{GroupOptions, Site, Tree};
/// use promgen_core::render::{RuleOptions, rule_dict};
///
/// let site = Site {
///     domain: "promgen.example.com".to_owned(),
///     name: "Promgen".to_owned(),
///     group: GroupOptions::default(),
/// };
/// let file = import_rules_v2("{alert: Down, expr: 'up{<exclude>} == 0', for: 5m}");
/// let tree = plan_rules(&file, None, &Tree::empty(site)).unwrap().target;
/// let dict = rule_dict(&tree, &tree.rules[0], &RuleOptions::default()).unwrap();
/// assert_eq!(dict["alert"], "Down");
/// assert_eq!(dict["expr"], "up{} == 0");
/// assert_eq!(dict["for"], "5m");
/// ```
pub fn rule_dict(tree: &Tree, rule: &Rule, options: &RuleOptions) -> Option<Map<String, Value>> {
    let owner = Owner::find(tree, rule.owner)?;
    let overrides = OverrideIndex::new(tree);
    let expr = expand(&rule.clause, overrides.of(rule.id)).text;
    Some(dict(&owner.entry(rule, expr, options)))
}

fn dict(entry: &RuleEntry) -> Map<String, Value> {
    let mut pairs = vec![("expr", json!(entry.expr)), ("labels", json!(entry.labels))];
    match entry.kind {
        RuleKind::Alert => {
            pairs.push(("alert", json!(entry.name)));
            pairs.push(("annotations", json!(entry.annotations)));
        }
        RuleKind::Record => pairs.push(("record", json!(entry.name))),
    }
    let spans = [
        ("for", &entry.duration),
        ("keep_firing_for", &entry.keep_firing_for),
    ];
    for (key, span) in spans {
        pairs.extend(
            span.as_ref()
                .map(|span| (key, json!(PromDuration::as_str(span)))),
        );
    }
    pairs.sort_by_key(|(key, _)| *key);
    let own = |(key, value): (&str, Value)| (key.to_owned(), value);
    pairs.into_iter().map(own).collect()
}
