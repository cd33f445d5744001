//! Rules: by their names, which are unique over the whole tree, and then their parents.

use std::collections::BTreeSet;

use super::Planner;
use crate::model::{Rule, RuleId, RuleOwner};
use crate::tree::document::{Document, RuleDoc};
use crate::tree::draft::provisional;

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
