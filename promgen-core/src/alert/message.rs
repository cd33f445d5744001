//! An Alertmanager webhook message, version 4.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Why a body is not a message. The poster's fault; the same body never becomes one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MessageError {
    /// The body is not UTF-8 or not JSON.
    #[error("the body is not JSON: {source}")]
    NotJson {
        /// Line, column and reason.
        source: serde_json::Error,
    },
    /// The body is JSON, but no object.
    #[error("the body is JSON, but not an object; post an Alertmanager webhook message")]
    NotAnObject,
    /// Objects and lists are nested deeper than the limit.
    #[error("the body is nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
}

/// One alert of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlertItem {
    /// `firing` or `resolved`.
    pub status: String,
    /// Labels; what is not a string is shown as JSON.
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
    /// Link to the graph that it came from.
    pub generator_url: String,
}

/// A message as it was posted, whole: fields that are unknown here are kept and passed on.
///
/// Reading is lenient, for a strange field must not cost anybody a page: a missing or null map is
/// empty, a value that is no string reads as its JSON text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Message {
    fields: Map<String, Value>,
}

impl Message {
    /// Reads a body.
    ///
    /// `max_depth` is how deep objects and lists may be nested (64 by default; `serde_json`'s own
    /// bound is 128).
    ///
    /// # Errors
    /// [`MessageError`] for a body that is not UTF-8, not JSON, no object, or nested too deep.
    pub fn parse(body: &[u8], max_depth: usize) -> Result<Self, MessageError> {
        if depth(body) > max_depth {
            return Err(MessageError::TooDeep { limit: max_depth });
        }
        match serde_json::from_slice(body).map_err(|source| MessageError::NotJson { source })? {
            Value::Object(fields) => Ok(Self { fields }),
            _ => Err(MessageError::NotAnObject),
        }
    }

    /// A message made of fields.
    pub fn from_fields(fields: Map<String, Value>) -> Self {
        Self { fields }
    }

    /// All fields, as posted.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// All fields, to change them.
    pub fn fields_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.fields
    }

    /// The message as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        // A map of JSON values with string keys always serialises.
        serde_json::to_vec(&self.fields).unwrap_or_default()
    }

    /// `firing` or `resolved`.
    pub fn status(&self) -> String {
        text_of(self.fields.get("status"))
    }

    /// Alertmanager's name of the group of alerts.
    pub fn group_key(&self) -> String {
        text_of(self.fields.get("groupKey"))
    }

    /// What orders it: messages of one order go to a destination one at a time, the oldest first. It is
    /// the group key; a message without one is in no order with any other.
    pub fn order(&self) -> String {
        let group_key = self.group_key();
        if group_key.is_empty() {
            return hex::encode(Sha256::digest(self.to_json()));
        }
        group_key
    }

    /// Who tells of its group: a digest of the Alertmanager and its receiver. Group keys are names within
    /// one Alertmanager, so that a message takes the place only of those of its own source.
    pub fn source(&self) -> String {
        let receiver = text_of(self.fields.get("receiver"));
        hex::encode(Sha256::digest(format!(
            "{}\0{receiver}",
            self.external_url()
        )))
    }

    /// Link to the page of the alert: in a message ready to be sent, Promgen's own.
    pub fn external_url(&self) -> String {
        text_of(self.fields.get("externalURL"))
    }

    /// Labels that all alerts have.
    pub fn common_labels(&self) -> BTreeMap<String, String> {
        text_map(self.fields.get("commonLabels"))
    }

    /// Annotations that all alerts have.
    pub fn common_annotations(&self) -> BTreeMap<String, String> {
        text_map(self.fields.get("commonAnnotations"))
    }

    /// Labels by which Alertmanager grouped.
    pub fn group_labels(&self) -> BTreeMap<String, String> {
        text_map(self.fields.get("groupLabels"))
    }

    /// How many alerts there are.
    pub fn alert_count(&self) -> usize {
        let list = self.fields.get("alerts").and_then(Value::as_array);
        list.map_or(0, Vec::len)
    }

    /// The alerts.
    pub fn alerts(&self) -> Vec<AlertItem> {
        alerts_of(&self.fields)
    }
}

pub(super) fn alerts_of(fields: &Map<String, Value>) -> Vec<AlertItem> {
    let list = fields.get("alerts").and_then(Value::as_array);
    list.into_iter().flatten().map(item).collect()
}

fn item(value: &Value) -> AlertItem {
    AlertItem {
        status: text_of(value.get("status")),
        labels: text_map(value.get("labels")),
        annotations: text_map(value.get("annotations")),
        generator_url: text_of(value.get("generatorURL")),
    }
}

fn text_of(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn text_map(value: Option<&Value>) -> BTreeMap<String, String> {
    let map = value.and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), text_of(Some(value))))
        .collect()
}

/// How deep brackets are nested outside of strings. Runs before the parser, so that a body of
/// nothing but brackets costs one pass over its bytes.
fn depth(body: &[u8]) -> usize {
    let (mut now, mut most, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' if !in_string => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<Message, MessageError> {
        Message::parse(body.as_bytes(), 64)
    }

    #[test]
    fn any_object_is_a_message() {
        assert_eq!(parse("{}").unwrap(), Message::default());
        let odd = parse(r#"{"commonLabels": null, "alerts": [{"labels": {"a": 1}}, 7]}"#).unwrap();
        assert!(odd.common_labels().is_empty());
        assert_eq!(odd.alerts().len(), 2);
        assert_eq!(odd.alerts()[0].labels["a"], "1");
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in ["", "[]", "1", "null", "{", "{}}"] {
            assert!(parse(body).is_err(), "{body}");
        }
        assert!(Message::parse(b"{\"a\": \"\xff\"}", 64).is_err());
    }

    #[test]
    fn a_message_without_a_group_key_is_in_no_order_with_others() {
        let (one, other) = (r#"{"status": "firing"}"#, r#"{"status": "resolved"}"#);
        let order = |body| parse(body).unwrap().order();
        assert_eq!(order(one), order(one));
        assert_ne!(order(one), order(other));
        assert_eq!(
            order(r#"{"groupKey": "{}:{a=\"b\"}", "status": "x"}"#),
            "{}:{a=\"b\"}"
        );
    }

    #[test]
    fn its_source_is_the_receiver_of_an_alertmanager() {
        let source = |url, receiver| {
            let body =
                serde_json::json!({"externalURL": url, "receiver": receiver, "groupKey": "g"});
            parse(&body.to_string()).unwrap().source()
        };
        let all = [
            source("http://a", "x"),
            source("http://b", "x"),
            source("http://a", "y"),
        ];
        assert_eq!(all[0], source("http://a", "x"));
        assert!(all[0] != all[1] && all[0] != all[2] && all[1] != all[2]);
    }

    #[test]
    fn nesting_is_bounded_before_anything_is_parsed() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(
            parse(&deep),
            Err(MessageError::TooDeep { limit: 64 })
        ));
        assert!(parse(r#"{"a": "[[[[[\"[[["}"#).is_ok());
    }
}
