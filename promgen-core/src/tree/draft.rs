//! The tree in the making: objects by id, with the lookups that planning needs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{
    Exporter, ExporterId, Farm, FarmId, Host, HostId, Preset, PresetId, Probe, ProbeId, Project,
    ProjectId, Rule, RuleId, Sender, SenderId, Server, ServerId, Service, ServiceId, Shard,
    ShardId, Site, Tree, Url, UrlId, User, UserId,
};

/// Every object of the tree by its id; new ones count down from -1.
#[derive(Debug)]
pub(crate) struct Draft {
    revision: i64,
    pub(crate) site: Site,
    pub(crate) shards: BTreeMap<ShardId, Shard>,
    pub(crate) servers: BTreeMap<ServerId, Server>,
    pub(crate) services: BTreeMap<ServiceId, Service>,
    pub(crate) projects: BTreeMap<ProjectId, Project>,
    pub(crate) farms: BTreeMap<FarmId, Farm>,
    pub(crate) hosts: BTreeMap<HostId, Host>,
    pub(crate) exporters: BTreeMap<ExporterId, Exporter>,
    pub(crate) presets: BTreeMap<PresetId, Preset>,
    pub(crate) probes: BTreeMap<ProbeId, Probe>,
    pub(crate) urls: BTreeMap<UrlId, Url>,
    pub(crate) rules: BTreeMap<RuleId, Rule>,
    pub(crate) senders: BTreeMap<SenderId, Sender>,
    pub(crate) users: BTreeMap<UserId, User>,
    /// Hosts of each farm by name: there are too many to look through.
    pub(crate) hosts_of: HashMap<FarmId, BTreeMap<String, HostId>>,
    /// Exporters and URLs of each project, for the same reason.
    pub(crate) exporters_of: HashMap<ProjectId, BTreeSet<ExporterId>>,
    pub(crate) urls_of: HashMap<ProjectId, BTreeSet<UrlId>>,
    pub(crate) project_ids: HashMap<String, ProjectId>,
    pub(crate) rule_ids: HashMap<String, RuleId>,
}

macro_rules! keyed {
    ($tree:ident . $list:ident) => {
        $tree
            .$list
            .iter()
            .map(|item| (item.id, item.clone()))
            .collect()
    };
}

impl Draft {
    pub(crate) fn of(tree: &Tree) -> Self {
        let mut hosts_of: HashMap<FarmId, BTreeMap<String, HostId>> = HashMap::new();
        for host in &tree.hosts {
            hosts_of
                .entry(host.farm)
                .or_default()
                .insert(host.name.clone(), host.id);
        }
        let mut exporters_of: HashMap<ProjectId, BTreeSet<ExporterId>> = HashMap::new();
        for exporter in &tree.exporters {
            exporters_of
                .entry(exporter.project)
                .or_default()
                .insert(exporter.id);
        }
        let mut urls_of: HashMap<ProjectId, BTreeSet<UrlId>> = HashMap::new();
        for url in &tree.urls {
            urls_of.entry(url.project).or_default().insert(url.id);
        }
        Self {
            revision: tree.revision,
            site: tree.site.clone(),
            shards: keyed!(tree.shards),
            servers: keyed!(tree.servers),
            services: keyed!(tree.services),
            projects: keyed!(tree.projects),
            farms: keyed!(tree.farms),
            hosts: keyed!(tree.hosts),
            exporters: keyed!(tree.exporters),
            presets: keyed!(tree.presets),
            probes: keyed!(tree.probes),
            urls: keyed!(tree.urls),
            rules: keyed!(tree.rules),
            senders: keyed!(tree.senders),
            users: keyed!(tree.users),
            hosts_of,
            exporters_of,
            urls_of,
            project_ids: tree
                .projects
                .iter()
                .map(|p| (p.name.to_string(), p.id))
                .collect(),
            rule_ids: tree
                .rules
                .iter()
                .map(|rule| (rule.name.to_string(), rule.id))
                .collect(),
        }
    }

    pub(crate) fn into_tree(self) -> Tree {
        Tree {
            revision: self.revision,
            site: self.site,
            shards: self.shards.into_values().collect(),
            servers: self.servers.into_values().collect(),
            services: self.services.into_values().collect(),
            projects: self.projects.into_values().collect(),
            farms: self.farms.into_values().collect(),
            hosts: self.hosts.into_values().collect(),
            exporters: self.exporters.into_values().collect(),
            presets: self.presets.into_values().collect(),
            probes: self.probes.into_values().collect(),
            urls: self.urls.into_values().collect(),
            rules: self.rules.into_values().collect(),
            senders: self.senders.into_values().collect(),
            users: self.users.into_values().collect(),
        }
    }

    pub(crate) fn shard_named(&self, name: &str) -> Option<ShardId> {
        self.shards
            .values()
            .find(|shard| shard.name == name)
            .map(|shard| shard.id)
    }

    pub(crate) fn service_named(&self, name: &str) -> Option<ServiceId> {
        self.services
            .values()
            .find(|service| service.name == name)
            .map(|service| service.id)
    }

    pub(crate) fn probe_named(&self, module: &str) -> Option<ProbeId> {
        self.probes
            .values()
            .find(|probe| probe.module == module)
            .map(|probe| probe.id)
    }

    pub(crate) fn user_named(&self, username: &str) -> Option<UserId> {
        self.users
            .values()
            .find(|user| user.username == username)
            .map(|user| user.id)
    }
}

/// The next id of a map whose new objects count down from -1: below its smallest.
pub(crate) fn provisional<I: Copy + Ord, T>(
    map: &BTreeMap<I, T>,
    number: impl Fn(I) -> i32,
) -> i32 {
    map.first_key_value()
        .map_or(-1, |(id, _)| number(*id).min(0) - 1)
}
