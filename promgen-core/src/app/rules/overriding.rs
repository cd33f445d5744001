//! Overriding a rule for a service or project.

use super::draft::RuleChange;
use super::save::{checked, insert};
use super::view::{RuleView, view};
use super::{opinion, require};
use crate::app::change::{Change, taken};
use crate::app::policy::{Access, Act};
use crate::app::promtool::Opinion;
use crate::app::{Actor, App, AppError};
use crate::model::{RuleId, RuleOwner};
use crate::rules;

/// Name of the field that holds the rule to be overridden, in the REST API and in forms.
const ORIGINAL: &str = "original_rule_id";

/// Makes the override of a rule for a service or project, with fields of its own; where there is
/// one already, that stays as it is.
///
/// A service overrides rules of the site, a project those and its own service's.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`] without the role of an
/// editor on it, [`AppError::Invalid`] for a rule that is unknown or cannot be overridden from
/// there, and for whatever cannot be in the fields.
pub async fn override_rule(
    app: &App,
    actor: &Actor,
    original: RuleId,
    owner: RuleOwner,
    fields: &RuleChange,
) -> Result<RuleView, AppError> {
    let opinion = opinion_of(app, actor, original, owner, fields).await?;
    let (change, access) = Change::open(app, actor, Act::Edit).await?;
    let owner_name = require(app, change.tx(), &access, Act::Edit, owner).await?;
    let Some(parent) = change.tx().load_rule(original).await? else {
        let message = format!("there is no rule {original}");
        return Err(AppError::invalid(ORIGINAL, message, "name one that exists"));
    };
    if let Some(there) = change.tx().find_override(original, owner).await? {
        return Ok(view(app, &change.tx().load_around(&there).await?, there));
    }
    let names = change.tx().list_rule_names().await?;
    let mut rule =
        rules::derive_override(&parent, owner, &owner_name, &|name| names.contains(name));
    let found = fields.apply(&mut rule);
    let tree = checked(&change, &rule, found, opinion).await;
    let tree = tree.map_err(told_of_original)?;
    if names.contains(rule.name.as_str()) {
        return Err(taken("name"));
    }
    insert(app, change, tree, rule).await
}

/// What promtool says of the override to be. That there is no such rule is told later.
async fn opinion_of(
    app: &App,
    actor: &Actor,
    original: RuleId,
    owner: RuleOwner,
    fields: &RuleChange,
) -> Result<Opinion, AppError> {
    if app.settings().prometheus.promtool.is_none() {
        return Ok(Opinion::default());
    }
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    let owner_name = require(app, &tx, &access, Act::Edit, owner).await?;
    let parent = tx.load_rule(original).await?;
    drop(tx);
    let Some(parent) = parent else {
        return Ok(Opinion::default());
    };
    let mut rule = rules::derive_override(&parent, owner, &owner_name, &|_| false);
    fields.apply(&mut rule);
    opinion::of_rule(app, actor, &rule).await
}

/// What is wrong with the parent is wrong with what was asked for.
fn told_of_original(error: AppError) -> AppError {
    let AppError::Invalid { mut problems } = error else {
        return error;
    };
    for problem in &mut problems {
        if problem.field == "parent" {
            ORIGINAL.clone_into(&mut problem.field);
        }
    }
    AppError::Invalid { problems }
}
