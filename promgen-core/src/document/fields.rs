//! Walking a map of a document: every key is asked for, every finding is collected.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use super::node::{Entry, Node, Value};
use crate::model::{Place, Problem};

/// A map with known keys. Repeated and unknown keys are reported when it is opened, each value that
/// is asked for in the wrong type when it is asked for.
pub(crate) struct Fields<'a> {
    /// Path of the map in the document, such as `services[2]`.
    pub(crate) path: String,
    /// Where the map begins.
    pub(crate) place: Place,
    entries: BTreeMap<&'a str, &'a Entry>,
}

impl<'a> Fields<'a> {
    /// Opens a node that must be a map of `known` keys.
    pub(crate) fn open(
        node: &'a Node,
        path: &str,
        known: &[&str],
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let Value::Map(list) = &node.value else {
            problems.push(wrong_kind(path, node, "a map"));
            return None;
        };
        let mut entries: BTreeMap<&str, &Entry> = BTreeMap::new();
        for entry in list {
            let field = join(path, &entry.key);
            if let Some(first) = entries.get(entry.key.as_str()) {
                let message = format!("stands here again, after line {}", first.place.line);
                problems.push(Problem::error(field, message, "keep one").at(entry.place));
            } else if known.contains(&entry.key.as_str()) {
                entries.insert(&entry.key, entry);
            } else {
                let remedy = match nearest(&entry.key, known) {
                    Some(key) => format!("did you mean {key}?"),
                    None => format!("the keys here are {}", known.join(", ")),
                };
                problems.push(Problem::error(field, "is no key", remedy).at(entry.place));
            }
        }
        Some(Self {
            path: path.to_owned(),
            place: node.place,
            entries,
        })
    }

