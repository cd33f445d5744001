//! Which part of the tree an output is about, and the way from a project up to its names.

use std::collections::BTreeSet;

use crate::model::{Project, ProjectId, RuleOwner, Service, ServiceId, Shard, ShardId, Tree};

/// The part of the tree that an output is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Select {
    /// Everything.
    All,
    /// Targets and URLs of the projects on one shard. Rules are shared by all shards: all of them.
    Shard(ShardId),
    /// Targets and URLs of a service's projects; the rules that belong to the service itself.
    Service(ServiceId),
    /// Targets, URLs and own rules of one project.
    Project(ProjectId),
    /// What somebody sees of the whole: the rules of the site, and what belongs to these.
    Some {
        /// Their own rules; their projects stand under `projects`.
        services: BTreeSet<ServiceId>,
        /// Their targets, URLs and rules.
        projects: BTreeSet<ProjectId>,
    },
}

impl Select {
    /// Whether the targets and URLs of a project are a part of it.
    pub(super) fn has_project(&self, project: &Project) -> bool {
        match self {
            Self::All => true,
            Self::Shard(shard) => project.shard == *shard,
            Self::Service(service) => project.service == *service,
            Self::Project(id) => project.id == *id,
            Self::Some { projects, .. } => projects.contains(&project.id),
        }
    }

    /// Whether the rules of an owner are a part of it.
    pub(super) fn has_rules_of(&self, owner: RuleOwner) -> bool {
        match self {
            Self::All | Self::Shard(_) => true,
            Self::Service(service) => owner == RuleOwner::Service(*service),
            Self::Project(project) => owner == RuleOwner::Project(*project),
            Self::Some { services, projects } => match owner {
                RuleOwner::Site => true,
                RuleOwner::Service(service) => services.contains(&service),
                RuleOwner::Project(project) => projects.contains(&project),
            },
        }
    }
}

/// A project with the objects above it, whose names become labels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lineage<'a> {
    pub(super) project: &'a Project,
    pub(super) service: &'a Service,
    pub(super) shard: &'a Shard,
}

impl<'a> Lineage<'a> {
    /// The lineage of a selected project; `None` when it is not selected or something is missing.
    pub(super) fn find(tree: &'a Tree, select: &Select, id: ProjectId) -> Option<Self> {
        let project = tree.project(id)?;
        if !select.has_project(project) {
            return None;
        }
        Some(Self {
            project,
            service: tree.service(project.service)?,
            shard: tree.shard(project.shard)?,
        })
    }

    /// Sort key: service name, then project name, by bytes.
    pub(super) fn names(&self) -> (&'a str, &'a str) {
        (self.service.name.as_str(), self.project.name.as_str())
    }
}
