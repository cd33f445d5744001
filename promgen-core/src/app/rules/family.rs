//! The override tree of a rule: what it overrides, what overrides that, and what each comes to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::rows::{OwnerName, sees};
use crate::app::policy::Access;
use crate::model::{Rule, RuleId, Tree};
use crate::rules::{OverrideIndex, expand};

/// Most overrides of one rule that a tree shows.
const MOST: usize = 50;

/// Most rules of a whole tree: fifty overrides with fifty each would be a page of megabytes.
const MOST_IN_ALL: usize = 100;

/// How many steps below its head a tree shows; more are only there where somebody tied a ring.
const DEEPEST: usize = 8;

/// Something in which an override differs from what it overrides, besides its clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field: `duration`, `labels.severity`.
    pub field: String,
    /// What the overridden rule has; empty for nothing.
    pub before: String,
    /// What the override has; empty for nothing.
    pub after: String,
}

/// A rule in its override tree, as far as the viewer may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The rule; `None` for one that the viewer may not see, between rules that they may.
    pub seen: Option<Seen>,
    /// Its direct overrides, by the names of what they belong to.
    pub overrides: Vec<Self>,
    /// How many further overrides it has, left out with what is below them because they are many.
    pub more: usize,
    /// How many overrides it has that the viewer may not see. No expression names what they cover.
    pub hidden: usize,
}

/// What there is to see of a rule in its override tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The rule as it was written.
    pub rule: Rule,
    /// What it belongs to.
    pub owner: OwnerName,
    /// The clause as Prometheus gets it, but for what the viewer may not see.
    pub effective: String,
    /// The clause of the rule that it overrides, for whoever may see that.
    pub overridden: Option<String>,
    /// What else is different from that.
    pub differences: Vec<Difference>,
}

/// What of a family somebody may see. Families whose head they may not see begin further down.
pub(super) struct Family<'t> {
    tree: &'t Tree,
    /// The tree without what they may not see.
    named: Cow<'t, Tree>,
    visible: BTreeSet<RuleId>,
    children: BTreeMap<RuleId, Vec<&'t Rule>>,
    overrides: OverrideIndex,
}

impl<'t> Family<'t> {
    /// Of a tree that has nothing but one family and its owners.
    pub(super) fn new(tree: &'t Tree, access: &Access) -> Self {
        Self::of(tree, &|rule| sees(tree, access, rule))
    }

    fn of(tree: &'t Tree, sees: &dyn Fn(&Rule) -> bool) -> Self {
        let visible = tree.rules.iter().filter(|rule| sees(rule));
        let visible: BTreeSet<RuleId> = visible.map(|rule| rule.id).collect();
        let mut named = Cow::Borrowed(tree);
        if visible.len() < tree.rules.len() {
            let rules = &mut named.to_mut().rules;
            rules.retain(|rule| visible.contains(&rule.id));
        }
        Self {
            tree,
            visible,
            children: tree.overrides(),
            overrides: OverrideIndex::new(&named),
            named,
        }
    }

    /// The family and its owners, as far as the viewer may see rules of it.
    pub(super) fn named(&self) -> &Tree {
        &self.named
    }

    /// The tree that a rule stands in.
    pub(super) fn around(&self, rule: &Rule) -> Branch {
        let mut path = vec![rule];
        while let Some(parent) = path.last().and_then(|last| self.parent(last)) {
            if path.iter().any(|one| one.id == parent.id) {
                break;
            }
            path.push(parent);
        }
        while path.last().is_some_and(|last| !self.is_visible(last)) {
            path.pop();
        }
        let head = path.last().copied().unwrap_or(rule);
        let path: BTreeSet<RuleId> = path.iter().map(|one| one.id).collect();
        let mut room = MOST_IN_ALL.saturating_sub(path.len());
        self.branch(head, &path, DEEPEST, &mut room)
    }

    /// A clause as Prometheus gets it, but for what the viewer may not see.
    pub(super) fn effective(&self, rule: &Rule) -> String {
        self.expanded(rule.id, &rule.clause)
    }

    /// As [`Self::effective`], of a clause that somebody writes for a rule.
    pub(super) fn expanded(&self, rule: RuleId, clause: &str) -> String {
        expand(clause, self.overrides.of(rule)).text
    }

    fn parent(&self, rule: &Rule) -> Option<&'t Rule> {
        rule.parent.and_then(|id| self.tree.rule(id))
    }

    fn is_visible(&self, rule: &Rule) -> bool {
        self.visible.contains(&rule.id)
    }

    /// A rule with what is below it. Those on the path come first, and are shown in any case; `room`
    /// is how many others still fit.
    fn branch(
        &self,
        rule: &Rule,
        path: &BTreeSet<RuleId>,
        depth: usize,
        room: &mut usize,
    ) -> Branch {
        let all = self.children.get(&rule.id).filter(|_| depth > 0);
        let all = all.map_or(&[][..], Vec::as_slice);
        let leads_on = |one: &&Rule| self.is_visible(one) || path.contains(&one.id);
        let mut shown: Vec<&Rule> = all.iter().copied().filter(leads_on).collect();
        let hidden = all.len() - shown.len();
        shown.sort_by_cached_key(|one| {
            let owner = OwnerName::find(self.tree, one.owner);
            (!path.contains(&one.id), owner.service, owner.name, one.id)
        });
        let on_path = shown.iter().filter(|one| path.contains(&one.id)).count();
        let others = Ord::min(shown.len(), MOST).saturating_sub(on_path);
        let others = Ord::min(others, *room);
        *room -= others;
        let more = shown.len() - (on_path + others);
        shown.truncate(on_path + others);
        let below = |one: &&Rule| self.branch(one, path, depth - 1, room);
        Branch {
            overrides: shown.iter().map(below).collect(),
            more,
            hidden,
            seen: self.is_visible(rule).then(|| self.seen(rule)),
        }
    }

    fn seen(&self, rule: &Rule) -> Seen {
        let parent = self.parent(rule).filter(|parent| self.is_visible(parent));
        Seen {
            rule: rule.clone(),
            owner: OwnerName::find(self.tree, rule.owner),
            effective: self.effective(rule),
            overridden: parent.map(|parent| parent.clause.clone()),
            differences: parent.map_or(Vec::new(), |parent| differences(parent, rule)),
        }
    }
}

/// In what a rule differs from the one that it overrides, besides name, owner and clause.
fn differences(parent: &Rule, rule: &Rule) -> Vec<Difference> {
    let fields = |rule: &Rule| {
        let keep = rule.keep_firing_for.as_ref().map(ToString::to_string);
        let mut fields = BTreeMap::from([
            ("duration".to_owned(), rule.duration.to_string()),
            ("keep_firing_for".to_owned(), keep.unwrap_or_default()),
        ]);
        let maps = [("labels", &rule.labels), ("annotations", &rule.annotations)];
        for (name, map) in maps {
            fields.extend(
                map.iter()
                    .map(|(key, value)| (format!("{name}.{key}"), value.clone())),
            );
        }
        fields
    };
    let (before, after) = (fields(parent), fields(rule));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let text = |map: &BTreeMap<String, String>, name| map.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .map(|name| Difference {
            field: name.clone(),
            before: text(&before, name),
            after: text(&after, name),
        })
        .filter(|one| one.before != one.after)
        .collect()
}

#[cfg(test)]
mod tests;
