//! A document as nodes with places.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::DuplicateKeyPolicy;
use serde_saphyr::{Location, Spanned};

use crate::model::{Place, Problem};

/// Most bytes of a document: 120,000 targets take about four million.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Most parser events, about ten times what 120,000 targets take.
const MAX_EVENTS: usize = 10_000_000;

/// Most events that aliases may add. A document has few aliases, if any; one that grows by them is
/// made to hurt.
const MAX_REPLAYED: usize = 100_000;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// A number, as text.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value; keys may repeat.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) node: Node,
}

impl Value {
    /// What it is, for an error.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a truth value",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

/// Reads a document; an empty one is [`Value::Null`].
///
/// # Errors
/// One finding, with its place, for a text that is neither YAML nor JSON, too large, nested too
/// deep, or blown up by aliases.
pub(crate) fn read(text: &str) -> Result<Node, Problem> {
    if text.len() > MAX_BYTES {
        let message = format!("is larger than {MAX_BYTES} bytes");
        return Err(Problem::error("document", message, "apply it in parts"));
    }
    let mut options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: MAX_EVENTS,
            max_nodes: MAX_EVENTS,
            max_depth: 64,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        with_snippet: false,
        strict_booleans: true,
        // A tag asks for another reading than the one it would get.
        reject_unsupported_tags: true,
    };
    options.alias_limits.max_total_replayed_events = MAX_REPLAYED;
    let node: Result<Option<Spanned<Value>>, _> =
        serde_saphyr::from_str_with_options(text, options);
    match node {
        Ok(node) => Ok(node.map_or(
            Node {
                place: Place { line: 1, column: 1 },
                value: Value::Null,
            },
            Node::from,
        )),
        Err(error) => {
            let message = error.without_snippet().to_string();
            let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
            let problem = Problem::error("document", message, "mend the YAML at that place");
            Err(match error.location() {
                Some(location) => problem.at(place(location)),
                None => problem,
            })
        }
    }
}

fn place(location: Location) -> Place {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).max(1);
    Place {
        line: number(location.line()),
        column: number(location.column()),
    }
}

impl From<Spanned<Value>> for Node {
    fn from(spanned: Spanned<Value>) -> Self {
        Self {
            place: place(spanned.referenced),
            value: spanned.value,
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = seq.next_element::<Spanned<Value>>()? {
            list.push(Node::from(node));
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let place = place(key.referenced);
            let node = Node::from(map.next_value::<Spanned<Value>>()?);
            entries.push(Entry {
                key: key.value,
                place,
                node,
            });
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(node: &Node) -> &[Entry] {
        match &node.value {
            Value::Map(entries) => entries,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_value_and_key_has_its_place() {
        let node = read("a: 1\nb:\n  - x\n  - {c: true, d: null}\n").unwrap();
        let entries = map(&node);
        assert_eq!(entries[1].place, Place { line: 2, column: 1 });
        let Value::List(list) = &entries[1].node.value else {
            panic!("{entries:?}")
        };
        assert_eq!(list[0].place.line, 3);
        assert!(matches!(map(&list[1])[0].node.value, Value::Bool(true)));
        assert!(matches!(map(&list[1])[1].node.value, Value::Null));
    }

    #[test]
    fn repeated_keys_are_passed_on_for_the_reader_to_refuse() {
        assert_eq!(map(&read("a: 1\na: 2\n").unwrap()).len(), 2);
        assert_eq!(map(&read(r#"{"a": 1, "a": 2}"#).unwrap()).len(), 2);
    }

    #[test]
    fn words_that_yaml_1_1_took_for_truth_are_texts() {
        let node = read("a: yes\n").unwrap();
        assert!(matches!(&map(&node)[0].node.value, Value::Text(text) if text == "yes"));
    }

    #[test]
    fn an_exploding_document_is_refused() {
        let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..9 {
            let alias = format!("*a{}", level - 1);
            let line = format!("a{level}: &a{level} [{}]\n", vec![alias; 10].join(","));
            text.push_str(&line);
        }
        assert!(read(&text).is_err());
        assert!(read(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))).is_err());
    }

    #[test]
    fn what_is_no_yaml_is_named_with_its_line() {
        let problem = read("a: 1\nb: [\n").unwrap_err();
        assert!(
            problem.place.is_some_and(|place| place.line >= 2),
            "{problem}"
        );
    }
}
