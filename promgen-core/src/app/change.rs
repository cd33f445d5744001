//! A change of the tree: one transaction with its audit entries, the output gate and the revision.
//!
//! Every use case that writes goes through [`Change`], so that none of the three can be forgotten.

use serde::Serialize;
use serde_json::Value;

use super::policy::{Access, Act};
use super::tree::Saved;
use super::{Actor, App, AppError, Right, audit};
use crate::model::{
    AuditEntry, AuditId, AuditKind, Called, Deed, MASKED, Members, Problem, Sender, TaskKind,
    Timestamp, Told, Tree, has_errors,
};
use crate::plugin::NotifierDescription;
use crate::render::{self, RuleOptions};
use crate::store::{StoreError, Tx};

/// The object above a changed one, whose history shows the change too.
pub(super) type Parent = Option<(AuditKind, i64)>;

/// The object that an audit entry is about.
pub(super) struct Subject {
    pub(super) kind: AuditKind,
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) parent: Parent,
}

impl Subject {
    pub(super) fn new(kind: AuditKind, id: impl Into<i64>, name: impl AsRef<str>) -> Self {
        Self {
            kind,
            id: id.into(),
            name: name.as_ref().to_owned(),
            parent: None,
        }
    }

    pub(super) fn below(mut self, kind: AuditKind, id: impl Into<i64>) -> Self {
        self.parent = Some((kind, id.into()));
        self
    }
}

/// A transaction under way. Dropped without [`Change::commit`], it never happened.
pub(super) struct Change<'a> {
    app: &'a App,
    actor: &'a Actor,
    tx: Tx,
    at: Timestamp,
    entries: Vec<AuditEntry>,
    touches_tree: bool,
    revised: bool,
}

impl<'a> Change<'a> {
    /// Checks the right and begins.
    pub(super) async fn begin(
        app: &'a App,
        actor: &'a Actor,
        right: Right,
    ) -> Result<Self, AppError> {
        actor.require(right, app.settings())?;
        let tx = app.store().write_tx().await?;
        let at = app.now();
        Ok(Self {
            app,
            actor,
            tx,
            at,
            entries: Vec::new(),
            touches_tree: false,
            revised: false,
        })
    }

    /// Begins for an act, with what the actor has. What the act needs besides an object is checked
    /// before anybody has to wait. From here on other writers of the tree do, so that roles and
    /// objects are still what they were when the change is written.
    ///
    /// What the act needs on its object is left to [`Access::require_on`].
    pub(super) async fn open(
        app: &'a App,
        actor: &'a Actor,
        act: Act,
    ) -> Result<(Self, Access), AppError> {
        Access::without_roles(actor, app.settings()).require(act, app.settings())?;
        let mut change = Self {
            app,
            actor,
            tx: app.store().write_tx().await?,
            at: app.now(),
            entries: Vec::new(),
            touches_tree: false,
            revised: false,
        };
        change.lock().await?;
        let access = change.access().await?;
        Ok((change, access))
    }

    /// What the actor has, as this transaction sees it.
    pub(super) async fn access(&self) -> Result<Access, AppError> {
        Ok(Access::load(self.app, &self.tx, self.actor).await?)
    }

    pub(super) fn tx(&self) -> &Tx {
        &self.tx
    }

    pub(super) fn at(&self) -> Timestamp {
        self.at
    }

    /// Notes members that an object got, such as the hosts of a farm.
    pub(super) fn added<T: Serialize>(&mut self, what: Members, subject: Subject, members: &T) {
        self.note(
            Deed::Added(what),
            subject,
            String::new(),
            json_text(members),
        );
    }

    /// Notes members that an object lost.
    pub(super) fn removed<T: Serialize>(&mut self, what: Members, subject: Subject, members: &T) {
        self.note(
            Deed::Removed(what),
            subject,
            json_text(members),
            String::new(),
        );
    }

    pub(super) fn created<T: Serialize>(&mut self, subject: Subject, after: &T) {
        self.note(Deed::Created, subject, String::new(), json_text(after));
    }

    pub(super) fn updated<T: Serialize>(&mut self, subject: Subject, before: &T, after: &T) {
        self.note(Deed::Updated, subject, json_text(before), json_text(after));
    }

    pub(super) fn deleted<T: Serialize>(&mut self, subject: Subject, before: &T) {
        self.note(Deed::Deleted, subject, json_text(before), String::new());
    }

    /// Notes that something was asked of an object that stays as it is.
    pub(super) fn asked(&mut self, task: TaskKind, subject: Subject) {
        self.enter(Deed::Asked(task), subject, String::new(), String::new());
    }

    /// As [`Change::created`], for an object that knows its name and JSON.
    pub(super) fn note_created(&mut self, after: &impl Saved) {
        self.created(after.subject(), &after.json(self.app));
    }

    /// As [`Change::updated`], for an object that knows its name and JSON.
    pub(super) fn note_updated<T: Saved>(&mut self, before: &T, after: &T) {
        self.updated(
            after.subject(),
            &before.json(self.app),
            &after.json(self.app),
        );
    }

