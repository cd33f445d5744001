//! Who a rule or a sender belongs to.

use serde::{Deserialize, Serialize};

use super::{ProjectId, ServiceId, UserId};

/// The object that a rule belongs to. Its order is the order of rule groups in the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "type", content = "id")]
pub enum RuleOwner {
    /// The site: a global ("shared") rule.
    Site,
    /// One service.
    Service(ServiceId),
    /// One project.
    Project(ProjectId),
}

impl RuleOwner {
    /// The type's name on the wire: `site`, `service` or `project`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Service(_) => "service",
            Self::Project(_) => "project",
        }
    }

    /// The object's id; the site's is 1.
    pub fn id(self) -> i32 {
        match self {
            Self::Site => 1,
            Self::Service(id) => id.0,
            Self::Project(id) => id.0,
        }
    }
}

/// The object that a sender belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "type", content = "id")]
pub enum SenderOwner {
    /// Hears about alerts of one service.
    Service(ServiceId),
    /// Hears about alerts of one project.
    Project(ProjectId),
    /// A user's personal way to be reached, used where the user is subscribed.
    User(UserId),
}

impl SenderOwner {
    /// The type's name on the wire: `service`, `project` or `user`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Service(_) => "service",
            Self::Project(_) => "project",
            Self::User(_) => "user",
        }
    }

    /// The object's id.
    pub fn id(self) -> i32 {
        match self {
            Self::Service(id) => id.0,
            Self::Project(id) => id.0,
            Self::User(id) => id.0,
        }
    }
}
