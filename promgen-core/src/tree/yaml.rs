//! YAML in block style, as a tree document is written.

use std::collections::BTreeMap;

use crate::render::yaml::scalar;

/// A document in the making.
pub(super) enum Yaml {
    /// A scalar that is ready to be written.
    Scalar(String),
    Map(Vec<(String, Yaml)>),
    List(Vec<Yaml>),
}

impl Yaml {
    pub(super) fn text(text: &str) -> Self {
        Self::Scalar(scalar(text).into_owned())
    }

    pub(super) fn plain(value: &impl ToString) -> Self {
        Self::Scalar(value.to_string())
    }

    pub(super) fn texts(map: &BTreeMap<String, String>) -> Self {
        let text = |(key, value): (&String, &String)| (scalar(key).into_owned(), Self::text(value));
        Self::Map(map.iter().map(text).collect())
    }

    /// Writes it at an indentation, in blanks; the first line has it already.
    pub(super) fn emit(&self, out: &mut String, indent: usize) {
        match self {
            Self::Scalar(text) => {
                out.push_str(text);
                out.push('\n');
            }
            Self::Map(entries) => {
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        pad(out, indent);
                    }
                    out.push_str(key);
                    out.push(':');
                    value.emit_after(out, indent);
                }
            }
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        pad(out, indent);
                    }
                    out.push_str("- ");
                    item.emit(out, indent + 2);
                }
            }
        }
    }

    /// The value after `key:`.
    fn emit_after(&self, out: &mut String, indent: usize) {
        match self {
            Self::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
            Self::List(items) if items.is_empty() => out.push_str(" []\n"),
            Self::Scalar(_) => {
                out.push(' ');
                self.emit(out, indent);
            }
            Self::Map(_) | Self::List(_) => {
                out.push('\n');
                pad(out, indent + 2);
                self.emit(out, indent + 2);
            }
        }
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// The entries of a map, those that say nothing left out.
#[derive(Default)]
pub(super) struct Entries(Vec<(String, Yaml)>);

impl Entries {
    pub(super) fn put(&mut self, key: &str, value: Yaml) {
        self.0.push((key.to_owned(), value));
    }

    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.put(key, Yaml::text(text));
    }

    /// A text that is left out when empty.
    pub(super) fn some_text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.text(key, text);
        }
    }

    /// A value that is left out when it is the default.
    pub(super) fn unless<T: PartialEq + ToString>(&mut self, key: &str, value: &T, default: &T) {
        if value != default {
            self.put(key, Yaml::plain(value));
        }
    }

    pub(super) fn list(&mut self, key: &str, items: Vec<Yaml>) {
        self.put(key, Yaml::List(items));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn map(self) -> Yaml {
        Yaml::Map(self.0)
    }
}
