//! What somebody writes about a rule, and trying it out.

use std::collections::BTreeMap;

use super::family::Family;
use super::view::problems;
use super::{opinion, require};
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::{Name, Problem, PromDuration, Rule, RuleId, RuleKind, RuleOwner};

/// Fields of a rule; what is not given stays as it is, or as it is for a new one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleChange {
    /// Name.
    pub name: Option<String>,
    /// Alerting or recording.
    pub kind: Option<RuleKind>,
    /// `PromQL`, macro included.
    pub clause: Option<String>,
    /// How long the condition must hold.
    pub duration: Option<String>,
    /// How long the alert stays; empty for none.
    pub keep_firing_for: Option<String>,
    /// Whether it is rendered.
    pub enabled: Option<bool>,
    /// For people.
    pub description: Option<String>,
    /// All labels; `service` and `project`, which are computed, are passed over.
    pub labels: Option<BTreeMap<String, String>>,
    /// All annotations; `rule`, which is computed, is passed over.
    pub annotations: Option<BTreeMap<String, String>>,
}

impl RuleChange {
    /// Puts the fields on a rule. What cannot be read is told, and stays as it was.
    pub(super) fn apply(&self, rule: &mut Rule) -> Vec<Problem> {
        let given = self.clone();
        set(&mut rule.kind, given.kind);
        set(&mut rule.clause, given.clause);
        set(&mut rule.enabled, given.enabled);
        set(&mut rule.description, given.description);
        set(&mut rule.labels, given.labels);
        set(&mut rule.annotations, given.annotations);
        for computed in ["service", "project"] {
            rule.labels.remove(computed);
        }
        rule.annotations.remove("rule");
        let mut problems = Vec::new();
        if let Some(name) = &self.name {
            match Name::parse(name) {
                Ok(name) => rule.name = name,
                Err(error) => problems.push(Problem::error("name", error.to_string(), "rename it")),
            }
        }
        let span = |field: &str, text: &str| {
            PromDuration::parse(text).map_err(|error| {
                Problem::error(field, error.to_string(), "write it like 30s, 5m or 1h30m")
            })
        };
        if let Some(text) = &self.duration {
            match span("duration", text) {
                Ok(duration) => rule.duration = duration,
                Err(problem) => problems.push(problem),
            }
        }
        match self.keep_firing_for.as_deref() {
            None => {}
            Some("") => rule.keep_firing_for = None,
            Some(text) => match span("keep_firing_for", text) {
                Ok(keep) => rule.keep_firing_for = Some(keep),
                Err(problem) => problems.push(problem),
            },
        }
        problems
    }
}

fn set<T>(slot: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *slot = given;
    }
}

/// A rule that nobody has written anything about yet. Its id is 0.
pub(super) fn blank(owner: RuleOwner) -> Rule {
    Rule {
        id: RuleId(0),
        name: Name::stored("rule"),
        kind: RuleKind::Alert,
        clause: String::new(),
        duration: PromDuration::stored("0s"),
        keep_firing_for: None,
        enabled: true,
        parent: None,
        owner,
        description: String::new(),
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
    }
}

/// What became of trying a rule out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What there is to say about it; with an error among them it would not be saved.
    pub problems: Vec<Problem>,
    /// The clause as Prometheus would get it, but for what the actor may not see.
    pub expanded: String,
}

/// Tries out what somebody writes about a rule, without saving it: a rule of `owner` to be, or one
/// that is there, with its overrides.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner or rule, [`AppError::Forbidden`] without a role on
/// what it belongs to.
pub async fn check(
    app: &App,
    actor: &Actor,
    owner: RuleOwner,
    id: Option<RuleId>,
    fields: &RuleChange,
) -> Result<Checked, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let mut rule = match id {
        None => blank(owner),
        Some(id) => {
            let rule = tx.load_rule(id).await?;
            rule.ok_or_else(|| AppError::not_found("rule", &id))?
        }
    };
    require(app, &tx, &access, Act::See, rule.owner).await?;
    let mut found = fields.apply(&mut rule);
    let tree = tx.load_around(&rule).await?;
    drop(tx);
    let opinion = opinion::within(app, &tree, rule.id).await;
    found.extend(problems(&tree, &rule, opinion.accepts));
    found.extend(opinion.problems);
    Ok(Checked {
        problems: found,
        expanded: Family::new(&tree, &access).effective(&rule),
    })
}
