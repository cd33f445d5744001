//! What holds for any text that is offered for import, and for exports that are imported again.

use std::collections::BTreeMap;

use super::{Draw, hostile_name};
use crate::alert::matchers;
use crate::import::{
    TargetsOptions, import_config, import_probes, import_rules_v2, plan_probes, plan_rules,
    plan_targets,
};
use crate::model::{GroupOptions, Name, PromDuration, Rule, RuleId, RuleKind, RuleOwner};
use crate::model::{Site, Tree};
use crate::render::{RuleOptions, Select, rule_groups, rules, targets};

fn empty() -> Tree {
    Tree::empty(Site {
        domain: "example.com".to_owned(),
        name: "Promgen".to_owned(),
        group: GroupOptions::default(),
    })
}

/// Whatever is offered as a rule file is read or refused; what was planned is exported and
/// imported again as the same rules, and a second import into the same tree does nothing.
///
/// # Panics
/// When the property does not hold.
pub fn rule_import_body(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let file = import_rules_v2(text);
    let Ok(planned) = plan_rules(&file, None, &empty()) else {
        return;
    };
    let again = plan_rules(&file, None, &planned.target);
    assert!(
        again.is_ok_and(|again| again.report.is_empty()),
        "{text:?} imported twice"
    );
    rules_come_back(&planned.target);
}

/// The rules of a site, exported and imported into an empty tree, are the same rules.
///
/// # Panics
/// When they are not.
pub fn rules_come_back(tree: &Tree) {
    let options = RuleOptions::default();
    let export = rules(tree, &Select::All, &options);
    let file = import_rules_v2(&export);
    let entries = |tree: &Tree| {
        let mut groups = rule_groups(tree, &Select::All, &options);
        for rule in groups.iter_mut().flat_map(|group| &mut group.rules) {
            // The link bears the id.
            rule.annotations.remove("rule");
        }
        groups
    };
    let again = plan_rules(&file, None, &empty()).map(|again| entries(&again.target));
    assert_eq!(again, Ok(entries(tree)), "\n{export}");
}

/// Rules of a site with legal clauses and texts of all kinds, drawn from bytes.
pub fn drawn_rules(data: &[u8]) -> Tree {
    let mut draw = Draw::new(data);
    let mut tree = empty();
    for id in 1..=i32::from(draw.below(4)) {
        let texts = [
            "a",
            "1.50",
            "true",
            "~",
            "{{ $value }}",
            " ",
            "\n",
            "\u{85}",
            "é",
            "'",
            "\"",
            ": #",
        ];
        let mut map = |names: &[&str]| -> BTreeMap<String, String> {
            let count = draw.below(3);
            (0..count)
                .map(|_| (draw.pick(names).to_owned(), draw.join(&texts, 4)))
                .collect()
        };
        let (labels, annotations) = (map(&["severity", "team"]), map(&["summary", "n"]));
        let record = draw.below(3) == 1;
        let name = format!("rule_{id}");
        let clause = draw.pick(&["up", "up{a=\"b\"} == 0", "sum(rate(x[5m]))\n > 1", "1"]);
        let span = draw.pick(&["0s", "5m", "1h30m"]);
        tree.rules.push(Rule {
            id: RuleId(id),
            name: Name::stored(name),
            kind: if record {
                RuleKind::Record
            } else {
                RuleKind::Alert
            },
            clause: clause.to_owned(),
            duration: PromDuration::stored(if record { "0s" } else { span }),
            keep_firing_for: (!record && draw.below(2) == 1).then(|| PromDuration::stored(span)),
            enabled: true,
            parent: None,
            owner: RuleOwner::Site,
            description: String::new(),
            labels,
            annotations: if record { BTreeMap::new() } else { annotations },
        });
    }
    tree
}

/// Whatever is offered as a targets file is read or refused; what was planned is exported and
/// imported again as the same targets, and a second import into the same tree does nothing.
///
/// # Panics
/// When the property does not hold.
pub fn targets_import_body(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let file = import_config(text);
    let options = TargetsOptions::default();
    let Ok(planned) = plan_targets(&file, &options, &empty()) else {
        return;
    };
    let again = plan_targets(&file, &options, &planned.target);
    assert!(
        again.is_ok_and(|again| again.report.is_empty()),
        "{text:?} imported twice"
    );
    let export = targets(&planned.target, &Select::All);
    let file = import_config(&export);
    let again = plan_targets(&file, &options, &empty());
    let again = again.map(|again| unordered(&targets(&again.target, &Select::All)));
    assert_eq!(again, Ok(unordered(&export)), "\n{export}");
}

/// The elements of a targets file, in an order that ids have no part in.
///
/// A path that is empty says what no path says. Elements without hosts are left out: nobody can
/// tell the port of their exporter.
fn unordered(text: &str) -> Vec<String> {
    let list: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let whole = list
        .into_iter()
        .filter(|element| element["targets"][0].is_string());
    let mut elements: Vec<String> = whole
        .map(|element| {
            element
                .to_string()
                .replace("\"__metrics_path__\":\"\",", "")
        })
        .collect();
    elements.sort();
    elements.dedup();
    elements
}

