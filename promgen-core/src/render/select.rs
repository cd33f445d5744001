//! Which part of an output is wanted.

use crate::model::{Project, ProjectId, RuleOwner, ServiceId, ShardId};

/// A part of the outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Select {
    /// Everything.
    All,
    /// Targets and URLs of the projects of one shard. Rules are the same on every shard.
    Shard(ShardId),
    /// Targets and URLs of the projects of one service; the service's own rules.
    Service(ServiceId),
    /// One project.
    Project(ProjectId),
}

impl Select {
    pub(super) fn has_project(self, project: &Project) -> bool {
        match self {
            Self::All => true,
            Self::Shard(id) => project.shard == id,
            Self::Service(id) => project.service == id,
            Self::Project(id) => project.id == id,
        }
    }

    pub(super) fn has_rules_of(self, owner: RuleOwner) -> bool {
        match self {
            Self::All | Self::Shard(_) => true,
            Self::Service(id) => owner == RuleOwner::Service(id),
            Self::Project(id) => owner == RuleOwner::Project(id),
        }
    }
}
