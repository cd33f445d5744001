//! Which entries a page of the edit history is asked for.

use promgen_core::app::audit::{AuditFilter, History};
use promgen_core::model::{GroupId, ProjectId, RuleId, ServiceId, UserId};

use crate::ui::parts::{Odd, Sheet};

/// A filter: its parameter, the key of its word, and how its number becomes a history.
type Kind = (&'static str, &'static str, fn(i32) -> History);

const KINDS: [Kind; 4] = [
    ("service", "audit-service", |id| {
        History::Service(ServiceId(id))
    }),
    ("project", "audit-project", |id| {
        History::Project(ProjectId(id))
    }),
    ("rule", "audit-rule", |id| History::Rule(RuleId(id))),
    ("group", "audit-group", |id| History::Group(GroupId(id))),
];

/// A filter as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its parameter.
    pub(super) name: &'static str,
    /// The key of its word.
    pub(super) word: &'static str,
    /// What was asked for.
    pub(super) value: String,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Asked {
    /// The objects, in the order of `parts`.
    pub(super) histories: Vec<History>,
    /// The filters of the objects.
    pub(super) parts: Vec<Part>,
    /// Filters that make no sense.
    pub(super) odd: Odd,
    user: User,
}

/// Who did it, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum User {
    #[default]
    Anybody,
    /// By id, as links of the original have it.
    Number(UserId),
    /// By login name.
    Name(String),
}

impl Asked {
    pub(super) fn read(sheet: &Sheet) -> Self {
        let mut asked = Self::default();
        for (name, word, history) in KINDS {
            let Some(id) = asked.odd.parse::<i32>(sheet, name) else {
                continue;
            };
            asked.histories.push(history(id));
            asked.parts.push(Part {
                name,
                word,
                value: id.to_string(),
            });
        }
        if let Some(value) = sheet.filter("user") {
            asked.user = match value.parse() {
                Ok(id) => User::Number(id),
                Err(_) => User::Name(value.to_owned()),
            };
        }
        asked
    }

    /// Who did it, as it is shown; `known` is the login name where entries tell it.
    pub(super) fn user(&self, known: Option<&str>) -> Option<String> {
        match &self.user {
            User::Anybody => None,
            User::Number(id) => Some(known.map_or_else(|| format!("#{id}"), str::to_owned)),
            User::Name(name) => Some(name.clone()),
        }
    }

    pub(super) fn filter(&self) -> AuditFilter<'_> {
        let mut filter = AuditFilter {
            histories: &self.histories,
            ..AuditFilter::default()
        };
        match &self.user {
            User::Anybody => {}
            User::Number(id) => filter.user_id = Some(*id),
            User::Name(name) => filter.user = Some(name),
        }
        filter
    }
}
