//! What changed in an object, field by field, from its JSON before and after.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use serde_json::Value;

use crate::ui::parts::Diff;
use crate::ui::text::Texts;

/// A text of so many letters, or of several lines, is compared line by line.
const LONG_LETTERS: usize = 120;

/// The fields that changed.
#[derive(Debug, Clone, Template)]
#[template(path = "audit/changes.html")]
pub(super) struct Changes {
    t: Texts,
    fields: Vec<Change>,
}

impl askama::filters::HtmlSafe for Changes {}

/// A field that changed.
#[derive(Debug, Clone)]
struct Change {
    /// Its name, with those of the fields around it: `labels.severity`. The whole has none.
    name: String,
    how: How,
}

#[derive(Debug, Clone)]
enum How {
    /// What was there, and what is; none where it was not, or is no more.
    Short {
        before: Option<String>,
        after: Option<String>,
    },
    /// A long text.
    Long(Diff),
}

/// The field of a rule that holds `PromQL`.
const CLAUSE: &str = "clause";

impl Changes {
    /// From the JSON before a change and the one after it; either may be empty.
    pub(super) fn of(before: &str, after: &str, t: &Texts) -> Self {
        let (before, after) = (fields(before), fields(after));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let changed = names.into_iter().filter_map(|name| {
            let (before, after) = (before.get(name), after.get(name));
            (before != after).then(|| Change {
                name: name.clone(),
                how: how(name, before, after),
            })
        });
        Self {
            t: t.clone(),
            fields: changed.collect(),
        }
    }
}

fn how(name: &str, before: Option<&String>, after: Option<&String>) -> How {
    let is_long = |text: &&String| text.contains('\n') || text.chars().count() > LONG_LETTERS;
    match (before, after) {
        (Some(before), Some(after)) if is_long(&before) || is_long(&after) => {
            How::Long(Diff::lines(before, after))
        }
        (Some(before), Some(after)) if name == CLAUSE => How::Long(Diff::clauses(before, after)),
        _ => How::Short {
            before: before.cloned(),
            after: after.cloned(),
        },
    }
}

/// The fields of an object with their texts. What is empty is as if it were not there.
fn fields(json: &str) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    match serde_json::from_str(json) {
        Ok(value) => collect(&value, "", &mut fields),
        // What is no JSON is shown as it is; nothing at all is the object before it was made.
        Err(_) if json.is_empty() => {}
        Err(_) => {
            fields.insert(String::new(), json.to_owned());
        }
    }
    fields
}

fn collect(value: &Value, name: &str, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let name = match name {
                    "" => key.clone(),
                    above => format!("{above}.{key}"),
                };
                collect(value, &name, fields);
            }
        }
        Value::Array(items) => {
            let lines: Vec<String> = items.iter().map(text).collect();
            keep(name, lines.join("\n"), fields);
        }
        other => keep(name, text(other), fields),
    }
}

fn keep(name: &str, text: String, fields: &mut BTreeMap<String, String>) {
    if !text.is_empty() {
        fields.insert(name.to_owned(), text);
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(before: &str, after: &str) -> String {
        Changes::of(before, after, &Texts::default()).to_string()
    }

    #[test]
    fn only_what_changed_is_shown() {
        let html = html(
            r#"{"name":"a","labels":{"severity":"minor","team":"x"},"enabled":true}"#,
            r#"{"name":"a","labels":{"severity":"<b>"},"enabled":false}"#,
        );
        assert!(
            html.contains("labels.severity") && html.contains("labels.team"),
            "{html}"
        );
        assert!(
            html.contains("minor") && html.contains("&#60;b&#62;"),
            "{html}"
        );
        assert!(html.contains("true") && html.contains("false"), "{html}");
        assert!(!html.contains("name"), "{html}");
    }

    #[test]
    fn a_long_text_is_compared_by_lines() {
        let html = html(
            r#"{"clause":"up\n== 0\nand x"}"#,
            r#"{"clause":"up\n== 1\nand x"}"#,
        );
        assert!(html.contains("- == 0") && html.contains("+ == 1"), "{html}");
    }

    #[test]
    fn a_clause_is_compared_by_its_tokens() {
        let html = html(r#"{"clause":"up == 0"}"#, r#"{"clause":"up == 1"}"#);
        assert!(html.contains("<ins class=\"added\">1</ins>"), "{html}");
    }

    #[test]
    fn a_new_object_shows_what_it_has() {
        let html = html("", r#"{"id":7,"name":"a","owner":null,"description":""}"#);
        assert!(html.contains("name") && !html.contains("owner"), "{html}");
    }

    #[test]
    fn members_are_lines() {
        let html = html("", r#"["a.example.com",{"id":1}]"#);
        assert!(html.contains("a.example.com\n{&#34;id&#34;:1}"), "{html}");
    }

    #[test]
    fn nonsense_is_shown_as_it_is() {
        assert!(html("", "{no json").contains("{no json"));
    }
}
