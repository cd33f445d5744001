//! What promtool says of a rule before it is stored, where `prometheus.promtool` is set.
//!
//! It is asked outside of the transaction that writes, for it may take its time, and only on behalf
//! of whoever may write the rule.

use super::draft::RuleChange;
use super::require;
use crate::app::policy::{Access, Act};
use crate::app::promtool::{self, Opinion};
use crate::app::{Actor, App, AppError};
use crate::model::{Rule, RuleId, Tree};

/// Asks about a rule as it is to be stored.
pub(super) async fn of_rule(app: &App, actor: &Actor, rule: &Rule) -> Result<Opinion, AppError> {
    if app.settings().prometheus.promtool.is_none() {
        return Ok(Opinion::default());
    }
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    require(app, &tx, &access, Act::Edit, rule.owner).await?;
    let tree = tx.load_around(rule).await?;
    drop(tx);
    Ok(within(app, &tree, rule.id).await)
}

/// Asks about a rule that is there as a change would leave it.
pub(super) async fn of_change(
    app: &App,
    actor: &Actor,
    id: RuleId,
    fields: &RuleChange,
) -> Result<Opinion, AppError> {
    if app.settings().prometheus.promtool.is_none() {
        return Ok(Opinion::default());
    }
    let tx = app.store().read_tx().await?;
    let rule = tx.load_rule(id).await?;
    drop(tx);
    let mut rule = rule.ok_or_else(|| AppError::not_found("rule", &id))?;
    fields.apply(&mut rule);
    of_rule(app, actor, &rule).await
}

/// Asks about one of the rules of a tree as if it was new.
pub(super) async fn within(app: &App, tree: &Tree, id: RuleId) -> Opinion {
    let mut without = tree.clone();
    without.rules.retain(|rule| rule.id != id);
    let mut opinion = promtool::opinion(app, &without, tree).await;
    for problem in &mut opinion.problems {
        // The program names the rule and not its fields.
        if problem.field == "rules" {
            "clause".clone_into(&mut problem.field);
        }
    }
    opinion
}
