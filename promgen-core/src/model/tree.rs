//! The whole tree at one revision.

use std::collections::BTreeMap;

use super::{
    Exporter, Farm, FarmId, Host, Preset, Probe, ProbeId, Project, ProjectId, Rule, RuleId,
    RuleOwner, Sender, Server, Service, ServiceId, Shard, ShardId, Site, Url, User, UserId,
};

/// Everything that people keep in Promgen, read in one snapshot: what the renderers, the router
/// and the tree document work on. Each list is sorted by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The revision that this is a picture of.
    pub revision: i64,
    /// The site.
    pub site: Site,
    /// Shards.
    pub shards: Vec<Shard>,
    /// Prometheus servers.
    pub servers: Vec<Server>,
    /// Services.
    pub services: Vec<Service>,
    /// Projects.
    pub projects: Vec<Project>,
    /// Farms.
    pub farms: Vec<Farm>,
    /// Hosts.
    pub hosts: Vec<Host>,
    /// Exporters.
    pub exporters: Vec<Exporter>,
    /// Exporter presets.
    pub presets: Vec<Preset>,
    /// Probes.
    pub probes: Vec<Probe>,
    /// URLs.
    pub urls: Vec<Url>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Senders with their filters.
    pub senders: Vec<Sender>,
    /// Users.
    pub users: Vec<User>,
}

macro_rules! by_id {
    ($($(#[$doc:meta])* $method:ident, $list:ident, $id:ty, $item:ty;)*) => {
        impl Tree {$(
            $(#[$doc])*
            pub fn $method(&self, id: $id) -> Option<&$item> {
                let at = self.$list.binary_search_by_key(&id, |item| item.id).ok()?;
                self.$list.get(at)
            }
        )*}
    };
}

by_id! {
    /// The shard of that id.
    shard, shards, ShardId, Shard;
    /// The service of that id.
    service, services, ServiceId, Service;
    /// The project of that id.
    project, projects, ProjectId, Project;
    /// The farm of that id.
    farm, farms, FarmId, Farm;
    /// The probe of that id.
    probe, probes, ProbeId, Probe;
    /// The rule of that id.
    rule, rules, RuleId, Rule;
    /// The user of that id.
    user, users, UserId, User;
}

impl Tree {
    /// A tree with nothing in it.
    pub fn empty(site: Site) -> Self {
        Self {
            revision: 0,
            site,
            shards: Vec::new(),
            servers: Vec::new(),
            services: Vec::new(),
            projects: Vec::new(),
            farms: Vec::new(),
            hosts: Vec::new(),
            exporters: Vec::new(),
            presets: Vec::new(),
            probes: Vec::new(),
            urls: Vec::new(),
            rules: Vec::new(),
            senders: Vec::new(),
            users: Vec::new(),
        }
    }

    /// Name of the rule group of an owner: domain, service, or `service » project`.
    ///
    /// `None` when the owner does not exist.
    pub fn group_name(&self, owner: RuleOwner) -> Option<String> {
        match owner {
            RuleOwner::Site => Some(self.site.domain.clone()),
            RuleOwner::Service(id) => self.service(id).map(|service| service.name.to_string()),
            RuleOwner::Project(id) => {
                let project = self.project(id)?;
                let service = self.service(project.service)?;
                Some(format!("{} » {}", service.name, project.name))
            }
        }
    }

    /// Rules by their parent, each list sorted by id.
    pub fn overrides(&self) -> BTreeMap<RuleId, Vec<&Rule>> {
        let mut children: BTreeMap<RuleId, Vec<&Rule>> = BTreeMap::new();
        for rule in &self.rules {
            if let Some(parent) = rule.parent {
                children.entry(parent).or_default().push(rule);
            }
        }
        children
    }
}
