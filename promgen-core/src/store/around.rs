//! Parts of the tree: what a few rules or senders belong to.
//!
//! They are trees with almost everything left out, so that the pure functions of
//! [`rules`](crate::rules) and [`render`](crate::render) work on them as on a whole one.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, Condition};

use super::entity::rule;
use super::rows::{self, Stored};
use super::{StoreError, Tx};
use crate::model::{
    Project, ProjectId, Rule, RuleOwner, Sender, SenderOwner, ServiceId, Tree, UserId,
};

/// What is looked up.
#[derive(Debug, Default)]
struct Wanted {
    services: BTreeSet<ServiceId>,
    projects: BTreeSet<ProjectId>,
    users: BTreeSet<UserId>,
}

impl Wanted {
    fn owner_of(&mut self, rule: &Rule) {
        match rule.owner {
            RuleOwner::Site => {}
            RuleOwner::Service(id) => drop(self.services.insert(id)),
            RuleOwner::Project(id) => drop(self.projects.insert(id)),
        }
    }
}

impl Tx {
    /// The site, and what some rules belong to, with the services above.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_owners_of_rules(&self, rules: &[Rule]) -> Result<Tree, StoreError> {
        let mut wanted = Wanted::default();
        for rule in rules {
            wanted.owner_of(rule);
        }
        self.load_wanted(wanted).await
    }

    /// The site, what some senders belong to, who added them, and the users whom they name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_owners_of_senders(&self, senders: &[Sender]) -> Result<Tree, StoreError> {
        let mut wanted = Wanted::default();
        for sender in senders {
            wanted.users.extend(sender.added_by);
            wanted.users.extend(sender.subscriber());
            match sender.owner {
                SenderOwner::Service(id) => drop(wanted.services.insert(id)),
                SenderOwner::Project(id) => drop(wanted.projects.insert(id)),
                SenderOwner::User(id) => drop(wanted.users.insert(id)),
            }
        }
        self.load_wanted(wanted).await
    }

    /// A rule with its parent and its direct overrides, and what all of them belong to: enough to
    /// check and to expand it. The rule stands in it as it is given, stored or not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_around(&self, rule: &Rule) -> Result<Tree, StoreError> {
        let near = Condition::any()
            .add(rule::Column::Parent.eq(rule.id))
            .add_option(rule.parent.map(|parent| rule::Column::Id.eq(parent)));
        let near = Condition::all().add(near).add(rule::Column::Id.ne(rule.id));
        let mut rules: Vec<Rule> = rows::list_where(self, near).await?;
        rules.push(rule.clone());
        rules.sort_by_key(|rule| rule.id);
        let owners = self.load_owners_of_rules(&rules).await?;
        Ok(Tree { rules, ..owners })
    }

    async fn load_wanted(&self, mut wanted: Wanted) -> Result<Tree, StoreError> {
        let projects: Vec<Project> = self.list_some(&wanted.projects).await?;
        for project in &projects {
            wanted.services.insert(project.service);
        }
        Ok(Tree {
            services: self.list_some(&wanted.services).await?,
            projects,
            users: self.list_some(&wanted.users).await?,
            ..Tree::empty(self.load_site().await?)
        })
    }

    /// The objects of these identities, sorted by them. Those that do not exist are left out.
    pub(super) async fn list_some<T: Stored>(
        &self,
        ids: &BTreeSet<T::Id>,
    ) -> Result<Vec<T>, StoreError> {
        let ids: Vec<T::Id> = ids.iter().copied().collect();
        rows::list_in(self, T::ID, &ids).await
    }
}
