//! Writing rules.

use super::draft::{RuleChange, blank};
use super::view::{RuleView, problems, view};
use super::{opinion, require};
use crate::app::change::{Change, or_taken, refuse_errors, taken};
use crate::app::policy::{Access, Act};
use crate::app::promtool::Opinion;
use crate::app::tree::Saved as _;
use crate::app::{Actor, App, AppError, both};
use crate::model::{Problem, Rule, RuleId, RuleOwner, Tree};

/// Makes a rule; one of that owner that is the same already stays as it is.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`] without the role of an
/// editor on it (for the site: for whoever may not change that), [`AppError::Invalid`] for a name
/// that is taken and for whatever cannot be, all at once.
pub async fn create(
    app: &App,
    actor: &Actor,
    owner: RuleOwner,
    fields: &RuleChange,
) -> Result<RuleView, AppError> {
    let act = match owner {
        RuleOwner::Site => Act::ChangeSite,
        RuleOwner::Service(_) | RuleOwner::Project(_) => Act::Edit,
    };
    let mut rule = blank(owner);
    let found = fields.apply(&mut rule);
    let opinion = opinion::of_rule(app, actor, &rule).await?;
    let (change, access) = Change::open(app, actor, act).await?;
    require(app, change.tx(), &access, act, owner).await?;
    let there = namesake(&change, &rule, &found).await?;
    let same = there.as_ref().is_some_and(|there| {
        let same = Rule {
            id: there.id,
            parent: there.parent,
            ..rule.clone()
        };
        same == *there
    });
    let free = match &there {
        Some(_) if !same => Err(taken("name")),
        _ => Ok(()),
    };
    let (tree, ()) = both(checked(&change, &rule, found, opinion).await, free)?;
    if let Some(there) = there {
        return Ok(view(app, &change.tx().load_around(&there).await?, there));
    }
    insert(app, change, tree, rule).await
}

/// Writes a new rule that was checked in `tree`, commits, and shows it.
pub(super) async fn insert(
    app: &App,
    mut change: Change<'_>,
    mut tree: Tree,
    mut rule: Rule,
) -> Result<RuleView, AppError> {
    let inserted = change.tx().insert_rule(&rule).await;
    rule.id = inserted.map_err(|error| or_taken(error, "name"))?;
    change.created(rule.subject(), &rule.json(app));
    change.commit().await?;
    tree.rules.retain(|other| other.id != RuleId(0));
    tree.rules.push(rule.clone());
    tree.rules.sort_by_key(|rule| rule.id);
    Ok(view(app, &tree, rule))
}

/// Changes fields of a rule.
///
/// # Errors
/// As for [`create`].
pub async fn update(
    app: &App,
    actor: &Actor,
    id: RuleId,
    fields: &RuleChange,
) -> Result<RuleView, AppError> {
    let opinion = opinion::of_change(app, actor, id, fields).await?;
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let before = editable(app, &change, &access, id).await?;
    let mut after = before.clone();
    let found = fields.apply(&mut after);
    let namesake = namesake(&change, &after, &found).await?;
    let free = match namesake.filter(|other| other.id != id) {
        Some(_) => Err(taken("name")),
        None => Ok(()),
    };
    let (tree, ()) = both(checked(&change, &after, found, opinion).await, free)?;
    if after != before {
        let updated = change.tx().update_rule(&after).await;
        updated.map_err(|error| or_taken(error, "name"))?;
        change.updated(after.subject(), &before.json(app), &after.json(app));
        change.commit().await?;
    }
    Ok(view(app, &tree, after))
}

/// Deletes a rule. Those that override it keep existing, without a parent.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Forbidden`] without the role of an editor on what it
/// belongs to.
pub async fn delete(app: &App, actor: &Actor, id: RuleId) -> Result<(), AppError> {
    let (mut change, access) = Change::open(app, actor, Act::Edit).await?;
    let rule = editable(app, &change, &access, id).await?;
    change.tx().delete_rule(id).await?;
    change.deleted(rule.subject(), &rule.json(app));
    change.commit().await
}

async fn editable(
    app: &App,
    change: &Change<'_>,
    access: &Access,
    id: RuleId,
) -> Result<Rule, AppError> {
    let rule = change.tx().load_rule(id).await?;
    let rule = rule.ok_or_else(|| AppError::not_found("rule", &id))?;
    require(app, change.tx(), access, Act::Edit, rule.owner).await?;
    Ok(rule)
}

/// The rule that has the name of one that is written. A name that could not be read is nobody's.
async fn namesake(
    change: &Change<'_>,
    rule: &Rule,
    found: &[Problem],
) -> Result<Option<Rule>, AppError> {
    if found.iter().any(|problem| problem.field == "name") {
        return Ok(None);
    }
    Ok(change.tx().find_rule(&rule.name).await?)
}

/// Refuses a rule that cannot be, with what was found already; answers what is around it.
pub(super) async fn checked(
    change: &Change<'_>,
    rule: &Rule,
    mut found: Vec<Problem>,
    opinion: Opinion,
) -> Result<Tree, AppError> {
    let tree = change.tx().load_around(rule).await?;
    found.extend(problems(&tree, rule, opinion.accepts));
    found.extend(opinion.problems);
    refuse_errors(found)?;
    Ok(tree)
}