    /// The node of a key; a `null` counts as absent.
    pub(crate) fn node(&self, key: &str) -> Option<&'a Node> {
        let entry = self.entries.get(key)?;
        (!matches!(entry.node.value, Value::Null)).then_some(&entry.node)
    }

    /// Whether a key stands there with `null`.
    pub(crate) fn is_null(&self, key: &str) -> bool {
        self.entries
            .get(key)
            .is_some_and(|entry| matches!(entry.node.value, Value::Null))
    }

    /// Path of a key.
    pub(crate) fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// A finding about a key, at its value or else at the map.
    pub(crate) fn problem(
        &self,
        key: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        let place = self
            .entries
            .get(key)
            .map_or(self.place, |entry| entry.node.place);
        Problem::error(self.path_of(key), message, remedy).at(place)
    }

    /// A text; a number will do.
    pub(crate) fn text(&self, key: &str, problems: &mut Vec<Problem>) -> Option<String> {
        let node = self.node(key)?;
        match &node.value {
            Value::Text(text) | Value::Number(text) => Some(text.clone()),
            _ => {
                problems.push(wrong_kind(
                    &self.path_of(key),
                    node,
                    "a text; put it in quotes",
                ));
                None
            }
        }
    }

    /// A text that must stand there.
    pub(crate) fn required(&self, key: &str, problems: &mut Vec<Problem>) -> Option<String> {
        if self.node(key).is_none() {
            let message = format!("{key} is missing");
            problems
                .push(Problem::error(&self.path, message, format!("give {key}")).at(self.place));
            return None;
        }
        self.text(key, problems)
    }

    /// A value with a form of its own.
    pub(crate) fn parsed<T>(&self, key: &str, problems: &mut Vec<Problem>) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.text(key, problems)?;
        self.parse(key, &text, problems)
    }

    /// A value with a form of its own that must stand there.
    pub(crate) fn required_parsed<T>(&self, key: &str, problems: &mut Vec<Problem>) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.required(key, problems)?;
        self.parse(key, &text, problems)
    }

    fn parse<T>(&self, key: &str, text: &str, problems: &mut Vec<Problem>) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                problems.push(self.refused(key, text, &error.to_string()));
                None
            }
        }
    }

    /// What the form of a value says against it: the value is told once, and what to do where it
    /// belongs.
    fn refused(&self, key: &str, text: &str, said: &str) -> Problem {
        let value = format!("{text:?}");
        let rest = said.strip_prefix(&value);
        let said = rest.unwrap_or(said);
        let (what, remedy) = said
            .split_once("; ")
            .unwrap_or((said, "write another value"));
        let colon = if rest.is_some() { "" } else { ": " };
        self.problem(key, format!("{value}{colon}{what}"), remedy)
    }

    /// A whole number that counts something.
    pub(crate) fn count(&self, key: &str, problems: &mut Vec<Problem>) -> Option<u32> {
        let text = self.text(key, problems)?;
        let count: Option<u32> = text.parse().ok();
        if count.is_none() {
            let message = format!("{text:?} is not a whole number from 0 to {}", u32::MAX);
            problems.push(self.problem(key, message, "write one, or leave it out"));
        }
        count
    }

    /// A truth value.
    pub(crate) fn bool(&self, key: &str, problems: &mut Vec<Problem>) -> Option<bool> {
        let node = self.node(key)?;
        if let Value::Bool(value) = node.value {
            return Some(value);
        }
        problems.push(wrong_kind(&self.path_of(key), node, "true or false"));
        None
    }

    /// The items of a list, each with its path; `None` when the key is absent.
    pub(crate) fn list(
        &self,
        key: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<(String, &'a Node)>> {
        let node = self.node(key)?;
        let Value::List(list) = &node.value else {
            problems.push(wrong_kind(&self.path_of(key), node, "a list"));
            return None;
        };
        let path = self.path_of(key);
        Some(
            list.iter()
                .enumerate()
                .map(|(at, node)| (format!("{path}[{at}]"), node))
                .collect(),
        )
    }

    /// A map of texts; numbers and truth values will do as texts.
    pub(crate) fn texts(
        &self,
        key: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<BTreeMap<String, String>> {
        let node = self.node(key)?;
        let path = self.path_of(key);
        let Value::Map(entries) = &node.value else {
            problems.push(wrong_kind(&path, node, "a map"));
            return None;
        };
        let mut texts = BTreeMap::new();
        for entry in entries {
            let text = match &entry.node.value {
                Value::Text(text) | Value::Number(text) => text.clone(),
                Value::Bool(value) => value.to_string(),
                _ => {
                    problems.push(wrong_kind(&join(&path, &entry.key), &entry.node, "a text"));
                    continue;
                }
            };
            if texts.insert(entry.key.clone(), text).is_some() {
                let problem =
                    Problem::error(join(&path, &entry.key), "stands here again", "keep one");
                problems.push(problem.at(entry.place));
            }
        }
        Some(texts)
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn wrong_kind(path: &str, node: &Node, wanted: &str) -> Problem {
    let path = if path.is_empty() { "document" } else { path };
    let message = format!("is {}", node.value.kind());
    Problem::error(path, message, format!("write {wanted}")).at(node.place)
}

/// The known key that a mistyped one resembles most, if any does.
pub(crate) fn nearest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let scored = known
        .iter()
        .map(|candidate| (distance(key, candidate), *candidate));
    let (distance, candidate) = scored.min()?;
    (distance * 3 <= key.chars().count().max(3)).then_some(candidate)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut diagonal = i;
        let mut next = vec![left];
        for (cb, above) in b.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(ca != *cb);
            left = replaced.min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_key_finds_its_neighbour() {
        assert_eq!(
            nearest("exporter", &["exporters", "urls"]),
            Some("exporters")
        );
        assert_eq!(
            nearest("decription", &["description", "name"]),
            Some("description")
        );
        assert_eq!(nearest("zzz", &["description", "name"]), None);
    }

    #[test]
    fn all_findings_come_at_once_with_their_lines() {
        let node = super::super::read("a: [1]\nb: x\nc: 1\nc: 2\nd: maybe\n").unwrap();
        let mut problems = Vec::new();
        let fields = Fields::open(&node, "top", &["a", "c", "d"], &mut problems).unwrap();
        assert_eq!(fields.text("a", &mut problems), None);
        assert_eq!(fields.bool("d", &mut problems), None);
        let found: Vec<(String, usize)> = problems
            .iter()
            .map(|p| (p.field.clone(), p.place.unwrap().line))
            .collect();
        let expected = [("top.b", 2), ("top.c", 4), ("top.a", 1), ("top.d", 5)];
        assert_eq!(
            found,
            expected.map(|(field, line)| (field.to_owned(), line))
        );
    }
}
