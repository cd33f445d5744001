//! Taking a message apart by (service, project), and making the message of a part.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::message::{AlertItem, Message, alerts_of};
use super::routing::Part;

/// Most bytes of the posted group key that a part of a split message repeats. Alertmanager's own
/// stay below; without a bound, one message of megabytes could ask for a copy in each of thousands
/// of parts.
const GROUP_KEY_BYTES: usize = 1024;

/// Most parts of a message whose pairs are taken as they are named. An Alertmanager that groups by
/// service has one; one that groups by nothing has as many as there are projects on fire.
const MOST_PARTS: usize = 1000;

type Labels = BTreeMap<String, String>;

/// A part with the labels that it is routed by.
pub(super) struct Piece {
    pub(super) part: Part,
    pub(super) labels: Labels,
}

/// One piece for each (service, project) pair of the alerts, in the order in which the pairs first
/// come; one piece with the posted common fields when there is only one pair, or no splitting.
///
/// Of a message with more than [`MOST_PARTS`] pairs, `existing` makes those that the pieces are of:
/// each name costs its poster a few bytes, and a piece may cost many deliveries.
pub(super) fn pieces(
    message: &Message,
    alerts: &[AlertItem],
    split: bool,
    existing: impl Fn(Pair) -> Pair,
) -> Vec<Piece> {
    let mut pairs = if split {
        pairs(alerts, |pair| pair)
    } else {
        Vec::new()
    };
    if pairs.len() > 1 {
        if pairs.len() > MOST_PARTS {
            pairs = self::pairs(alerts, existing);
        }
        let whole = Part {
            group_key: bounded(message.group_key()),
            order: bounded(message.order()),
            source: message.source(),
            ..Part::default()
        };
        return pairs
            .into_iter()
            .map(|(pair, indices)| split_off(&whole, alerts, pair, indices))
            .collect();
    }
    let posted = message.common_labels();
    // Whoever leaves the common labels out means that we should look ourselves.
    let recomputed = split && posted.is_empty() && !alerts.is_empty();
    let labels = if recomputed {
        common(alerts.iter().map(|alert| &alert.labels))
    } else {
        posted
    };
    let pair = Pair::of(&labels);
    let part = Part {
        service: pair.service,
        project: pair.project,
        group_key: message.group_key(),
        order: message.order(),
        source: message.source(),
        recomputed,
        ..Part::default()
    };
    vec![Piece { part, labels }]
}

/// The objects that labels name. An empty label is none, as in Prometheus.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Pair {
    pub(super) service: Option<String>,
    pub(super) project: Option<String>,
}

impl Pair {
    pub(super) fn of(labels: &Labels) -> Self {
        let named = |label: &str| labels.get(label).filter(|name| !name.is_empty()).cloned();
        Self {
            service: named("service"),
            project: named("project"),
        }
    }
}

/// What `made` makes of the pairs, in the order in which it first comes, each with the places of
/// its alerts.
fn pairs(alerts: &[AlertItem], made: impl Fn(Pair) -> Pair) -> Vec<(Pair, Vec<usize>)> {
    let mut pairs: Vec<(Pair, Vec<usize>)> = Vec::new();
    let mut known: HashMap<Pair, usize> = HashMap::new();
    for (index, alert) in alerts.iter().enumerate() {
        let pair = made(Pair::of(&alert.labels));
        let at = *known.entry(pair.clone()).or_insert(pairs.len());
        match pairs.get_mut(at) {
            Some((_, indices)) => indices.push(index),
            None => pairs.push((pair, vec![index])),
        }
    }
    pairs
}

fn split_off(whole: &Part, alerts: &[AlertItem], pair: Pair, indices: Vec<usize>) -> Piece {
    let own = indices.iter().filter_map(|index| alerts.get(*index));
    let labels = common(own.map(|alert| &alert.labels));
    let service = pair.service.as_deref().unwrap_or_default();
    let project = pair.project.as_deref().unwrap_or_default();
    let part = Part {
        group_key: format!("{}/{service}/{project}", whole.group_key),
        order: format!("{}/{service}/{project}", whole.order),
        source: whole.source.clone(),
        service: pair.service,
        project: pair.project,
        alerts: Some(indices),
        recomputed: true,
        ..Part::default()
    };
    Piece { part, labels }
}