/// A targets file of a few elements with hostile names, drawn from bytes.
pub fn drawn_targets(data: &[u8]) -> String {
    let mut draw = Draw::new(data);
    let count = draw.below(4);
    let element = |_| {
        let name = hostile_name(&mut draw);
        let project = if name.is_empty() {
            "p".to_owned()
        } else {
            name
        };
        let hosts = [
            "a:1",
            "b.c:65535",
            "[::1]:80",
            "::2:80",
            "日本:1",
            "d:2",
            "e",
        ];
        let targets: Vec<&str> = (0..draw.below(4)).map(|_| draw.pick(&hosts)).collect();
        serde_json::json!({
            "labels": {
                "service": draw.pick(&["s", "t", "{{"]),
                "project": project,
                "farm": draw.pick(&["f", "g"]),
                "__farm_source": draw.pick(&["pmc", "promgen"]),
                "job": draw.pick(&["node", "日"]),
                "__metrics_path__": draw.pick(&["", "/m", "/m?x=1", "/a b;c", "?y=2"]),
                "__param_x": draw.join(&["", "a", " ", "+", "%", "&", "=", "#", "é", "\u{7f}", "?"], 5),
                "__scheme__": draw.pick(&["http", "https"]),
            },
            "targets": targets,
        })
    };
    serde_json::Value::Array((0..count).map(element).collect()).to_string()
}

/// Whatever is offered as a configuration of the blackbox exporter is read or refused, and a
/// second import does nothing.
///
/// # Panics
/// When the property does not hold.
pub fn probes_import_body(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let file = import_probes(text);
    let none = BTreeMap::new();
    let Ok(planned) = plan_probes(&file, &none, &empty()) else {
        return;
    };
    let again = plan_probes(&file, &none, &planned.target);
    assert!(
        again.is_ok_and(|again| again.report.is_empty()),
        "{text:?} imported twice"
    );
}

/// Whatever is offered as matchers is read or refused; what was read is written and read again as
/// the same.
///
/// # Panics
/// When the property does not hold.
pub fn silence_body(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(list) = matchers(text) else { return };
    let parts: Vec<String> = list.iter().map(ToString::to_string).collect();
    for written in [parts.join(","), format!("{{{}}}", parts.join(", "))] {
        assert_eq!(
            matchers(&written).as_ref(),
            Ok(&list),
            "{text:?} became {written}"
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{bytes, property_config};
    use super::*;

    const RULES: &str = "groups:\n- name: a\n  interval: 1m\n  labels: {team: x}\n  rules:\n  \
        - alert: Down\n    expr: up{job=\"x\"} == 0\n    for: 5m\n    labels:\n      severity: 1.50\n    \
        annotations:\n      summary: '{{ $labels.instance }} is down'\n  \
        - {record: 'a:b', expr: 'sum(up)'}\n";
    const TARGETS: &str = r#"[{"labels": {"service": "s", "project": "p", "farm": "f", "job": "j",
        "__metrics_path__": "/m", "__param_a": "b c", "__scheme__": "https"},
        "targets": ["a:1", "[::1]:1", "::2:1"]}]"#;
    const PROBES: &str = "modules:\n  a: {prober: http}\n  b:\n    prober: icmp\n";

    /// A good text with a piece cut out and another put in.
    fn wounded(text: &str, at: prop::sample::Index, length: usize, piece: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        let at = at.index(bytes.len());
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, piece.bytes());
        bytes
    }

    proptest! {
        #![proptest_config(property_config())]

        #[test]
        fn any_text_is_survived(text in ".{0,100}") {
            for body in [rule_import_body, targets_import_body, probes_import_body, silence_body] {
                body(text.as_bytes());
            }
        }

        #[test]
        fn any_wounded_file_is_read_or_refused(
            at in any::<prop::sample::Index>(),
            length in 0_usize..20,
            piece in "[-a-z0-9:{}\\[\\]'\"=!~|> \n]{0,8}",
        ) {
            rule_import_body(&wounded(RULES, at, length, &piece));
            targets_import_body(&wounded(TARGETS, at, length, &piece));
            probes_import_body(&wounded(PROBES, at, length, &piece));
        }

        #[test]
        fn exported_rules_come_back(data in bytes()) {
            rules_come_back(&drawn_rules(&data));
        }

        #[test]
        fn exported_targets_come_back(data in bytes()) {
            targets_import_body(drawn_targets(&data).as_bytes());
        }

        #[test]
        fn matchers_come_back(text in "[{ ]{0,1}([a-z_]{0,2}(=|!=|=~|!~|!)[\"'`\\\\a-z,=.*{} ]{0,6},?){0,3}[} ]{0,1}") {
            silence_body(text.as_bytes());
        }
    }
}
