//! Writing the difference of two trees: what is gone, what is new, what has changed.
//!
//! Removal goes from the leaves up, creation and change from the roots down. New objects bear
//! negative ids in the target; [`Ids`] tells what the database gave them.

use std::collections::{BTreeMap, BTreeSet};

use super::saved::{Ids, Saved};
use crate::app::change::{Change, Subject};
use crate::app::roles::{Holder, Object, put};
use crate::app::{App, AppError};
use crate::model::{AuditKind, Host, Role, Rule, Tree, UserId};

/// Brings the database from `current` to `target`, with an audit entry for every object.
pub(in crate::app) async fn save(
    app: &App,
    change: &mut Change<'_>,
    current: &Tree,
    target: &Tree,
) -> Result<(), AppError> {
    let mut saving = Saving {
        app,
        change,
        current,
        target,
        ids: Ids::default(),
    };
    saving.remove().await?;
    saving.write().await
}

struct Saving<'a, 'b> {
    app: &'a App,
    change: &'a mut Change<'b>,
    current: &'a Tree,
    target: &'a Tree,
    ids: Ids,
}

/// For each kind a function that removes what the target lacks, and one that writes what it has
/// more or otherwise.
macro_rules! kinds {
    ($($list:ident: $remove:ident, $write:ident = $delete:ident, $insert:ident, $update:ident;)*) => {
        impl Saving<'_, '_> {$(
            async fn $remove(&mut self) -> Result<(), AppError> {
                let kept: BTreeSet<_> = self.target.$list.iter().map(|item| item.id).collect();
                for item in self.current.$list.iter().filter(|item| !kept.contains(&item.id)) {
                    self.change.tx().$delete(item.id).await?;
                    self.change.deleted(item.subject(), &item.json(self.app));
                }
                Ok(())
            }

            async fn $write(&mut self) -> Result<(), AppError> {
                let before: BTreeMap<_, _> =
                    self.current.$list.iter().map(|item| (item.id, item)).collect();
                for item in new_ones(&self.target.$list) {
                    let mut real = item.resolved(&self.ids);
                    real.id = self.change.tx().$insert(&real).await?;
                    item.note(&real, &mut self.ids);
                    self.change.created(real.subject(), &real.json(self.app));
                }
                for item in &self.target.$list {
                    let Some(old) = before.get(&item.id) else { continue };
                    if *old != item {
                        let real = item.resolved(&self.ids);
                        self.change.tx().$update(&real).await?;
                        let subject = real.subject();
                        self.change.updated(subject, &old.json(self.app), &real.json(self.app));
                    }
                }
                Ok(())
            }
        )*}
    };
}

kinds! {
    users: remove_users, write_users = delete_user, insert_user, update_user;
    shards: remove_shards, write_shards = delete_shard, insert_shard, update_shard;
    servers: remove_servers, write_servers = delete_server, insert_server, update_server;
    presets: remove_presets, write_presets = delete_preset, insert_preset, update_preset;
    probes: remove_probes, write_probes = delete_probe, insert_probe, update_probe;
    services: remove_services, write_services = delete_service, insert_service, update_service;
    farms: remove_farms, write_farms = delete_farm, insert_farm, update_farm;
    projects: remove_projects, write_projects = delete_project, insert_project, update_project;
    exporters: remove_exporters, write_exporters = delete_exporter, insert_exporter, update_exporter;
    urls: remove_urls, write_urls = delete_url, insert_url, update_url;
    rules: remove_rules, write_rules = delete_rule, insert_rule, update_rule;
    senders: remove_senders, write_senders = delete_sender, insert_sender, update_sender;
}

impl Saving<'_, '_> {
    async fn remove(&mut self) -> Result<(), AppError> {
        self.remove_senders().await?;
        self.remove_rules().await?;
        self.remove_urls().await?;
        self.remove_exporters().await?;
        self.remove_hosts().await?;
        self.remove_projects().await?;
        self.remove_farms().await?;
        self.remove_services().await?;
        self.remove_probes().await?;
        self.remove_presets().await?;
        self.remove_servers().await?;
        self.remove_shards().await?;
        self.remove_users().await
    }

