//! The fields of an object as the edit history keeps it: JSON, and what the numbers in it mean.

use std::collections::BTreeMap;

use promgen_core::app::audit::Named;
use promgen_core::model::{AuditEntry, AuditKind, Timestamp, USER_DRIVER, Zone};
use serde_json::{Map, Value};

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Held {
    /// A text, a number or a word.
    Text(String),
    /// A time.
    At(Timestamp),
    /// An object; the name of the field says of what kind.
    Object(Named),
    /// An object, with its kind.
    Owner(Named),
    /// Several of one sort.
    Several(Vec<Held>),
    /// One of several, with fields of its own.
    Row(Vec<(String, Held)>),
}

impl Held {
    /// The objects in it.
    pub(super) fn objects(&self) -> Vec<Named> {
        match self {
            Self::Text(_) | Self::At(_) => Vec::new(),
            Self::Object(named) | Self::Owner(named) => vec![*named],
            Self::Several(items) => items.iter().flat_map(Self::objects).collect(),
            Self::Row(fields) => fields.iter().flat_map(|(_, one)| one.objects()).collect(),
        }
    }
}

/// An object before a change and after it: the fields by their names, with those of the fields
/// around them (`labels.severity`). What is empty is as if it were not there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Versions {
    /// Before; nothing of an object that was made.
    pub(super) before: BTreeMap<String, Held>,
    /// After; nothing of an object that was removed.
    pub(super) after: BTreeMap<String, Held>,
}

impl Versions {
    /// From an entry.
    pub(super) fn read(entry: &AuditEntry) -> Self {
        let kind = AuditKind::from_word(&entry.kind);
        Self {
            before: fields(kind, &entry.before),
            after: fields(kind, &entry.after),
        }
    }

    /// The names of the fields that differ.
    pub(super) fn changed(&self) -> Vec<&String> {
        let added = self.after.keys();
        let added = added.filter(|name| !self.before.contains_key(*name));
        let mut names: Vec<&String> = self.before.keys().chain(added).collect();
        names.retain(|name| self.before.get(*name) != self.after.get(*name));
        names.sort_unstable();
        names
    }

    /// The objects in the fields that differ.
    pub(super) fn objects(&self) -> Vec<Named> {
        let versions = [&self.before, &self.after];
        let held = self.changed().into_iter();
        let held = held.flat_map(|name| versions.map(|fields| fields.get(name)));
        held.flatten().flat_map(Held::objects).collect()
    }
}

fn fields(kind: Option<AuditKind>, json: &str) -> BTreeMap<String, Held> {
    let mut fields = BTreeMap::new();
    match serde_json::from_str(json) {
        Ok(value) => collect(kind, &value, "", &mut fields),
        // What is no JSON is shown as it is; nothing at all is the object before it was made.
        Err(_) if json.is_empty() => {}
        Err(_) => {
            fields.insert(String::new(), Held::Text(json.to_owned()));
        }
    }
    if kind == Some(AuditKind::Sender) {
        read_subscriber(&mut fields);
    }
    fields
}

/// Whoever is subscribed by a sender stands in its value, as a text.
fn read_subscriber(fields: &mut BTreeMap<String, Held>) {
    let driver = Held::Text(USER_DRIVER.to_owned());
    if fields.get("sender") == Some(&driver)
        && let Some(Held::Text(value)) = fields.get("value")
        && let Ok(id) = value.parse()
    {
        fields.insert("value".to_owned(), Held::Object((AuditKind::User, id)));
    }
}

fn collect(
    kind: Option<AuditKind>,
    value: &Value,
    name: &str,
    fields: &mut BTreeMap<String, Held>,
) {
    let held = match value {
        Value::Object(map) => {
            let Some(owner) = owner(name, map) else {
                return collect_all(kind, map, name, fields);
            };
            Some(Held::Owner(owner))
        }
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => {
            let items = items.iter().filter_map(|one| item(kind, one));
            Some(Held::Several(items.collect()))
        }
        other => leaf(kind, name, other),
    };
    if let Some(held) = held {
        fields.insert(name.to_owned(), held);
    }
}

fn collect_all(
    kind: Option<AuditKind>,
    map: &Map<String, Value>,
    above: &str,
    fields: &mut BTreeMap<String, Held>,
) {
    for (key, value) in map {
        let name = match above {
            "" => key.clone(),
            above => format!("{above}.{key}"),
        };
        collect(kind, value, &name, fields);
    }
}

fn item(kind: Option<AuditKind>, value: &Value) -> Option<Held> {
    let Value::Object(map) = value else {
        return leaf(kind, "", value);
    };
    let fields = map
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), leaf(kind, name, value)?)));
    Some(Held::Row(fields.collect()))
}

fn leaf(kind: Option<AuditKind>, name: &str, value: &Value) -> Option<Held> {
    Some(match value {
        Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) => match silence_time(kind, name, text) {
            Some(at) => Held::At(at),
            None => Held::Text(text.clone()),
        },
        Value::Number(number) => match number.as_i64().and_then(|number| meant(name, number)) {
            Some(held) => held,
            None => Held::Text(number.to_string()),
        },
        other => Held::Text(other.to_string()),
    })
}