/// The key as it is, or its beginning and a digest of the whole when it is overlong.
fn bounded(group_key: String) -> String {
    if group_key.len() <= GROUP_KEY_BYTES {
        return group_key;
    }
    let digest = hex::encode(Sha256::digest(&group_key));
    let end = group_key.floor_char_boundary(GROUP_KEY_BYTES - digest.len());
    format!("{}{digest}", group_key.get(..end).unwrap_or_default())
}

/// The entries that all maps have.
fn common<'a>(mut maps: impl Iterator<Item = &'a Labels>) -> Labels {
    let mut common = maps.next().cloned().unwrap_or_default();
    for map in maps {
        common.retain(|name, value| map.get(name) == Some(value));
    }
    common
}

impl Part {
    /// The message of this part as it is sent: the posted one with the link to the alert's page as
    /// `externalURL` and the links to project and service among the common annotations. Only a part
    /// of a split message has fields computed anew.
    pub fn message(&self, posted: &Message, external_url: &str) -> Message {
        let mut fields = match &self.alerts {
            None => posted.fields().clone(),
            Some(indices) => self.subset(posted.fields(), indices),
        };
        if self.recomputed {
            let alerts = alerts_of(&fields);
            let labels = common(alerts.iter().map(|alert| &alert.labels));
            let annotations = common(alerts.iter().map(|alert| &alert.annotations));
            fields.insert("commonLabels".to_owned(), object(labels));
            fields.insert("commonAnnotations".to_owned(), object(annotations));
        }
        for name in ["commonLabels", "commonAnnotations"] {
            if !fields.get(name).is_some_and(Value::is_object) {
                fields.insert(name.to_owned(), Value::Object(Map::new()));
            }
        }
        if let Some(Value::Object(annotations)) = fields.get_mut("commonAnnotations") {
            for (name, link) in &self.annotations {
                annotations.insert(name.clone(), Value::String(link.clone()));
            }
        }
        fields.insert(
            "externalURL".to_owned(),
            Value::String(external_url.to_owned()),
        );
        Message::from_fields(fields)
    }

    /// The posted fields with only the alerts of this part, without ever copying the others: of a
    /// large message, every part is made anew.
    fn subset(&self, posted: &Map<String, Value>, indices: &[usize]) -> Map<String, Value> {
        let alerts = posted.get("alerts").and_then(Value::as_array);
        let kept: Vec<Value> = indices
            .iter()
            .filter_map(|index| alerts.and_then(|alerts| alerts.get(*index)).cloned())
            .collect();
        let fires = |alert: &Value| alert.get("status").and_then(Value::as_str) != Some("resolved");
        let status = if kept.iter().any(fires) {
            "firing"
        } else {
            "resolved"
        };
        let mut fields: Map<String, Value> = posted
            .iter()
            .map(|(name, value)| match name.as_str() {
                "alerts" => (name.clone(), Value::Null),
                _ => (name.clone(), value.clone()),
            })
            .collect();
        fields.insert("alerts".to_owned(), Value::Array(kept));
        fields.insert("status".to_owned(), Value::String(status.to_owned()));
        fields.insert("groupKey".to_owned(), Value::String(self.group_key.clone()));
        fields
    }
}

fn object(map: Labels) -> Value {
    Value::Object(
        map.into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect(),
    )
}

/// What an alert is found by: each distinct label of its alerts, and the common ones.
pub fn labels(message: &Message) -> Vec<(String, String)> {
    let mut labels: BTreeSet<(String, String)> = message.common_labels().into_iter().collect();
    for alert in message.alerts() {
        labels.extend(alert.labels);
    }
    labels.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlong_group_key_is_cut_and_stays_itself() {
        let long = |end: &str| bounded(format!("{}{end}", "é".repeat(700)));
        assert_eq!(bounded("{}:{a=\"b\"}".to_owned()), "{}:{a=\"b\"}");
        assert!(long("x").len() <= GROUP_KEY_BYTES);
        assert_eq!(long("x"), long("x"));
        assert_ne!(long("x"), long("y"));
    }
}
