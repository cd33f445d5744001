//! Families of rules: what overrides what, from the most general rule down.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, Condition};

use super::entity::rule;
use super::rows;
use super::{StoreError, Tx};
use crate::model::{Rule, RuleId, RuleOwner, Tree};

/// Most steps up and down. A project's rule overrides a service's, which overrides the site's; more
/// are only there where somebody wrote them into the database.
const STEPS: usize = 8;

impl Tx {
    /// A rule with everything that it overrides and everything that overrides any of that, and what
    /// all of them belong to. The rule itself stands in it as it is given.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_family(&self, rule: &Rule) -> Result<Tree, StoreError> {
        let mut rules = self.ancestors(rule).await?;
        rules.push(rule.clone());
        let mut known: BTreeSet<RuleId> = rules.iter().map(|one| one.id).collect();
        let mut parents: Vec<RuleId> = known.iter().copied().collect();
        for _ in 0..STEPS {
            let mut found: Vec<Rule> = rows::list_in(self, rule::Column::Parent, &parents).await?;
            found.retain(|one| known.insert(one.id));
            if found.is_empty() {
                break;
            }
            parents = found.iter().map(|one| one.id).collect();
            rules.append(&mut found);
        }
        rules.sort_by_key(|one| one.id);
        let owners = self.load_owners_of_rules(&rules).await?;
        Ok(Tree { rules, ..owners })
    }

    /// What a rule overrides, the nearest first.
    async fn ancestors(&self, rule: &Rule) -> Result<Vec<Rule>, StoreError> {
        let mut found: Vec<Rule> = Vec::new();
        let mut next = rule.parent;
        while let Some(id) = next.take().filter(|_| found.len() < STEPS) {
            if id == rule.id || found.iter().any(|one| one.id == id) {
                break;
            }
            if let Some(parent) = self.load_rule(id).await? {
                next = parent.parent;
                found.push(parent);
            }
        }
        Ok(found)
    }

    /// The rules of these ids, sorted by id. Those that do not exist are left out.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_rules_by_id(&self, ids: &BTreeSet<RuleId>) -> Result<Vec<Rule>, StoreError> {
        self.list_some(ids).await
    }

    /// The overrides of some rules for an owner, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_overrides_for(
        &self,
        owner: RuleOwner,
        parents: &[RuleId],
    ) -> Result<Vec<Rule>, StoreError> {
        let mut found = Vec::new();
        for chunk in parents.chunks(rows::CHUNK_ROWS) {
            let condition = Condition::all()
                .add(rule::Column::OwnerType.eq(owner.kind()))
                .add(rule::Column::OwnerId.eq(owner.id()))
                .add(rule::Column::Parent.is_in(chunk.iter().copied()));
            found.extend(rows::list_where::<Rule>(self, condition).await?);
        }
        Ok(found)
    }
}