/// What a number means, by the name of its field.
fn meant(name: &str, number: i64) -> Option<Held> {
    let kind = match name {
        "created" | "expires" | "last_used" | "revoked" | "last_login" | "last_seen" => {
            return Some(Held::At(Timestamp(number)));
        }
        "owner" | "user" | "added_by" => AuditKind::User,
        "service" => AuditKind::Service,
        "project" => AuditKind::Project,
        "shard" => AuditKind::Shard,
        "farm" => AuditKind::Farm,
        "probe" => AuditKind::Probe,
        "group" => AuditKind::Group,
        "parent" => AuditKind::Rule,
        _ => return None,
    };
    Some(Held::Object((kind, number)))
}

/// Alertmanager writes times as texts.
fn silence_time(kind: Option<AuditKind>, name: &str, text: &str) -> Option<Timestamp> {
    let field = name.rsplit('.').next().unwrap_or_default();
    let is_time = matches!(field, "startsAt" | "endsAt" | "updatedAt");
    let is_time = is_time && kind == Some(AuditKind::Silence);
    is_time.then(|| Zone::default().read(text)).flatten()
}

/// An object that stands with its kind, in the fields where there is one.
fn owner(name: &str, map: &Map<String, Value>) -> Option<Named> {
    if !matches!(name, "owner" | "on" | "to") {
        return None;
    }
    let kind = AuditKind::from_word(map.get("type")?.as_str()?)?;
    match map.get("id") {
        Some(id) => Some((kind, id.as_i64()?)),
        None => (kind == AuditKind::Site).then_some((kind, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(kind: AuditKind, json: &str, name: &str) -> Option<Held> {
        fields(Some(kind), json).remove(name)
    }

    #[test]
    fn numbers_mean_what_their_fields_say() {
        let json = r#"{"id":7,"port":9100,"project":3,"created":1000,"owner":{"type":"service","id":5},
            "group":{"interval":"5m","limit":10},"labels":{"project":"4","type":"site"},"parent":null}"#;
        let of = |name| held(AuditKind::Rule, json, name);
        let text = |text: &str| Some(Held::Text(text.to_owned()));
        assert_eq!(of("id"), text("7"));
        assert_eq!(of("port"), text("9100"));
        assert_eq!(of("project"), Some(Held::Object((AuditKind::Project, 3))));
        assert_eq!(of("created"), Some(Held::At(Timestamp(1000))));
        assert_eq!(of("owner"), Some(Held::Owner((AuditKind::Service, 5))));
        assert_eq!(of("group.interval"), text("5m"));
        assert_eq!(of("group.limit"), text("10"));
        assert_eq!(of("labels.project"), text("4"));
        assert_eq!(of("labels.type"), text("site"));
        assert_eq!(of("parent"), None);
        let site = r#"{"owner":{"type":"site"}}"#;
        let site = held(AuditKind::Rule, site, "owner");
        assert_eq!(site, Some(Held::Owner((AuditKind::Site, 1))));
    }

    #[test]
    fn a_subscriber_is_a_user_and_another_value_is_not() {
        let sender = |driver: &str| {
            let json = format!(r#"{{"sender":"{driver}","value":"12"}}"#);
            held(AuditKind::Sender, &json, "value")
        };
        let user = Held::Object((AuditKind::User, 12));
        assert_eq!(sender(USER_DRIVER), Some(user));
        assert_eq!(sender("pager"), Some(Held::Text("12".to_owned())));
    }

    #[test]
    fn times_of_silences_are_texts() {
        let json = r#"{"silence":{"startsAt":"1970-01-01T00:00:01Z","comment":"2026-01-01"}}"#;
        let at = held(AuditKind::Silence, json, "silence.startsAt");
        assert_eq!(at, Some(Held::At(Timestamp(1000))));
        let comment = held(AuditKind::Silence, json, "silence.comment");
        assert_eq!(comment, Some(Held::Text("2026-01-01".to_owned())));
        let other = held(AuditKind::Rule, json, "silence.startsAt");
        assert!(matches!(other, Some(Held::Text(_))));
    }

    #[test]
    fn only_what_differs_is_looked_up() {
        let entry = AuditEntry {
            id: promgen_core::model::AuditId(1),
            created: Timestamp(0),
            actor: String::new(),
            user: None,
            body: String::new(),
            kind: "project".to_owned(),
            object: 1,
            parent: None,
            before: r#"{"service":1,"farm":2,"owner":4}"#.to_owned(),
            after: r#"{"service":1,"farm":3,"owner":4,"shard":5}"#.to_owned(),
        };
        let versions = Versions::read(&entry);
        assert_eq!(versions.changed(), ["farm", "shard"]);
        let farm = |id| (AuditKind::Farm, id);
        assert_eq!(
            versions.objects(),
            [farm(2), farm(3), (AuditKind::Shard, 5)]
        );
    }
}
