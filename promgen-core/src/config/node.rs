//! A YAML document as a tree in which everything knows its place.
//!
//! Scalars are typed as the original's reader types them (YAML 1.1: `yes` and `off` are flags), and
//! numbers keep their text, because `2.50` and `2.5` are different versions. Two equal keys, more
//! than one document, deep nesting and exploding aliases are refused by the reader's budget.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, MessageFormatter as _, Spanned, UserMessageFormatter};

use super::settings::Section;
use crate::model::{Place, Problem};

/// Deepest nesting of a settings file; plugins' sections need two or three levels.
const MAX_DEPTH: usize = 32;
/// Most events of the parser, counted before and after aliases are expanded: some 10,000 lines.
const MAX_EVENTS: usize = 50_000;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Where it begins.
    pub(super) place: Place,
    /// What it is.
    pub(super) value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// A flag without quotes.
    Flag(bool),
    /// A number without quotes, as it is written and as it counts.
    Number { text: String, value: Section },
    /// Any other scalar.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// The key.
    pub(super) key: String,
    /// Where the key stands.
    pub(super) place: Place,
    /// The value.
    pub(super) node: Node,
}

impl Node {
    /// Reads a document; an empty one is null.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let options = serde_saphyr::options! {
            with_snippet: false,
            budget: serde_saphyr::budget! { max_depth: MAX_DEPTH, max_events: MAX_EVENTS },
            alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MAX_EVENTS },
        };
        match serde_saphyr::from_str_with_options::<Spanned<Shape>>(text, options) {
            Ok(shape) => Ok(Self::build(text, shape)),
            Err(error) => Err(syntax_problem(&error)),
        }
    }

    fn build(text: &str, shape: Spanned<Shape>) -> Self {
        let place = place_of(shape.referenced);
        let value = match shape.value {
            Shape::Null => Value::Null,
            Shape::Flag(flag) => Value::Flag(flag),
            Shape::Number(value) => Value::Number {
                text: source_text(text, shape.defined),
                value,
            },
            Shape::Text(text) => Value::Text(text),
            Shape::List(items) => {
                Value::List(items.into_iter().map(|i| Self::build(text, i)).collect())
            }
            Shape::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, shape)| Entry {
                        place: place_of(key.referenced),
                        key: key.value,
                        node: Self::build(text, shape),
                    })
                    .collect(),
            ),
        };
        Self { place, value }
    }

    /// What it is, in words that do not tell the value, which may be a secret.
    pub(super) fn what(&self) -> &'static str {
        match self.value {
            Value::Null => "empty",
            Value::Flag(_) => "a flag",
            Value::Number { .. } => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The same without places, for a plugin.
    pub(super) fn to_section(&self) -> Section {
        match &self.value {
            Value::Null => Section::Null,
            Value::Flag(flag) => Section::Bool(*flag),
            Value::Number { value, .. } => value.clone(),
            Value::Text(text) => Section::String(text.clone()),
            Value::List(items) => Section::Sequence(items.iter().map(Self::to_section).collect()),
            Value::Map(entries) => Section::Mapping(
                entries
                    .iter()
                    .map(|entry| (Section::String(entry.key.clone()), entry.node.to_section()))
                    .collect(),
            ),
        }
    }
}

fn place_of(location: Location) -> Place {
    let counted = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).max(1);
    Place {
        line: counted(location.line()),
        column: counted(location.column()),
    }
}

/// The characters of a plain scalar, as they stand in the document.
fn source_text(text: &str, location: Location) -> String {
    let span = location.span();
    let bytes = span.byte_offset().zip(span.byte_len());
    let range = bytes.and_then(|(offset, len)| {
        let start = usize::try_from(offset).ok()?;
        let end = start.checked_add(usize::try_from(len).ok()?)?;
        text.get(start..end)
    });
    range.unwrap_or_default().trim().to_owned()
}

fn syntax_problem(error: &serde_saphyr::Error) -> Problem {
    // The formatter for people leaves places and advice to programmers out.
    let why = UserMessageFormatter.format_message(error.without_snippet());
    let why = why.replace(char::is_control, " ");
    let message = format!("cannot be read as YAML: {why}");
    let remedy = "correct it there; each key stands once, with a blank after its colon";
    let problem = Problem::error("the file", message, remedy);
    match error.location() {
        Some(location) => problem.at(place_of(location)),
        None => problem,
    }
}

/// What the parser says, before the text of numbers is looked up.
enum Shape {
    Null,
    Flag(bool),
    Number(Section),
    Text(String),
    List(Vec<Spanned<Shape>>),
    Map(Vec<(Spanned<String>, Spanned<Shape>)>),
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a flag, a number, a text, a list or a mapping")
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Shape, E> {
        Ok(Shape::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Shape, E> {
        Ok(Shape::Number(Section::from(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Shape, E> {
        Ok(Shape::Number(Section::from(number)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Shape, E> {
        Ok(Shape::Number(Section::from(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Shape, E> {
        Ok(Shape::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Shape, E> {
        Ok(Shape::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Shape, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Shape::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Shape, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Shape::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        match Node::parse(text).unwrap().value {
            Value::Map(mut entries) => entries.remove(0),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn scalars_are_typed_as_the_original_types_them() {
        let value = |text: &str| entry(&format!("key: {text}")).node.value;
        for text in ["yes", "True", "on"] {
            assert_eq!(value(text), Value::Flag(true), "{text}");
        }
        assert_eq!(value("off"), Value::Flag(false));
        assert_eq!(value("'yes'"), Value::Text("yes".to_owned()));
        assert_eq!(value("~"), Value::Null);
        assert_eq!(value(""), Value::Null);
        assert_eq!(value("10:30"), Value::Text("10:30".to_owned()));
        assert!(matches!(value("2.50"), Value::Number { text, .. } if text == "2.50"));
        assert!(matches!(value("-7 # why"), Value::Number { text, .. } if text == "-7"));
    }

    #[test]
    fn keys_and_values_know_their_places() {
        let entry = entry("\n\n  key:   5\n");
        assert_eq!(entry.place, Place { line: 3, column: 3 });
        assert_eq!(
            entry.node.place,
            Place {
                line: 3,
                column: 10
            }
        );
    }

    #[test]
    fn an_empty_document_is_null() {
        for text in ["", "\n", "# nothing\n", "---\n"] {
            assert_eq!(Node::parse(text).unwrap().value, Value::Null, "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_line() {
        for (text, line) in [
            ("a: 1\na: 2\n", 2),
            ("a: 1\nb: [\n", 2),
            ("a: 1\n---\nb: 1\n", 2),
            ("a:\n  b: 1\n c: 1\n", 3),
        ] {
            let problem = Node::parse(text).unwrap_err();
            assert!(problem.place.unwrap().line >= line, "{text:?}: {problem}");
        }
    }

    #[test]
    fn exploding_aliases_and_deep_nesting_are_refused() {
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..9 {
            let previous = format!("*a{}", level - 1);
            let list = vec![previous; 10].join(",");
            bomb = format!("{bomb}a{level}: &a{level} [{list}]\n");
        }
        assert!(Node::parse(&bomb).is_err());
        let deep = format!("a: {}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Node::parse(&deep).is_err());
    }
}
