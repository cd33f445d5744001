//! Reading a rule file of Prometheus 2 and later.

use std::collections::BTreeMap;

use super::rule_draft::{RuleDraft, texts};
use super::source::{lines, read};
use crate::document::{Fields, Node, Value};
use crate::model::{GroupOptions, Place, Problem};

/// A rule file: what could be read of it, and every finding about it.
#[derive(Debug, Clone, Default)]
pub struct RuleFile {
    /// The groups in the order of the file.
    pub groups: Vec<GroupDraft>,
    /// Findings, errors among them, in the order of the file. Rules that have one may be missing
    /// from the groups.
    pub problems: Vec<Problem>,
}

/// A group of a rule file. Its name decides nothing: rules go to whom their labels name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDraft {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub place: Place,
    /// Its options; a limit of 0, which means none, is left out.
    pub options: GroupOptions,
    /// Its rules.
    pub rules: Vec<RuleDraft>,
}

/// Reads a rule file: `groups`, or what people cut out of one (a list of groups, a list of rules, one
/// bare rule), in YAML or JSON.
///
/// Checked is everything that [`check_rule`](crate::rules::check_rule) checks. An absent `for` is
/// `0s`; labels and annotations that are numbers or truth values become texts; labels of a group
/// (Prometheus 3) go to its rules. The labels `service` and `project` are taken out: they say whose
/// rule it is, and are computed when rendering, as the annotation `rule` is.
///
/// ```
/// use promgen_core::import::import_rules_v2;
///
/// let file = import_rules_v2("{alert: Down, expr: up == 0, labels: {severity: 1, service: shop}}");
/// assert!(file.problems.is_empty());
/// let rule = &file.groups[0].rules[0];
/// assert_eq!((rule.duration.as_str(), &*rule.labels["severity"]), ("0s", "1"));
/// assert_eq!(rule.service.as_deref(), Some("shop"));
/// ```
pub fn import_rules_v2(text: &str) -> RuleFile {
    let mut problems = Vec::new();
    let groups = match read(text) {
        Ok(node) => groups(&node, &lines(text), &mut problems),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    problems.sort_by_key(|problem| problem.place);
    RuleFile {
        groups: groups.unwrap_or_default(),
        problems,
    }
}

/// Checks a rule file natively, as `promtool check rules` does: every finding with its place.
///
/// ```
/// use promgen_core::import::check_rules;
///
/// assert_eq!(check_rules("groups: [{name: a, rules: [{alert: Down, expr: up == 0}]}]"), []);
/// let found = check_rules("groups:\n- name: a\n  rules:\n  - {alert: Down, expr: 'up ==', for: 5}\n");
/// let told: Vec<String> = found.iter().map(ToString::to_string).collect();
/// assert!(told[0].starts_with("error: groups[0].rules[0].expr 4:25:"), "{told:?}");
/// assert!(told[1].starts_with("error: groups[0].rules[0].for 4:39:"), "{told:?}");
/// ```
pub fn check_rules(text: &str) -> Vec<Problem> {
    import_rules_v2(text).problems
}

fn groups(node: &Node, lines: &[&str], problems: &mut Vec<Problem>) -> Option<Vec<GroupDraft>> {
    match &node.value {
        Value::Null => return None,
        Value::Map(entries) if entries.iter().all(|entry| entry.key != "groups") => {
            let one = [("rule".to_owned(), node)];
            return Some(vec![bare(node.place, one, lines, problems)]);
        }
        Value::List(list) if list.iter().any(is_group) => {
            return Some(listed(paths("groups", list), lines, problems));
        }
        Value::List(list) => {
            return Some(vec![bare(
                node.place,
                paths("rules", list),
                lines,
                problems,
            )]);
        }
        _ => {}
    }
    let fields = Fields::open(node, "", &["groups"], problems)?;
    let nodes = fields.list("groups", problems)?;
    Some(listed(nodes, lines, problems))
}

fn is_group(node: &Node) -> bool {
    matches!(&node.value, Value::Map(entries) if entries.iter().any(|entry| entry.key == "rules"))
}

fn paths<'a>(key: &str, list: &'a [Node]) -> impl Iterator<Item = (String, &'a Node)> {
    let path = move |(at, node)| (format!("{key}[{at}]"), node);
    list.iter().enumerate().map(path)
}

