//! Following renames and moves into rules.

use super::AppError;
use super::change::Change;
use crate::model::{Name, Problem, Rule, RuleId, RuleOwner};
use crate::rules::{Renamed, mentioned_in, rename};

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
        mentions.extend(mention(&before, &renamed, what));
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

/// The first place of a rule that still mentions the old name: in its clause, or else in what it
/// says to people.
fn mention(rule: &Rule, renamed: &Renamed, what: &Rename<'_>) -> Option<Mention> {
    let in_clause = renamed.elsewhere.first().map(|place| {
        let at = format!("{}:{}", place.line, place.column);
        (at, renamed.warning(&rule.name, what.old, what.new))
    });
    let (at, problem) = in_clause.or_else(|| {
        let at = mentioned_in(rule, what.old)?;
        let problem = Problem::warning(
            format!("rule {}.{at}", rule.name),
            format!("still mentions {}", what.old),
            format!("look whether that should be {}", what.new),
        );
        Some((at, Some(problem)))
    })?;
    Some(Mention {
        rule: rule.id,
        name: rule.name.clone(),
        old: what.old.clone(),
        new: what.new.clone(),
        at,
        problem: problem?,
    })
}
