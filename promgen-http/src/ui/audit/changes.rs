//! What changed in an object, field by field.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use promgen_core::app::audit::{Known, Named};
use promgen_core::model::AuditKind;

use super::fields::{Held, Versions};
use super::page_of;
use crate::ui::parts::{Diff, Moment, kind};
use crate::ui::text::Texts;

/// A text of so many letters, or of several lines, is compared line by line.
const LONG_LETTERS: usize = 120;

/// The field of a rule that holds `PromQL`.
const CLAUSE: &str = "clause";

/// The objects that are named in fields, as far as somebody sees them.
pub(super) type Names = BTreeMap<Named, Known>;

/// The objects that changes name.
pub(super) fn named<'a>(versions: impl IntoIterator<Item = &'a Versions>) -> BTreeSet<Named> {
    versions.into_iter().flat_map(Versions::objects).collect()
}

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
        before: Option<Shown>,
        after: Option<Shown>,
    },
    /// A long text.
    Long(Diff),
}

/// What a field holds, as it is shown.
#[derive(Debug, Clone)]
enum Shown {
    Text(String),
    At(Moment),
    Object {
        /// What kind of object it is, where the name of the field does not say it.
        kind: Cow<'static, str>,
        name: String,
        page: Option<String>,
    },
}

impl Changes {
    /// What differs between the versions of an object.
    pub(super) fn of(versions: &Versions, names: &Names, t: &Texts) -> Self {
        let reader = Reader { names, t };
        let changed = versions.changed().into_iter().map(|name| {
            let (before, after) = (versions.before.get(name), versions.after.get(name));
            Change {
                name: name.clone(),
                how: reader.how(name, before, after),
            }
        });
        Self {
            t: t.clone(),
            fields: changed.collect(),
        }
    }
}

/// Whoever reads, and the names of what they see.
#[derive(Debug, Clone, Copy)]
struct Reader<'a> {
    names: &'a Names,
    t: &'a Texts,
}

impl Reader<'_> {
    fn how(self, name: &str, before: Option<&Held>, after: Option<&Held>) -> How {
        if let (Some(before), Some(after)) = (before, after) {
            let (before, after) = (self.plain(before), self.plain(after));
            if is_long(&before) || is_long(&after) {
                return How::Long(Diff::lines(&before, &after));
            }
            if name == CLAUSE {
                return How::Long(Diff::clauses(&before, &after));
            }
        }
        How::Short {
            before: before.map(|held| self.shown(held)),
            after: after.map(|held| self.shown(held)),
        }
    }

    fn shown(self, held: &Held) -> Shown {
        let object = |named: Named, kind| match self.names.get(&named) {
            Some(known) => Shown::Object {
                kind,
                name: known.name.clone(),
                page: page_of(named).filter(|_| known.open),
            },
            None => Shown::Text(self.plain(held)),
        };
        match held {
            Held::At(at) => Shown::At(Moment::new(*at, self.t)),
            Held::Object(named) => object(*named, Cow::Borrowed("")),
            Held::Owner(named) => object(*named, kind(named.0, self.t)),
            Held::Text(_) | Held::Several(_) | Held::Row(_) => Shown::Text(self.plain(held)),
        }
    }

    /// In letters alone.
    fn plain(self, held: &Held) -> String {
        let name = |named: &Named| self.names.get(named).map(|known| known.name.clone());
        match held {
            Held::Text(text) => text.clone(),
            Held::At(at) => self.t.zone.write(*at),
            Held::Object(named) => name(named).unwrap_or_else(|| named.1.to_string()),
            Held::Owner((AuditKind::Site, _)) => kind(AuditKind::Site, self.t).into_owned(),
            Held::Owner(named) => {
                let name = name(named).unwrap_or_else(|| format!("#{}", named.1));
                format!("{} {name}", kind(named.0, self.t))
            }
            Held::Several(items) => {
                let lines: Vec<String> = items.iter().map(|one| self.plain(one)).collect();
                lines.join("\n")
            }
            Held::Row(fields) => {
                let field = |(name, held): &(String, Held)| format!("{name}: {}", self.plain(held));
                let fields: Vec<String> = fields.iter().map(field).collect();
                fields.join(", ")
            }
        }
    }
}

fn is_long(text: &str) -> bool {
    text.contains('\n') || text.chars().count() > LONG_LETTERS
}

#[cfg(test)]
mod tests {
    use promgen_core::model::{AuditEntry, AuditId, Timestamp, Zone};

    use super::*;
    use crate::ui::text::Lang;

    fn changes(kind: AuditKind, before: &str, after: &str, names: &Names, t: &Texts) -> String {
        let versions = Versions::read(&AuditEntry {
            id: AuditId(1),
            created: Timestamp(0),
            actor: String::new(),
            user: None,
            body: String::new(),
            kind: kind.as_str().to_owned(),
            object: 1,
            parent: None,
            before: before.to_owned(),
            after: after.to_owned(),
        });
        Changes::of(&versions, names, t).to_string()
    }

    fn html(before: &str, after: &str) -> String {
        let (names, t) = (Names::new(), Texts::default());
        changes(AuditKind::Rule, before, after, &names, &t)
    }

    #[test]
    fn objects_are_shown_by_name_and_lead_to_their_pages() {
        let known = |name: &str, open| Known {
            name: name.to_owned(),
            open,
        };
        let names = Names::from([
            ((AuditKind::Service, 1), known("<shop>", true)),
            ((AuditKind::User, 2), known("maria", false)),
            ((AuditKind::Service, 5), known("web", true)),
        ]);
        let before = r#"{"service":1,"owner":2,"farm":9}"#;
        let after = r#"{"service":3,"owner":{"type":"service","id":5},"created":0}"#;
        let t = Texts {
            lang: Lang::Ja,
            zone: Zone::parse("Asia/Tokyo").unwrap(),
        };
        let html = changes(AuditKind::Project, before, after, &names, &t);
        assert!(
            html.contains(r#"<a href="/service/1"><bdi>&#60;shop&#62;</bdi></a>"#),
            "{html}"
        );
        assert!(html.contains(r#"lines">3</span>"#), "{html}");
        assert!(html.contains(r#"lines">9</span>"#), "{html}");
        assert!(html.contains(r#"lines"><bdi>maria</bdi>"#), "{html}");
        assert!(
            html.contains(r#"サービス <a href="/service/5"><bdi>web</bdi></a>"#),
            "{html}"
        );
        assert!(html.contains(">1970-01-01 09:00:00</time>"), "{html}");
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
        assert!(html.contains("a.example.com\nid: 1"), "{html}");
    }

    #[test]
    fn nonsense_is_shown_as_it_is() {
        assert!(html("", "{no json").contains("{no json"));
    }
}