    async fn write(&mut self) -> Result<(), AppError> {
        self.write_site().await?;
        self.write_users().await?;
        self.write_shards().await?;
        self.write_servers().await?;
        self.write_presets().await?;
        self.write_probes().await?;
        self.write_services().await?;
        self.write_farms().await?;
        self.write_hosts().await?;
        self.write_projects().await?;
        self.admit_owners().await?;
        self.write_exporters().await?;
        self.write_urls().await?;
        self.write_rules().await?;
        self.write_senders().await
    }

    async fn write_site(&mut self) -> Result<(), AppError> {
        if self.current.site != self.target.site {
            self.change.tx().update_site(&self.target.site).await?;
            let subject = Subject::new(AuditKind::Site, 1, &self.target.site.domain);
            self.change
                .updated(subject, &self.current.site, &self.target.site);
        }
        Ok(())
    }

    /// Makes owners, where they were not before, admins of what they answer for.
    async fn admit_owners(&mut self) -> Result<(), AppError> {
        let (current, target) = (self.current, self.target);
        for service in &target.services {
            let before = current.service(service.id).and_then(|one| one.owner);
            let stored = Object::Service(self.ids.stored_service(service));
            self.admit(&stored, before, service.owner).await?;
        }
        for project in &target.projects {
            let before = current.project(project.id).and_then(|one| one.owner);
            let stored = Object::Project(self.ids.stored_project(project));
            self.admit(&stored, before, project.owner).await?;
        }
        Ok(())
    }

    async fn admit(
        &mut self,
        object: &Object,
        before: Option<UserId>,
        after: Option<UserId>,
    ) -> Result<(), AppError> {
        let owner = after.filter(|_| after != before);
        let Some(owner) = owner.and_then(|owner| self.target.user(owner)) else {
            return Ok(());
        };
        let holder = Holder::User(self.ids.stored_user(owner));
        put(self.change, object, &holder, Role::Admin).await?;
        Ok(())
    }

    async fn remove_hosts(&mut self) -> Result<(), AppError> {
        let kept: BTreeSet<_> = self.target.hosts.iter().map(|host| host.id).collect();
        for host in self
            .current
            .hosts
            .iter()
            .filter(|host| !kept.contains(&host.id))
        {
            self.change.tx().delete_host(host.id).await?;
            self.change.deleted(host.subject(), host);
        }
        Ok(())
    }

    /// Hosts come by the ten thousand, so they go in many at a time.
    async fn write_hosts(&mut self) -> Result<(), AppError> {
        let new: Vec<Host> = new_ones(&self.target.hosts)
            .map(|host| host.resolved(&self.ids))
            .collect();
        let ids = self.change.tx().insert_hosts(&new).await?;
        for (mut host, id) in new.into_iter().zip(ids) {
            host.id = id;
            self.change.created(host.subject(), &host);
        }
        let before: BTreeMap<_, _> = self
            .current
            .hosts
            .iter()
            .map(|host| (host.id, host))
            .collect();
        for host in &self.target.hosts {
            let Some(old) = before.get(&host.id) else {
                continue;
            };
            if *old != host {
                let real = host.resolved(&self.ids);
                self.change.tx().update_host(&real).await?;
                self.change.updated(real.subject(), *old, &real);
            }
        }
        Ok(())
    }
}

/// New objects in the order of the document: -1, -2, … A list is sorted by id, so that is from its
/// negative end; rules come after their parents.
fn new_ones<T: Saved>(list: &[T]) -> impl Iterator<Item = &T> {
    let new = list.iter().filter(|item| item.is_new());
    let mut new: Vec<&T> = new.collect();
    new.reverse();
    let depths = T::depths(list);
    new.sort_by_key(|item| depths.get(&item.id()).copied().unwrap_or(0));
    new.into_iter()
}

/// How many rules stand above each rule. A cycle, which planning refuses, ends where it closes.
pub(super) fn rule_depths(rules: &[Rule]) -> BTreeMap<i64, usize> {
    let parents: BTreeMap<i64, i64> = rules
        .iter()
        .filter_map(|rule| Some((i64::from(rule.id.0), i64::from(rule.parent?.0))))
        .collect();
    let depth = |id: i64| {
        let chain = std::iter::successors(Some(id), |id| parents.get(id).copied());
        chain.take(rules.len() + 1).count()
    };
    parents.keys().map(|id| (*id, depth(*id))).collect()
}
