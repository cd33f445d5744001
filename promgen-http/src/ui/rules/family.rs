//! The override tree of a rule, drawn as a tree.

use askama::Template;
use promgen_core::app::rules::{Branch, Seen};
use promgen_core::model::RuleId;

use super::{cut, full_name, home, number};
use crate::ui::parts::Diff;
use crate::ui::text::Texts;

/// Longest expression that is shown at once; longer ones are unfolded.
const LONG: usize = 600;

/// Most letters of the expression of another rule than that of the page.
const LONGEST: usize = 2000;

/// A rule with what overrides it.
#[derive(Debug, Clone, Template)]
#[template(path = "rules/family.html")]
pub(super) struct FamilyTree {
    t: Texts,
    node: Option<Node>,
    below: Vec<Self>,
    hidden: u64,
    more: u64,
    /// The list of all overrides of this rule.
    all: String,
}

/// What there is to see of a rule.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one question that the template asks"
)]
struct Node {
    id: i32,
    name: String,
    of: String,
    of_link: String,
    enabled: bool,
    /// Whether it overrides another one.
    overrides: bool,
    /// Whether it is the rule of the page.
    here: bool,
    effective: String,
    long: bool,
    /// What its clause adds to that of the rule above, and takes away.
    change: Option<Diff>,
    /// Whether the clause is the same as above.
    same: bool,
    /// Field, what the rule above has, what this one has.
    differences: Vec<(String, String, String)>,
}

impl askama::filters::HtmlSafe for FamilyTree {}

impl FamilyTree {
    /// A tree, seen from one of its rules.
    pub(super) fn of(t: &Texts, branch: Branch, here: RuleId) -> Self {
        let id = branch.seen.as_ref().map(|seen| seen.rule.id);
        Self {
            all: id
                .map(|id| format!("/rule?parent={id}"))
                .unwrap_or_default(),
            node: branch.seen.map(|seen| node(seen, here)),
            hidden: number(branch.hidden),
            more: number(branch.more),
            below: branch
                .overrides
                .into_iter()
                .map(|one| Self::of(t, one, here))
                .collect(),
            t: t.clone(),
        }
    }
}

fn node(seen: Seen, here: RuleId) -> Node {
    let Seen {
        rule,
        owner,
        effective,
        overridden,
        differences,
    } = seen;
    let diff = overridden.map(|above| Diff::clauses(&above, &rule.clause).cut(LONGEST));
    Node {
        same: diff.as_ref().is_some_and(Diff::is_empty),
        change: diff.filter(|diff| !diff.is_empty()),
        overrides: rule.parent.is_some(),
        here: rule.id == here,
        id: rule.id.0,
        name: rule.name.to_string(),
        of: full_name(&owner),
        of_link: home(owner.owner),
        enabled: rule.enabled,
        long: effective.len() > LONG,
        effective: if rule.id == here {
            effective
        } else {
            cut(&effective, LONGEST)
        },
        differences: differences
            .into_iter()
            .map(|one| (one.field, one.before, one.after))
            .collect(),
    }
}
