//! Services and their projects.

use serde::{Deserialize, Serialize};

use super::{FarmId, GroupOptions, Name, ProjectId, ServiceId, ShardId, UserId};

/// A team's service: the owner of projects, rules and senders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Identity.
    pub id: ServiceId,
    /// Unique name; the label `service`.
    pub name: Name,
    /// Free text.
    pub description: String,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// Options of its rule group.
    pub group: GroupOptions,
}

/// A part of a service that is scraped by one shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Identity.
    pub id: ProjectId,
    /// Name, unique over all services; the label `project`.
    pub name: Name,
    /// Free text.
    pub description: String,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// The service that it is a part of.
    pub service: ServiceId,
    /// The shard that scrapes it.
    pub shard: ShardId,
    /// Its hosts; several projects may share a farm.
    pub farm: Option<FarmId>,
    /// Options of its rule group.
    pub group: GroupOptions,
}
