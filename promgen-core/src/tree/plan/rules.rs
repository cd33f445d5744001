//! Rules: by their names, which are unique over the whole tree, and then their parents.

use std::collections::BTreeSet;

use super::Planner;
use crate::model::{Rule, RuleId, RuleOwner, Tree};
use crate::rules::rename;
use crate::tree::document::{Document, RuleDoc};
use crate::tree::draft::{Draft, provisional};

impl Planner {
    pub(super) fn all_rules(&mut self, document: &Document) {
        let mut stated: Vec<(RuleId, &RuleDoc)> = Vec::new();
        if let Some(rules) = document.site.as_ref().and_then(|site| site.rules.as_ref()) {
            self.rules_of(RuleOwner::Site, rules, &mut stated);
        }
        for service in document.services.iter().flatten() {
            let Some(id) = self.draft.service_named(&service.name) else {
                continue;
            };
            if let Some(rules) = &service.rules {
                self.rules_of(RuleOwner::Service(id), rules, &mut stated);
            }
            for project in service.projects.iter().flatten() {
                let id = self.draft.project_ids.get(project.name.as_str()).copied();
                if let (Some(id), Some(rules)) = (id, &project.rules) {
                    self.rules_of(RuleOwner::Project(id), rules, &mut stated);
                }
            }
        }
        for (id, doc) in &stated {
            self.parent(*id, doc);
        }
        for (id, doc) in &stated {
            self.refuse_cycle(*id, doc);
        }
    }

    fn rules_of<'a>(
        &mut self,
        owner: RuleOwner,
        rules: &'a [RuleDoc],
        stated: &mut Vec<(RuleId, &'a RuleDoc)>,
    ) {
        self.said.rules_of.insert(owner);
        for doc in rules {
            let id = self.rule(owner, doc);
            stated.push((id, doc));
        }
    }

    fn rule(&mut self, owner: RuleOwner, doc: &RuleDoc) -> RuleId {
        self.once("rule", &doc.name, &doc.at);
        let id = doc
            .id
            .map(|id| (RuleId(id), self.draft.rules.contains_key(&RuleId(id))));
        let named = self.draft.rule_ids.get(doc.name.as_str()).copied();
        let found = self.subject("rule", &doc.at, id, &doc.name, named);
        let id = found.unwrap_or(RuleId(provisional(&self.draft.rules, |id| id.0)));
        let rule = Rule {
            id,
            name: doc.name.clone(),
            kind: doc.kind,
            clause: doc.clause.clone(),
            duration: doc.duration.clone(),
            keep_firing_for: doc.keep_firing_for.clone(),
            enabled: doc.enabled,
            parent: None,
            owner,
            description: doc.description.clone(),
            labels: doc.labels.clone(),
            annotations: doc.annotations.clone(),
        };
        self.draft.rule_ids.retain(|_, other| *other != id);
        self.draft.rule_ids.insert(doc.name.to_string(), id);
        self.draft.rules.insert(id, rule);
        self.said.rules.insert(id);
        id
    }

    fn parent(&mut self, id: RuleId, doc: &RuleDoc) {
        let Some(name) = &doc.parent else { return };
        let parent = self.draft.rule_ids.get(name).copied();
        if parent.is_none() {
            let message = format!("rule {name} does not exist");
            self.error(
                &doc.at,
                "parent",
                message,
                "name a rule of the site or of the service",
            );
        }
        if let Some(rule) = self.draft.rules.get_mut(&id) {
            rule.parent = parent;
        }
    }

    /// Follows renamed services and projects into the clauses of their rules and of those below
    /// them, where the document leaves the clause as it was; points out other mentions.
    pub(super) fn follow_renames(&mut self, current: &Tree) {
        for service in &current.services {
            let Some(new) = self.draft.services.get(&service.id) else {
                continue;
            };
            if new.name != service.name {
                let (old, new) = (service.name.clone(), new.name.clone());
                let below = |draft: &Draft, owner| match owner {
                    RuleOwner::Site => false,
                    RuleOwner::Service(id) => id == service.id,
                    RuleOwner::Project(id) => draft
                        .projects
                        .get(&id)
                        .is_some_and(|p| p.service == service.id),
                };
                self.follow_rename(current, "service", &old, &new, &below);
            }
        }
        for project in &current.projects {
            let Some(new) = self.draft.projects.get(&project.id) else {
                continue;
            };
            if new.name != project.name {
                let (old, new) = (project.name.clone(), new.name.clone());
                let own = |_: &Draft, owner| owner == RuleOwner::Project(project.id);
                self.follow_rename(current, "project", &old, &new, &own);
            }
        }
    }

    fn follow_rename(
        &mut self,
        current: &Tree,
        label: &str,
        old: &str,
        new: &str,
        concerns: &dyn Fn(&Draft, RuleOwner) -> bool,
    ) {
        let stored = |rule: &Rule| {
            current
                .rule(rule.id)
                .is_some_and(|r| r.clause == rule.clause)
        };
        let concerned = |rule: &&Rule| concerns(&self.draft, rule.owner) && stored(rule);
        let ids: Vec<RuleId> = self
            .draft
            .rules
            .values()
            .filter(concerned)
            .map(|rule| rule.id)
            .collect();
        for id in ids {
            let Some(rule) = self.draft.rules.get_mut(&id) else {
                continue;
            };
            let renamed = rename(&rule.clause, label, old, new);
            let mention = renamed.mention(rule, old, new);
            self.problems.extend(mention.map(|(_, problem)| problem));
            rule.clause = renamed.text;
        }
    }

    fn refuse_cycle(&mut self, id: RuleId, doc: &RuleDoc) {
        let mut above = BTreeSet::new();
        let mut next = Some(id);
        while let Some(rule) = next.and_then(|id| self.draft.rules.get(&id)) {
            if !above.insert(rule.id) {
                let message = format!("{} is its own ancestor", doc.name);
                self.error(&doc.at, "parent", message, "break the cycle of parents");
                return;
            }
            next = rule.parent;
        }
    }
}
