//! Everything that the page of one rule shows.

use super::family::{Branch, Family};
use super::rows::{RuleRow, row, sees};
use super::seen;
use super::view::view;
use crate::app::{Actor, App, AppError, Listed, Slice};
use crate::model::{Problem, Rule, RuleId};
use crate::render::{self, RuleOptions};

/// A direct override of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildRule {
    /// The override.
    pub row: RuleRow,
    /// Its clause as Prometheus gets it, but for what the viewer may not see.
    pub effective: String,
}

/// A rule with everything around it that the viewer may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePage {
    /// The rule.
    pub row: RuleRow,
    /// Its clause as Prometheus gets it, but for what the viewer may not see.
    pub effective: String,
    /// Its entry in the rules file, in YAML.
    pub yaml: String,
    /// What is worth saying about it.
    pub warnings: Vec<Problem>,
    /// What it overrides, with the clause as Prometheus gets that; for whoever may see it.
    pub parent: Option<ChildRule>,
    /// A slice of its direct overrides, by owner and name.
    pub children: Listed<ChildRule>,
    /// The override tree that it stands in.
    pub family: Branch,
}

/// One rule with everything around it.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown rule, [`AppError::Forbidden`] without a role on what it
/// belongs to.
pub async fn page(
    app: &App,
    actor: &Actor,
    id: RuleId,
    children: Slice,
) -> Result<RulePage, AppError> {
    let (tx, access, rule) = seen(app, actor, id).await?;
    let tree = tx.load_family(&rule).await?;
    drop(tx);
    let family = Family::new(&tree, &access);
    let row_of = |rule: &Rule| row(&tree, &access, app.settings(), rule.clone());
    let whole = |rule: &Rule| ChildRule {
        row: row_of(rule),
        effective: family.effective(rule),
    };
    let options = RuleOptions::from(app.settings());
    let parent = rule.parent.and_then(|id| tree.rule(id));
    let mut below: Vec<&Rule> = tree
        .rules
        .iter()
        .filter(|one| one.parent == Some(id) && sees(&tree, &access, one))
        .collect();
    below.sort_by_key(|one| (one.owner, &one.name));
    Ok(RulePage {
        row: row_of(&rule),
        effective: family.effective(&rule),
        // Its expression names nothing that the viewer may not see.
        yaml: render::rule_yaml(family.named(), &rule, &options).unwrap_or_default(),
        parent: parent.filter(|one| sees(&tree, &access, one)).map(whole),
        children: Listed::cut(below, children).map(whole),
        family: family.around(&rule),
        warnings: view(app, &tree, rule).warnings,
    })
}
