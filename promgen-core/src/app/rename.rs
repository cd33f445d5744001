//! Following renames and moves into the clauses of rules.

use super::AppError;
use super::change::Change;
use crate::model::{Name, Problem, Rule, RuleOwner};
use crate::rules::rename;

/// A label whose value becomes another one.
pub(super) struct Rename<'a> {
    /// The label: `service` or `project`.
    pub(super) label: &'static str,
    /// Its value before.
    pub(super) old: &'a Name,
    /// Its value from here on.
    pub(super) new: &'a Name,
}

/// Rewrites the equality matchers in the clauses of the rules of owners, and tells which rules
/// still mention the old name.
pub(super) async fn follow(
    change: &mut Change<'_>,
    owners: &[RuleOwner],
    what: &Rename<'_>,
) -> Result<Vec<Problem>, AppError> {
    let mut warnings = Vec::new();
    for before in change.tx().list_rules_owned_by(owners).await? {
        let renamed = rename(&before.clause, what.label, what.old, what.new);
        warnings.extend(renamed.warning(&before.name, what.old, what.new));
        if renamed.replaced == 0 {
            continue;
        }
        let after = Rule {
            clause: renamed.text,
            ..before.clone()
        };
        change.tx().update_rule(&after).await?;
        change.note_updated(&before, &after);
    }
    Ok(warnings)
}
