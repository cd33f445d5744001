//! Removing what the lists of a document leave out, and what hangs below it.

use std::collections::BTreeSet;

use super::Planner;
use crate::model::{Problem, RuleOwner, SenderOwner};
use crate::tree::document::Document;

impl Planner {
    pub(super) fn prune(&mut self, document: &Document) {
        let (draft, said) = (&mut self.draft, &self.said);
        if document.services.is_some() {
            draft.services.retain(|id, _| said.services.contains(id));
        }
        let services = &draft.services;
        draft.projects.retain(|id, project| {
            let kept = said.projects.contains(id) || !said.projects_of.contains(&project.service);
            kept && services.contains_key(&project.service)
        });
        if document.shards.is_some() {
            draft.shards.retain(|id, _| said.shards.contains(id));
        }
        let (shards, projects) = (&draft.shards, &draft.projects);
        draft.servers.retain(|id, server| {
            let kept = said.servers.contains(id) || !said.servers_of.contains(&server.shard);
            kept && shards.contains_key(&server.shard)
        });
        if document.presets.is_some() {
            draft.presets.retain(|id, _| said.presets.contains(id));
        }
        draft.exporters.retain(|id, exporter| {
            let kept =
                said.exporters.contains(id) || !said.exporters_of.contains(&exporter.project);
            kept && projects.contains_key(&exporter.project)
        });
        draft.urls.retain(|id, url| {
            let kept = said.urls.contains(id) || !said.urls_of.contains(&url.project);
            kept && projects.contains_key(&url.project)
        });
        if document.probes.is_some() {
            draft.probes.retain(|id, _| said.probes.contains(id));
        }
        self.prune_farms(document);
        self.prune_rules();
        self.prune_senders();
        self.refuse_dangling();
    }

    /// A farm that loses its last project goes with it; one that never had any only when the
    /// document lists such farms.
    fn prune_farms(&mut self, document: &Document) {
        let (draft, said) = (&mut self.draft, &self.said);
        let used: BTreeSet<_> = draft
            .projects
            .values()
            .filter_map(|project| project.farm)
            .collect();
        let lists_all = document.services.is_some() || !said.projects_of.is_empty();
        let lists_free = document.farms.is_some() && lists_all;
        draft
            .farms
            .retain(|id, _| used.contains(id) || said.farms.contains(id) || !lists_free);
        let farms = &draft.farms;
        draft.hosts.retain(|id, host| {
            let kept = said.hosts.contains(id) || !said.hosts_of.contains(&host.farm);
            kept && farms.contains_key(&host.farm)
        });
    }

    fn prune_rules(&mut self) {
        let (draft, said) = (&mut self.draft, &self.said);
        let (services, projects) = (&draft.services, &draft.projects);
        draft.rules.retain(|id, rule| {
            let owned = match rule.owner {
                RuleOwner::Site => true,
                RuleOwner::Service(id) => services.contains_key(&id),
                RuleOwner::Project(id) => projects.contains_key(&id),
            };
            owned && (said.rules.contains(id) || !said.rules_of.contains(&rule.owner))
        });
        let left: BTreeSet<_> = draft.rules.keys().copied().collect();
        for rule in draft.rules.values_mut() {
            rule.parent = rule.parent.filter(|parent| left.contains(parent));
        }
    }

    fn prune_senders(&mut self) {
        let (draft, said) = (&mut self.draft, &self.said);
        let (services, projects, users) = (&draft.services, &draft.projects, &draft.users);
        draft.senders.retain(|id, sender| {
            let owned = match sender.owner {
                SenderOwner::Service(id) => services.contains_key(&id),
                SenderOwner::Project(id) => projects.contains_key(&id),
                SenderOwner::User(id) => users.contains_key(&id),
            };
            owned && (said.senders.contains(id) || !said.senders_of.contains(&sender.owner))
        });
    }

    /// What is left must not refer to what is gone.
    fn refuse_dangling(&mut self) {
        let draft = &self.draft;
        for project in draft.projects.values() {
            if !draft.shards.contains_key(&project.shard) {
                let message = format!("project {} is on a shard that would go", project.name);
                let remedy = "keep the shard, or move the project to another";
                self.problems
                    .push(Problem::error("shards", message, remedy));
            }
        }
        for url in draft.urls.values() {
            if !draft.probes.contains_key(&url.probe) {
                let message = format!("{} is probed by a module that would go", url.url);
                let remedy = "keep the probe, or remove the URL";
                self.problems
                    .push(Problem::error("probes", message, remedy));
            }
        }
    }
}
