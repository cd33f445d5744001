//! Taking a message apart by (service, project), and making the message of a part.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::message::{AlertItem, Message};
use super::routing::Part;

type Labels = BTreeMap<String, String>;

/// A part with the labels that it is routed by.
pub(super) struct Piece {
    pub(super) part: Part,
    pub(super) labels: Labels,
}

/// One piece for each (service, project) pair of the alerts, in the order in which the pairs first
/// come; one piece with the posted common fields when there is only one pair, or no splitting.
pub(super) fn pieces(message: &Message, split: bool) -> Vec<Piece> {
    let alerts = message.alerts();
    let mut pairs: Vec<(Pair, Vec<usize>)> = Vec::new();
    for (index, alert) in alerts.iter().enumerate() {
        let pair = Pair::of(&alert.labels);
        match pairs.iter_mut().find(|(known, _)| *known == pair) {
            Some((_, indices)) => indices.push(index),
            None => pairs.push((pair, vec![index])),
        }
    }
    if split && pairs.len() > 1 {
        return pairs
            .into_iter()
            .map(|(pair, indices)| split_off(message, &alerts, pair, indices))
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
        recomputed,
        ..Part::default()
    };
    vec![Piece { part, labels }]
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pair {
    service: Option<String>,
    project: Option<String>,
}

impl Pair {
    fn of(labels: &Labels) -> Self {
        Self {
            service: labels.get("service").cloned(),
            project: labels.get("project").cloned(),
        }
    }
}

fn split_off(message: &Message, alerts: &[AlertItem], pair: Pair, indices: Vec<usize>) -> Piece {
    let own = indices.iter().filter_map(|index| alerts.get(*index));
    let labels = common(own.map(|alert| &alert.labels));
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    let (service, project) = (name(&pair.service), name(&pair.project));
    let part = Part {
        group_key: format!("{}/{service}/{project}", message.group_key()),
        service: pair.service,
        project: pair.project,
        alerts: Some(indices),
        recomputed: true,
        ..Part::default()
    };
    Piece { part, labels }
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
        let mut fields = posted.fields().clone();
        if let Some(indices) = &self.alerts {
            self.keep_alerts(&mut fields, indices);
        }
        if self.recomputed {
            let alerts = Message::from_fields(fields.clone()).alerts();
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

    fn keep_alerts(&self, fields: &mut Map<String, Value>, indices: &[usize]) {
        let kept: Vec<Value> = match fields.get("alerts") {
            Some(Value::Array(alerts)) => indices
                .iter()
                .filter_map(|index| alerts.get(*index).cloned())
                .collect(),
            _ => Vec::new(),
        };
        let fires = |alert: &Value| alert.get("status").and_then(Value::as_str) != Some("resolved");
        let status = if kept.iter().any(fires) {
            "firing"
        } else {
            "resolved"
        };
        fields.insert("alerts".to_owned(), Value::Array(kept));
        fields.insert("status".to_owned(), Value::String(status.to_owned()));
        fields.insert("groupKey".to_owned(), Value::String(self.group_key.clone()));
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