    /// As [`Change::deleted`], for an object that knows its name and JSON.
    pub(super) fn note_deleted(&mut self, before: &impl Saved) {
        self.deleted(before.subject(), &before.json(self.app));
    }

    fn note(&mut self, deed: Deed, subject: Subject, before: String, after: String) {
        self.touches_tree |= !matches!(
            subject.kind,
            AuditKind::Identity
                | AuditKind::Token
                | AuditKind::Delivery
                | AuditKind::Group
                | AuditKind::Role
                | AuditKind::Silence
        );
        self.enter(deed, subject, before, after);
    }

    fn enter(&mut self, deed: Deed, subject: Subject, before: String, after: String) {
        let Subject {
            kind,
            id,
            name,
            parent,
        } = subject;
        let told = Told {
            deed,
            kind,
            name: Called::Plain(&name),
        };
        self.entries.push(AuditEntry {
            id: AuditId(0),
            created: self.at,
            actor: self.actor.label(),
            user: self.actor.user().map(|user| user.id),
            body: told.to_string(),
            kind: kind.as_str().to_owned(),
            object: id,
            parent: parent.map(|(kind, id)| (kind.as_str().to_owned(), id)),
            before,
            after,
        });
    }

    /// Makes other writers of the tree wait from here on. Undone by a commit that has nothing to
    /// write.
    pub(super) async fn lock(&mut self) -> Result<(), AppError> {
        self.revise().await
    }

    /// The whole tree, to be changed as a whole: other writers wait from here on, so that what was
    /// read is still true when the change is written.
    pub(super) async fn tree(&mut self) -> Result<Tree, AppError> {
        let revision = self.tx.revision().await?;
        self.revise().await?;
        let tree = self.tx.load_tree().await?;
        Ok(Tree { revision, ..tree })
    }

    /// Bumps the revision, once; its row is the lock that writers of the tree share.
    async fn revise(&mut self) -> Result<(), AppError> {
        if !self.revised {
            self.tx.bump_revision().await?;
            self.revised = true;
        }
        Ok(())
    }

    /// Writes the audit entries, passes the gate, bumps the revision, and commits. A change without
    /// an entry changed nothing and leaves the revision alone.
    pub(super) async fn commit(mut self) -> Result<(), AppError> {
        if self.entries.is_empty() {
            return Ok(());
        }
        audit::name_owners(&self.tx, &mut self.entries).await?;
        self.tx.insert_audit(&self.entries).await?;
        if self.touches_tree {
            self.revise().await?;
            let outline = self.tx.load_outline().await?;
            let problems = render::gate(&outline, &RuleOptions::from(self.app.settings()));
            refuse_errors(problems)?;
        }
        self.tx.commit().await?;
        self.app.remembered().forget();
        self.app.sessions().forget();
        if self.touches_tree {
            self.app.tree_changed().wake();
        }
        Ok(())
    }
}

/// What the database says when an object's name is taken by one that it was not asked about: the
/// finding that asking would have given.
pub(super) fn or_taken(error: StoreError, field: &str) -> AppError {
    match error {
        StoreError::Unique => taken(field),
        other => other.into(),
    }
}

/// The finding about a name that is another object's.
pub(super) fn taken(field: &str) -> AppError {
    AppError::invalid(field, "is taken by another one", "choose another")
}

/// Passes warnings on and turns errors into a refusal.
pub(super) fn refuse_errors(problems: Vec<Problem>) -> Result<Vec<Problem>, AppError> {
    if has_errors(&problems) {
        Err(AppError::Invalid { problems })
    } else {
        Ok(problems)
    }
}

/// A sender as the audit log may show it.
pub(super) fn sender_json(app: &App, sender: &Sender) -> Value {
    serde_json::json!({
        "id": sender.id,
        "sender": sender.driver,
        "value": shown_value(app, &sender.driver, &sender.value, &sender.alias),
        "alias": sender.alias,
        "owner": sender.owner,
        "added_by": sender.added_by,
        "enabled": sender.enabled,
        "secret": sender.secret,
        "filters": sender.filters,
    })
}

/// Whether a sender's value must not be shown.
pub(super) fn is_secret(app: &App, sender: &Sender) -> bool {
    let driver = app.registry().notifier(&sender.driver);
    !sender.alias.is_empty() || driver.is_some_and(NotifierDescription::value_is_secret)
}

/// What may be shown of a driver's value: nothing of one with an alias, and of one that the driver
/// calls a secret what the driver says.
pub(super) fn shown_value(app: &App, driver: &str, value: &str, alias: &str) -> String {
    let driver = app.registry().notifier(driver);
    match driver {
        _ if !alias.is_empty() => MASKED.to_owned(),
        Some(driver) => driver.shown(value),
        None => value.to_owned(),
    }
}

fn json_text<T: Serialize>(value: &T) -> String {
    // Through a value, so that keys are sorted as the audit page shows them.
    serde_json::to_value(value)
        .map(|value| value.to_string())
        .unwrap_or_default()
}
