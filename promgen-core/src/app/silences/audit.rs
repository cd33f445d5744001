//! What the audit log says about silences.
//!
//! Their ids are texts, for they live in Alertmanager: an entry bears the object 0, and the id and the
//! matchers in its text. When exactly one service or project is touched, its history shows the entry.

use serde_json::{Value, json};

use super::affected::Objects;
use super::held::{Held, RawMatcher};
use super::report::Outcome;
use crate::alert::{Conditions, Matcher, Silence};
use crate::app::change::{Change, Parent, Subject};
use crate::app::{Actor, App, AppError, Right};
use crate::model::{AuditKind, Called};

/// Most letters of the matchers in the text of an entry; the whole of them is in its JSON.
const LONGEST: usize = 200;

/// Where an entry belongs, and what it is about.
pub(super) struct Note {
    parent: Parent,
    /// The matchers in words.
    matchers: String,
}

impl Note {
    /// For a silence that is about to be made.
    pub(super) fn of(objects: &Objects, matchers: &[Matcher]) -> Self {
        Self::by(objects, Conditions::new(matchers).ok(), words(matchers))
    }

    /// For a silence that exists.
    pub(super) fn of_held(objects: &Objects, held: &Held) -> Self {
        let matchers: Vec<Matcher> = held
            .matchers
            .iter()
            .filter_map(RawMatcher::checked)
            .collect();
        Self::by(objects, held.conditions(), words(&matchers))
    }

    fn by(objects: &Objects, conditions: Option<Conditions>, matchers: String) -> Self {
        let touched = conditions.map(|conditions| objects.touched(&conditions));
        let parent =
            touched.and_then(
                |touched| match (&touched.projects[..], &touched.services[..]) {
                    ([project], []) => Some((AuditKind::Project, i64::from(project.id.0))),
                    ([], [service]) => Some((AuditKind::Service, i64::from(service.id.0))),
                    _ => None,
                },
            );
        Self { parent, matchers }
    }

    /// Notes a silence that was made, or changed when there is one before.
    pub(super) async fn put(
        &self,
        app: &App,
        actor: &Actor,
        before: Option<&Held>,
        after: &Value,
    ) -> Result<(), AppError> {
        let mut change = Change::begin(app, actor, Right::TakePart).await?;
        let id = after.get("id").and_then(Value::as_str).unwrap_or_default();
        match before {
            Some(held) => change.updated(self.subject(id), &held.json, after),
            None => change.created(self.subject(id), after),
        }
        change.commit().await
    }

    /// Notes that a silence was ended.
    pub(super) async fn ended(
        &self,
        app: &App,
        actor: &Actor,
        held: &Held,
        outcomes: &[Outcome],
    ) -> Result<(), AppError> {
        let mut change = Change::begin(app, actor, Right::TakePart).await?;
        let before = json!({"silence": held.json, "alertmanagers": outcomes});
        change.deleted(self.subject(&held.id), &before);
        change.commit().await
    }

    fn subject(&self, id: &str) -> Subject {
        let name = Called::Of {
            name: id,
            owner: &self.matchers,
        };
        let subject = Subject::new(AuditKind::Silence, 0, name.to_string());
        match self.parent {
            Some((kind, parent)) => subject.below(kind, parent),
            None => subject,
        }
    }
}

fn words(matchers: &[Matcher]) -> String {
    let all: Vec<String> = matchers.iter().map(ToString::to_string).collect();
    let all = all.join(", ");
    match all.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", all.get(..end).unwrap_or_default()),
        None => all,
    }
}

/// A silence as it was put, with what each Alertmanager did.
pub(super) fn after(silence: &Silence, outcomes: &[Outcome]) -> Value {
    let id = outcomes.iter().find_map(|outcome| outcome.id.clone());
    let mut json = serde_json::to_value(silence).unwrap_or_default();
    if let Some(map) = json.as_object_mut() {
        map.insert("id".to_owned(), json!(id));
        map.insert("alertmanagers".to_owned(), json!(outcomes));
    }
    json
}
