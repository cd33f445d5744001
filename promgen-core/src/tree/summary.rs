//! What applying a document does, in words.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::model::{RuleOwner, Sender, SenderOwner, Tree};

/// One object that is created, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Kind of object.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Names of the fields that change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// Everything that applying a document does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// New objects.
    pub created: Vec<Change>,
    /// Changed ones.
    pub changed: Vec<Change>,
    /// Removed ones.
    pub removed: Vec<Change>,
}

impl Summary {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// The difference of two trees.
    pub(crate) fn between(current: &Tree, target: &Tree) -> Self {
        let mut summary = Self::default();
        let (old, new) = (site(current), site(target));
        summary
            .changed
            .extend(change("site", &target.site.domain, &old, &new));
        macro_rules! compare {
            ($($list:ident $kind:literal $name:expr, $json:expr;)*) => {$(
                let before: BTreeMap<_, _> =
                    current.$list.iter().map(|item| (item.id, item)).collect();
                let after: BTreeMap<_, _> =
                    target.$list.iter().map(|item| (item.id, item)).collect();
                for (_, item) in after.iter().rev().filter(|(id, _)| !before.contains_key(*id)) {
                    let (kind, name) = ($kind, $name(target, item));
                    summary.created.push(Change { kind, name, fields: Vec::new() });
                }
                for (id, old) in &before {
                    match after.get(id) {
                        None => {
                            let (kind, name) = ($kind, $name(current, old));
                            summary.removed.push(Change { kind, name, fields: Vec::new() });
                        }
                        Some(new) if new != old => {
                            let name = $name(target, new);
                            let found = change($kind, &name, &$json(old), &$json(new));
                            // What differs without showing is a secret.
                            summary.changed.push(found.unwrap_or_else(|| Change {
                                kind: $kind,
                                name,
                                fields: vec!["secret".to_owned()],
                            }));
                        }
                        Some(_) => {}
                    }
                }
            )*};
        }
        compare! {
            users "user" |_: &Tree, item: &crate::model::User| item.username.clone(), json;
            shards "shard" |_: &Tree, item: &crate::model::Shard| item.name.to_string(), json;
            servers "server" |_: &Tree, item: &crate::model::Server| format!("{}:{}", item.host, item.port), json;
            presets "preset" |_: &Tree, item: &crate::model::Preset| format!("{}:{}{}", item.job, item.port, item.path), json;
            probes "probe" |_: &Tree, item: &crate::model::Probe| item.module.clone(), json;
            services "service" |_: &Tree, item: &crate::model::Service| item.name.to_string(), json;
            farms "farm" |_: &Tree, item: &crate::model::Farm| format!("{} ({})", item.name, item.source), json;
            hosts "host" host_name, json;
            projects "project" |_: &Tree, item: &crate::model::Project| item.name.to_string(), json;
            exporters "exporter" exporter_name, json;
            urls "url" |_: &Tree, item: &crate::model::Url| item.url.clone(), json;
            rules "rule" |_: &Tree, item: &crate::model::Rule| item.name.to_string(), rule_json;
            senders "sender" sender_name, sender_json;
        }
        summary
    }
}

fn site(tree: &Tree) -> Value {
    json(&tree.site)
}

fn json<T: Serialize>(item: &T) -> Value {
    serde_json::to_value(item).unwrap_or_default()
}

fn rule_json(rule: &crate::model::Rule) -> Value {
    let mut value = json(rule);
    value["owner"] = match rule.owner {
        RuleOwner::Site => "site".into(),
        owner => format!("{} {}", owner.kind(), owner.id()).into(),
    };
    value
}

/// Fields of a sender; its value is part of its identity, and its secret is not shown.
fn sender_json(sender: &Sender) -> Value {
    serde_json::json!({
        "alias": sender.alias, "enabled": sender.enabled, "added_by": sender.added_by,
        "filters": sender.filters,
    })
}

fn change(kind: &'static str, name: &str, old: &Value, new: &Value) -> Option<Change> {
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        return None;
    };
    let mut fields: Vec<String> = new
        .iter()
        .filter(|(key, value)| old.get(*key) != Some(value))
        .map(|(key, _)| key.clone())
        .collect();
    fields.extend(old.keys().filter(|key| !new.contains_key(*key)).cloned());
    fields.sort();
    (!fields.is_empty()).then(|| Change {
        kind,
        name: name.to_owned(),
        fields,
    })
}

fn host_name(tree: &Tree, host: &crate::model::Host) -> String {
    let farm = tree
        .farm(host.farm)
        .map(|farm| farm.name.as_str())
        .unwrap_or_default();
    format!("{} [{farm}]", host.name)
}

fn exporter_name(tree: &Tree, exporter: &crate::model::Exporter) -> String {
    let project = tree.project(exporter.project);
    let project = project
        .map(|project| project.name.as_str())
        .unwrap_or_default();
    format!(
        "{}:{}{} [{project}]",
        exporter.job, exporter.port, exporter.path
    )
}

/// Driver and owner: the value may be a secret.
fn sender_name(tree: &Tree, sender: &Sender) -> String {
    let owner = match sender.owner {
        SenderOwner::Service(id) => tree.service(id).map(|service| service.name.to_string()),
        SenderOwner::Project(id) => tree.project(id).map(|project| project.name.to_string()),
        SenderOwner::User(id) => tree.user(id).map(|user| user.username.clone()),
    };
    let reference = Sender::reference(&sender.driver, &sender.value);
    format!(
        "{} {reference} [{} {}]",
        sender.driver,
        sender.owner.kind(),
        owner.unwrap_or_default()
    )
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (sign, changes) in [
            ("+", &self.created),
            ("~", &self.changed),
            ("-", &self.removed),
        ] {
            for change in changes {
                write!(f, "{sign} {} {}", change.kind, change.name)?;
                if !change.fields.is_empty() {
                    write!(f, " ({})", change.fields.join(", "))?;
                }
                writeln!(f)?;
            }
        }
        let (created, changed) = (self.created.len(), self.changed.len());
        write!(
            f,
            "{created} created, {changed} changed, {} removed",
            self.removed.len()
        )
    }
}
