//! Following renames and moves into rules.

use super::AppError;
use super::change::Change;
use crate::model::{Name, Problem, Rule, RuleId, RuleOwner};
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

/// A rule that still mentions the old name after a rename, for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub name: Name,
    /// The name that it mentions.
    pub old: Name,
    /// What that has become.
    pub new: Name,
    /// Where it first does: a place in the clause, `1:7`, or a label or annotation, `labels.team`.
    pub at: String,
    /// The same, and what to do about it, as a finding.
    pub problem: Problem,
}

/// Rewrites the equality matchers in the clauses of the rules of owners, and tells which rules
/// still mention the old name.
pub(super) async fn follow(
    change: &mut Change<'_>,
    owners: &[RuleOwner],
    what: &Rename<'_>,
) -> Result<Vec<Mention>, AppError> {
    let mut mentions = Vec::new();
    for before in change.tx().list_rules_owned_by(owners).await? {
        let renamed = rename(&before.clause, what.label, what.old, what.new);
        let found = renamed.mention(&before, what.old, what.new);
        mentions.extend(found.map(|(at, problem)| Mention {
            rule: before.id,
            name: before.name.clone(),
            old: what.old.clone(),
            new: what.new.clone(),
            at,
            problem,
        }));
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
    Ok(mentions)
}
