//! Typed access to the keys of a settings file: every wrong type is noted and reading goes on, so
//! that all problems are reported at once.
//!
//! No problem ever holds a value, for it may be a password.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::keys::nearest;
use super::node::{Entry, Node, Value};
use crate::model::{Place, Problem, PromDuration, Zone, has_errors};

/// The section of a file that is being read.
#[derive(Clone, Copy)]
pub(super) struct Table<'n> {
    path: &'static str,
    entries: &'n [Entry],
}

impl<'n> Table<'n> {
    /// Its entries, in the order of the file.
    pub(super) fn entries(&self) -> &'n [Entry] {
        self.entries
    }

    /// The value of a key; one that is there but null counts as absent.
    pub(super) fn find(&self, key: &str) -> Option<&'n Node> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (entry.node.value != Value::Null).then_some(&entry.node)
    }

    /// The path of a key from the top of the file.
    pub(super) fn field(&self, key: &str) -> String {
        match self.path {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        }
    }
}

/// Collects what is wrong while a file is read.
#[derive(Default)]
pub(super) struct Reader {
    problems: Vec<Problem>,
    unknown: Vec<(Place, String)>,
}

impl Reader {
    /// Notes a problem.
    pub(super) fn note(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes that a value is not what the key wants.
    pub(super) fn refuse(&mut self, field: String, node: &Node, wanted: &str, remedy: &str) {
        let message = format!("is {}, not {wanted}", node.what());
        self.note(Problem::error(field, message, remedy).at(node.place));
    }

    /// Notes a key that means nothing here.
    pub(super) fn unknown(&mut self, table: Table<'_>, entry: &Entry, known: &[&str]) {
        let name = table.field(&entry.key);
        let line = entry.place.line;
        let hint = match nearest(table.path, &entry.key, known) {
            Some(near) => format!("{name} (line {line}; {near} is known)"),
            None => format!("{name} (line {line})"),
        };
        self.unknown.push((entry.place, hint));
    }

    /// The document itself as a section.
    pub(super) fn top<'n>(&mut self, node: &'n Node) -> Table<'n> {
        let table = Table {
            path: "",
            entries: &[],
        };
        self.entries_of(table, "the file".to_owned(), node)
    }

    /// A section below the top whose keys are all listed in `known`.
    pub(super) fn section<'n>(
        &mut self,
        top: Table<'n>,
        path: &'static str,
        known: &[&str],
    ) -> Table<'n> {
        let table = self.open_section(top, path);
        for entry in table.entries {
            if !known.contains(&entry.key.as_str()) {
                self.unknown(table, entry, known);
            }
        }
        table
    }

    /// A section below the top whose keys the caller looks through.
    pub(super) fn open_section<'n>(&mut self, top: Table<'n>, path: &'static str) -> Table<'n> {
        let table = Table { path, entries: &[] };
        match top.find(path) {
            None => table,
            Some(node) => self.entries_of(table, path.to_owned(), node),
        }
    }

    fn entries_of<'n>(&mut self, table: Table<'n>, field: String, node: &'n Node) -> Table<'n> {
        match &node.value {
            Value::Map(entries) => Table { entries, ..table },
            Value::Null => table,
            _ => {
                self.refuse(
                    field,
                    node,
                    "a mapping",
                    "write `key: value` lines, indented alike",
                );
                table
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, table: Table<'_>, key: &str) -> Option<bool> {
        let node = table.find(key)?;
        if let Value::Flag(flag) = node.value {
            return Some(flag);
        }
        self.refuse(
            table.field(key),
            node,
            "a flag",
            "write true or false, without quotes",
        );
        None
    }

    /// A text.
    pub(super) fn text(&mut self, table: Table<'_>, key: &str, remedy: &str) -> Option<String> {
        let node = table.find(key)?;
        let text = text_of(node);
        if text.is_none() {
            let remedy = match node.value {
                Value::Number { .. } | Value::Flag(_) => "put it into quotes",
                _ => remedy,
            };
            self.refuse(table.field(key), node, "a text", remedy);
        }
        text
    }

    /// A time zone.
    pub(super) fn zone(&mut self, table: Table<'_>, key: &str) -> Option<Zone> {
        let remedy = "name a zone of the IANA database, such as Asia/Tokyo";
        let text = self.text(table, key, remedy)?;
        let zone = Zone::parse(&text);
        if let (Err(_), Some(node)) = (&zone, table.find(key)) {
            let problem = Problem::error(table.field(key), "is not a time zone", remedy);
            self.note(problem.at(node.place));
        }
        zone.ok()
    }

    /// An absolute `http` or `https` URL.
    pub(super) fn url(&mut self, table: Table<'_>, key: &str) -> Option<String> {
        let node = table.find(key)?;
        self.url_of(table.field(key), node)
    }

    /// One URL, or a list of them.
    pub(super) fn urls(&mut self, table: Table<'_>, key: &str) -> Option<Vec<String>> {
        let node = table.find(key)?;
        let Value::List(items) = &node.value else {
            return self.url_of(table.field(key), node).map(|url| vec![url]);
        };
        items
            .iter()
            .enumerate()
            .map(|(index, item)| self.url_of(format!("{}[{index}]", table.field(key)), item))
            .collect()
    }

    fn url_of(&mut self, field: String, node: &Node) -> Option<String> {
        let text = text_of(node).filter(|text| is_http_url(text));
        if text.is_none() {
            let message = "is not an http or https URL";
            let remedy = "write it like http://prometheus.example.com:9090/";
            self.note(Problem::error(field, message, remedy).at(node.place));
        }
        text
    }

    /// A list of texts; a single text stands for a list of one.
    pub(super) fn texts(
        &mut self,
        field: &str,
        node: &Node,
        remedy: &str,
    ) -> Option<Vec<(Place, String)>> {
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Text(text) => return Some(vec![(node.place, text.clone())]),
            _ => {
                self.refuse(field.to_owned(), node, "a list", remedy);
                return None;
            }
        };
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match text_of(item) {
                Some(text) => texts.push((item.place, text)),
                None => self.refuse(
                    format!("{field}[{index}]"),
                    item,
                    "a text",
                    "put it into quotes",
                ),
            }
        }
        Some(texts)
    }

    /// A whole number within a range; digits in quotes count as one.
    pub(super) fn number<T: TryFrom<u64>>(
        &mut self,
        table: Table<'_>,
        key: &str,
        range: RangeInclusive<u64>,
    ) -> Option<T> {
        let node = table.find(key)?;
        let number = match &node.value {
            Value::Number { value, .. } => value.as_u64(),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        };
        let fits = number.filter(|number| range.contains(number));
        let fits = fits.and_then(|number| T::try_from(number).ok());
        if fits.is_none() {
            let (field, least, most) = (table.field(key), range.start(), range.end());
            let message = format!("is not a whole number from {least} to {most}");
            self.note(Problem::error(field, message, "write such a number").at(node.place));
        }
        fits
    }

    /// A duration as Prometheus writes it, longer than nothing.
    pub(super) fn duration(&mut self, table: Table<'_>, key: &str) -> Option<Duration> {
        let node = table.find(key)?;
        let text = text_of(node).unwrap_or_default();
        let millis = PromDuration::parse(&text).map_or(0, |duration| duration.millis());
        if millis == 0 {
            let message = "is not a duration longer than nothing";
            let remedy = "write it like 500ms, 30s, 5m or 1h30m";
            self.note(Problem::error(table.field(key), message, remedy).at(node.place));
            return None;
        }
        Some(Duration::from_millis(millis))
    }

    /// A duration as Prometheus writes it; nothing at all (`0s`) is one too.
    pub(super) fn span(&mut self, table: Table<'_>, key: &str) -> Option<Duration> {
        let node = table.find(key)?;
        let read = PromDuration::parse(&text_of(node).unwrap_or_default());
        let Ok(duration) = read else {
            let message = "is not a duration";
            let remedy = "write it like 30s, 5m or 1h30m; 0s for never";
            self.note(Problem::error(table.field(key), message, remedy).at(node.place));
            return None;
        };
        Some(Duration::from_millis(duration.millis()))
    }

    /// What was found: warnings when the file counts, else everything.
    pub(super) fn finish(mut self) -> Result<Vec<Problem>, Vec<Problem>> {
        if let Some((first, _)) = self.unknown.first() {
            let first = *first;
            let names: Vec<&str> = self.unknown.iter().map(|(_, hint)| hint.as_str()).collect();
            let message = format!("nothing is known about {}", names.join(", "));
            let remedy = "correct or remove what is not known; it has no effect";
            self.problems
                .push(Problem::warning("the file", message, remedy).at(first));
        }
        self.problems.sort_by_key(|problem| problem.place);
        if has_errors(&self.problems) {
            Err(self.problems)
        } else {
            Ok(self.problems)
        }
    }
}

/// The text of a node that was written as one.
pub(super) fn text_of(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn is_http_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    let visible = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    visible && host.is_some_and(|host| !host.is_empty() && !host.starts_with(':'))
}
