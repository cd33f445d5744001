//! One rule of a rule file: read, coerced, and checked as a rule of Promgen.

use std::collections::BTreeMap;

use super::source::verbatim;
use crate::document::{Fields, Node, Value};
use crate::model::{Name, Place, Problem, PromDuration, Rule, RuleId, RuleKind, RuleOwner};
use crate::rules::{self, Overrides};

/// A rule of a rule file, on its way into the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDraft {
    /// Where it stands in the document, such as `groups[0].rules[2]`.
    pub path: String,
    /// Its line and column.
    pub place: Place,
    /// Name of the alert or of the recorded series.
    pub name: Name,
    /// Alerting or recording.
    pub kind: RuleKind,
    /// The expression.
    pub clause: String,
    /// `for`; `0s` where it is absent.
    pub duration: PromDuration,
    /// `keep_firing_for`.
    pub keep_firing_for: Option<PromDuration>,
    /// The label `service`, which says whose rule it is and is not stored.
    pub service: Option<String>,
    /// The label `project`, likewise.
    pub project: Option<String>,
    /// The other labels.
    pub labels: BTreeMap<String, String>,
    /// Annotations without `rule`, which is computed.
    pub annotations: BTreeMap<String, String>,
}

const KEYS: [&str; 7] = [
    "alert",
    "record",
    "expr",
    "for",
    "keep_firing_for",
    "labels",
    "annotations",
];

impl RuleDraft {
    /// Reads a rule; `shared` are the labels of its group.
    pub(super) fn read(
        node: &Node,
        path: &str,
        shared: &BTreeMap<String, String>,
        lines: &[&str],
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let fields = Fields::open(node, path, &KEYS, problems)?;
        let named = name(&fields, problems);
        let clause = fields.required("expr", problems);
        let duration = fields.parsed::<PromDuration>("for", problems);
        let keep_firing_for = fields.parsed("keep_firing_for", problems);
        let mut labels = shared.clone();
        labels.extend(texts(&fields, "labels", lines, problems));
        let mut annotations = texts(&fields, "annotations", lines, problems);
        annotations.remove("rule");
        let (kind, name) = named?;
        let draft = Self {
            path: path.to_owned(),
            place: fields.place,
            name,
            kind,
            clause: clause?,
            duration: duration.unwrap_or_else(|| PromDuration::stored("0s")),
            keep_firing_for,
            service: labels.remove("service").map(|text| owner_name(&text)),
            project: labels.remove("project").map(|text| owner_name(&text)),
            labels,
            annotations,
        };
        draft.check(&fields, problems);
        Some(draft)
    }

    /// The rule of an owner that this draft comes to.
    pub fn rule(&self, id: RuleId, owner: RuleOwner) -> Rule {
        Rule {
            id,
            name: self.name.clone(),
            kind: self.kind,
            clause: self.clause.clone(),
            duration: self.duration.clone(),
            keep_firing_for: self.keep_firing_for.clone(),
            enabled: true,
            parent: None,
            owner,
            description: String::new(),
            labels: self.labels.clone(),
            annotations: self.annotations.clone(),
        }
    }

    /// The checks of every rule of Promgen, told in the words and at the places of the file.
    fn check(&self, fields: &Fields<'_>, problems: &mut Vec<Problem>) {
        let rule = self.rule(RuleId(0), RuleOwner::Site);
        for mut problem in rules::check_rule(&rule, &Overrides::default()) {
            let (top, below) = match problem.field.split_once('.') {
                Some((top, below)) => (top, Some(below)),
                None => (problem.field.as_str(), None),
            };
            let key = match (top, self.kind) {
                ("clause", _) => "expr",
                ("duration", _) => "for",
                ("name", RuleKind::Alert) => "alert",
                ("name", RuleKind::Record) => "record",
                (other, _) => other,
            };
            let node = fields.node(key);
            let entry = below.and_then(|name| place_below(node?, name));
            let place = entry.or(node.map(|node| node.place)).unwrap_or(self.place);
            if let Some(inner) = problem.place {
                let (line, column) = (inner.line, inner.column);
                problem.message = format!("{} (at {line}:{column} in it)", problem.message);
            }
            let path = fields.path_of(key);
            problem.field = match below {
                Some(below) => format!("{path}.{below}"),
                None => path,
            };
            problems.push(problem.at(place));
        }
    }
}

/// Kind and name of a rule: exactly one of `alert` and `record`.
fn name(fields: &Fields<'_>, problems: &mut Vec<Problem>) -> Option<(RuleKind, Name)> {
    let (kind, key) = match (fields.node("alert"), fields.node("record")) {
        (Some(_), None) => (RuleKind::Alert, "alert"),
        (None, Some(_)) => (RuleKind::Record, "record"),
        (Some(_), Some(_)) => {
            let message = "stands beside alert; a rule either alerts or records";
            problems.push(fields.problem("record", message, "make two rules of it"));
            return None;
        }
        (None, None) => {
            let message = "has neither alert nor record";
            let problem = Problem::error(&fields.path, message, "name the alert");
            problems.push(problem.at(fields.place));
            return None;
        }
    };
    Some((kind, fields.parsed(key, problems)?))
}

/// A map of texts. Numbers are taken as they are written, and truth values as words.
pub(super) fn texts(
    fields: &Fields<'_>,
    key: &str,
    lines: &[&str],
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let mut texts = fields.texts(key, problems).unwrap_or_default();
    let Some(Value::Map(entries)) = fields.node(key).map(|node| &node.value) else {
        return texts;
    };
    for entry in entries {
        if let (Value::Number(number), Some(text)) = (&entry.node.value, texts.get_mut(&entry.key))
        {
            verbatim(lines, &entry.node, number).clone_into(text);
        }
    }
    texts
}

/// Where the value of a key stands.
pub(super) fn place_below(node: &Node, key: &str) -> Option<Place> {
    let Value::Map(entries) = &node.value else {
        return None;
    };
    let entry = entries.iter().find(|entry| entry.key == key)?;
    Some(entry.node.place)
}

/// The name that a computed label stands for: in it, braces are written so that Prometheus does
/// not take them for a template.
fn owner_name(label: &str) -> String {
    label.replace(r#"{{"{{"}}"#, "{{")
}
