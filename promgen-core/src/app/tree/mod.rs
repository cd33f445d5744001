//! The tree document as a use case: export, and apply in one transaction.

mod save;
mod saved;

pub(super) use save::save;
pub(super) use saved::Saved;

use std::collections::BTreeSet;

use serde::Serialize;

use super::change::{Change, is_secret, refuse_errors};
use super::promtool::{self, Opinion, changed_rules};
use super::{Actor, App, AppError, Right};
use crate::model::{Place, Problem, Sender, Timestamp, Tree};
use crate::plugin::NotifierKind;
use crate::render::{self, RuleOptions};
use crate::rules::{self, OverrideIndex};
use crate::tree::{self, Document, ExportOptions, PlanOptions, Summary};

/// How a document is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ApplyOptions {
    /// Say what would be done, and do nothing.
    pub dry_run: bool,
    /// Remove what the lists of the document leave out.
    pub prune: bool,
    /// Make users that the document names and that do not exist.
    pub create_users: bool,
}

impl ApplyOptions {
    fn plan(self, now: Timestamp) -> PlanOptions {
        PlanOptions {
            prune: self.prune,
            create_users: self.create_users,
            now,
        }
    }
}

/// What was done, or would be.
#[derive(Debug, Clone, Serialize)]
pub struct Applied {
    /// What was created, changed and removed.
    pub summary: Summary,
    /// Findings that did not stop it.
    pub warnings: Vec<Problem>,
}

/// The whole tree as a document. With `secrets`, values that are otherwise masked stand in it.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to read, or to administer when secrets are wanted.
pub async fn export(app: &App, actor: &Actor, options: &ExportOptions) -> Result<String, AppError> {
    let right = if options.secrets {
        Right::Administer
    } else {
        Right::Read
    };
    actor.require(right, app.settings())?;
    let tx = app.store().read_tx().await?;
    let tree = tx.load_tree().await?;
    Ok(tree::write(&tree, options, &|sender: &Sender| {
        is_secret(app, sender)
    }))
}

/// Brings the tree to what a document states, in one transaction: all of it or nothing.
///
/// # Errors
/// [`AppError::Invalid`] with every finding of the document at once, each with its line.
pub async fn apply(
    app: &App,
    actor: &Actor,
    text: &str,
    options: ApplyOptions,
) -> Result<Applied, AppError> {
    actor.require(Right::Change, app.settings())?;
    let document = tree::read(text).map_err(|problems| AppError::Invalid { problems })?;
    let opinion = second_opinion(app, &document, options).await?;
    let mut change = Change::begin(app, actor, Right::Change).await?;
    let current = change.tree().await?;
    let plan = tree::plan(&document, &current, &options.plan(change.at()))
        .map_err(|problems| AppError::Invalid { problems })?;
    let mut warnings = plan.warnings;
    warnings.extend(refuse_errors(check(
        app,
        &document,
        &current,
        &plan.target,
        opinion,
    ))?);
    if !options.dry_run && !plan.summary.is_empty() {
        save(app, &mut change, &current, &plan.target).await?;
        change.commit().await?;
    }
    Ok(Applied {
        summary: plan.summary,
        warnings,
    })
}

/// What promtool says of the rules that the document changes, on the tree of this moment. Errors of
/// the document are left to whoever applies it.
async fn second_opinion(
    app: &App,
    document: &Document,
    options: ApplyOptions,
) -> Result<Opinion, AppError> {
    if app.settings().prometheus.promtool.is_none() {
        return Ok(Opinion::default());
    }
    let tx = app.store().read_tx().await?;
    let current = tx.load_tree().await?;
    drop(tx);
    match tree::plan(document, &current, &options.plan(app.now())) {
        Ok(plan) => Ok(promtool::opinion(app, &current, &plan.target).await),
        Err(_) => Ok(Opinion::default()),
    }
}

/// Looks at what the document changes: rules and their parents, senders, and the whole outputs.
fn check(
    app: &App,
    document: &Document,
    current: &Tree,
    target: &Tree,
    opinion: Opinion,
) -> Vec<Problem> {
    let mut problems = check_rules(document, current, target, &opinion);
    problems.extend(opinion.problems);
    problems.extend(check_senders(app, document, current, target));
    problems.extend(render::gate(target, &RuleOptions::from(app.settings())));
    problems
}

fn check_rules(
    document: &Document,
    current: &Tree,
    target: &Tree,
    opinion: &Opinion,
) -> Vec<Problem> {
    let (changed, overrides) = (changed_rules(current, target), OverrideIndex::new(target));
    let check_rule = if opinion.accepts {
        rules::check_accepted_rule
    } else {
        rules::check_rule
    };
    let mut problems = Vec::new();
    for rule in changed.iter().filter_map(|id| target.rule(*id)) {
        let mut found = check_rule(rule, overrides.of(rule.id));
        if let Some(parent) = rule.parent.and_then(|parent| target.rule(parent)) {
            found.extend(rules::check_parent(target, rule, parent));
        }
        let (field, line) = (
            format!("rule {}", rule.name),
            document.place_of_rule(&rule.name),
        );
        problems.extend(
            found
                .into_iter()
                .map(|problem| placed(problem, &field, line)),
        );
    }
    problems
}

fn check_senders(app: &App, document: &Document, current: &Tree, target: &Tree) -> Vec<Problem> {
    let known: BTreeSet<_> = current.senders.iter().map(|sender| sender.id).collect();
    let mut problems = Vec::new();
    for sender in target
        .senders
        .iter()
        .filter(|sender| !known.contains(&sender.id))
    {
        let line = document.place_of_sender(&sender.driver, &sender.value);
        let field = format!("sender {}", sender.driver);
        match app.registry().notifier(&sender.driver) {
            None => problems.push(placed(
                Problem::warning("driver", "is no plugin of this program", NO_DRIVER),
                &field,
                line,
            )),
            Some(driver) if matches!(driver.kind, NotifierKind::Send(_)) => {
                let found = driver.check(&sender.value, &sender.alias);
                problems.extend(
                    found
                        .into_iter()
                        .map(|problem| placed(problem, &field, line)),
                );
            }
            Some(_) => {}
        }
    }
    problems
}

const NO_DRIVER: &str = "it is kept, and passed over until a program with that plugin runs; \
                         `promgen plugins` lists those of this one";

/// The finding with the object in front of its field and, as its place, the line of the document.
/// A place within a clause moves into the message.
fn placed(mut problem: Problem, field: &str, line: Option<Place>) -> Problem {
    if let (Some(inner), Some(line)) = (problem.place, line) {
        problem.message = format!("{} (at {}:{})", problem.message, inner.line, inner.column);
        problem.place = Some(line);
    } else if problem.place.is_none() {
        problem.place = line;
    }
    problem.below(field)
}