/// Rules that came without their group.
fn bare<'a>(
    place: Place,
    nodes: impl IntoIterator<Item = (String, &'a Node)>,
    lines: &[&str],
    problems: &mut Vec<Problem>,
) -> GroupDraft {
    let none = BTreeMap::new();
    let rules = nodes
        .into_iter()
        .filter_map(|(path, node)| RuleDraft::read(node, &path, &none, lines, problems));
    GroupDraft {
        name: "Import".to_owned(),
        place,
        options: GroupOptions::default(),
        rules: rules.collect(),
    }
}

fn listed<'a>(
    nodes: impl IntoIterator<Item = (String, &'a Node)>,
    lines: &[&str],
    problems: &mut Vec<Problem>,
) -> Vec<GroupDraft> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups = Vec::new();
    for (path, node) in nodes {
        let Some(group) = group(node, &path, lines, problems) else {
            continue;
        };
        let line = group.place.line;
        if let Some(first) = seen.insert(group.name.clone(), line) {
            let message = format!("stands here again, after line {first}");
            let remedy = "Prometheus refuses such a file; the import does not mind";
            let problem = Problem::warning(format!("{path}.name"), message, remedy);
            problems.push(problem.at(group.place));
        }
        groups.push(group);
    }
    groups
}

fn group(
    node: &Node,
    path: &str,
    lines: &[&str],
    problems: &mut Vec<Problem>,
) -> Option<GroupDraft> {
    let known = [
        "name",
        "interval",
        "limit",
        "query_offset",
        "labels",
        "rules",
    ];
    let fields = Fields::open(node, path, &known, problems)?;
    let name = fields.required("name", problems);
    let limit = fields.count("limit", problems);
    let options = GroupOptions {
        interval: fields.parsed("interval", problems),
        limit: limit.filter(|limit| *limit > 0),
        query_offset: fields.parsed("query_offset", problems),
    };
    let shared = texts(&fields, "labels", lines, problems);
    let nodes = fields.list("rules", problems).unwrap_or_default();
    let rules = nodes
        .into_iter()
        .filter_map(|(path, node)| RuleDraft::read(node, &path, &shared, lines, problems));
    Some(GroupDraft {
        rules: rules.collect(),
        name: name.unwrap_or_default(),
        place: fields.place,
        options,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RuleKind;

    fn told(text: &str) -> Vec<String> {
        check_rules(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn both_kinds_and_the_options_of_groups_are_read() {
        let file = import_rules_v2(
            "groups:\n- name: a\n  interval: 1m\n  limit: 0\n  query_offset: 30s\n  \
             labels: {team: x, tier: 1.50}\n  rules:\n  - record: job:up:sum\n    \
             expr: sum by (job) (up)\n  - alert: Down\n    expr: up == 0\n    \
             keep_firing_for: 5m\n    labels: {team: y, page: true}\n    \
             annotations: {rule: 'http://x/rule/1', n: 0x1F}\n",
        );
        assert_eq!(file.problems, []);
        let group = &file.groups[0];
        assert_eq!(group.options.interval.as_ref().unwrap().as_str(), "1m");
        assert_eq!(group.options.limit, None);
        let [record, alert] = &group.rules[..] else {
            panic!("{group:?}")
        };
        assert_eq!(record.kind, RuleKind::Record);
        assert_eq!(record.labels["tier"], "1.50");
        assert_eq!(alert.labels["team"], "y");
        assert_eq!(alert.labels["page"], "true");
        assert_eq!(alert.annotations.get("rule"), None);
        assert_eq!(alert.annotations["n"], "0x1F");
        assert_eq!(
            alert.place,
            Place {
                line: 10,
                column: 5
            }
        );
    }

    #[test]
    fn every_finding_comes_at_once_with_its_place() {
        let text = "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: 'up{'\n    for: soon\n\
                    \x20 - alert: B/\n    expr: up\n  - expr: up\n  - alert: C\n  - alert: D\n    \
                    expr: up\n    expr: up\n    labels: {a-b: x}\n  - {alert: E, record: e, expr: up}\n\
                    \x20 - {record: 'x y', for: 5m, expr: up, annotations: {a: b}}\n";
        let found = told(text);
        let expected = [
            "error: groups[0].rules[0].expr 5:11: { is never closed (at 1:3 in it)",
            "error: groups[0].rules[0].for 6:10:",
            "error: groups[0].rules[1].alert 7:12:",
            "error: groups[0].rules[2] 9:5: has neither alert nor record",
            "error: groups[0].rules[3] 10:5: expr is missing",
            "error: groups[0].rules[4].expr 13:5: stands here again, after line 12",
            "error: groups[0].rules[4].labels.a-b 14:19:",
            "error: groups[0].rules[5].record 15:24: stands beside alert",
            "error: groups[0].rules[6].record 16:14: x y is not a metric name",
            "error: groups[0].rules[6].for 16:26: stands on a recording rule",
            "error: groups[0].rules[6].annotations 16:53: stand on a recording rule",
        ];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found}\n{expected}");
        }
    }

    #[test]
    fn a_wrong_option_is_told_once_and_with_what_to_write() {
        let found = told("groups: [{name: a, interval: 1x, limit: -3, rules: []}]");
        let expected = [
            "error: groups[0].interval 1:30: \"1x\" is not a duration; write it like 30s, 5m or \
             1h30m, units in the order y w d h m s ms",
            "error: groups[0].limit 1:41: \"-3\" is not a whole number from 0 to 4294967295; \
             write one, or leave it out",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn files_from_other_systems_are_read() {
        let text = "groups:\r\n- name: a\r\n  rules:\r\n  - alert: A\r\n    expr: up\r\n";
        assert_eq!(check_rules(text), []);
        assert_eq!(check_rules(&format!("\u{feff}{text}")), []);
        assert_eq!(import_rules_v2(text).groups[0].rules[0].clause, "up");
        for empty in ["", "groups: []", "groups:\n"] {
            assert_eq!(check_rules(empty), []);
        }
    }

    #[test]
    fn what_was_cut_out_of_a_file_is_read() {
        let rules = "- {alert: A, expr: up == 0}\n- {record: b, expr: up}\n";
        let file = import_rules_v2(rules);
        assert_eq!(file.problems, []);
        let names: Vec<&str> = file.groups[0]
            .rules
            .iter()
            .map(|rule| &*rule.name)
            .collect();
        assert_eq!((names, file.groups.len()), (vec!["A", "b"], 1));

        let file = import_rules_v2("- {name: a, interval: 1m, rules: [{alert: A, expr: up}]}\n");
        assert_eq!(file.problems, []);
        assert_eq!(
            (&*file.groups[0].name, file.groups[0].rules.len()),
            ("a", 1)
        );

        let found = told("- {alert: A, expr: up}\n- {alert: B}\n");
        assert!(
            found[0].starts_with("error: rules[1] 2:3: expr is missing"),
            "{found:?}"
        );
    }

    #[test]
    fn what_is_no_rule_file_is_named_with_its_place() {
        for (text, part) in [
            ("groups:\n\t- name: a\n", "document 2:"),
            ("[1]", "write a map"),
            ("groups: {a: 1}", "groups 1:9: is a map; write a list"),
            ("groups: [{name: a, rules: [3]}]", "groups[0].rules[0] 1:28"),
            (
                "groups: []\ngroups: []\n",
                "groups 2:1: stands here again, after line 1",
            ),
            ("groups: [{name: a, rule: []}]", "did you mean rules?"),
            ("a: [\n", "document 1:4: unclosed"),
        ] {
            let told = told(text);
            assert!(
                told.iter().any(|line| line.contains(part)),
                "{text}: {told:?}"
            );
        }
    }

    #[test]
    fn what_explodes_or_is_too_large_is_refused() {
        let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..9 {
            let alias = vec![format!("*a{}", level - 1); 10].join(",");
            let line = format!("a{level}: &a{level} [{alias}]\n");
            text.push_str(&line);
        }
        assert_eq!(told(&text).len(), 1);
        let large = " ".repeat(50_000_000);
        let told = told(&large);
        assert!(
            told[0].contains("has 50000000 bytes, more than"),
            "{told:?}"
        );
    }
}
