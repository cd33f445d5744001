//! Roles on services and projects, and who has them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{GrantId, GroupId, ProjectId, ServiceId, UserId};

/// What somebody may do on a service or project (spec 09 §2, §3). A greater one includes the
/// lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees it and what is below it.
    Viewer,
    /// Changes it and what is below it.
    Editor,
    /// Decides who has roles on it.
    Admin,
}

impl Role {
    /// The word that is stored, and that settings use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// The word of the REST API and of the pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "VIEWER",
            Self::Editor => "EDITOR",
            Self::Admin => "ADMIN",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;

    /// Reads the word in any case, as the REST API sends it (`ADMIN`, `EDITOR`, `VIEWER`).
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Viewer, Self::Editor, Self::Admin]
            .into_iter()
            .find(|role| role.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("{text:?} is not a role; use VIEWER, EDITOR or ADMIN"))
    }
}

/// What a role is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "type", content = "id")]
pub enum RoleOn {
    /// A service, and with it all its projects.
    Service(ServiceId),
    /// One project alone.
    Project(ProjectId),
}

impl RoleOn {
    /// The type's name on the wire: `service` or `project`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Service(_) => "service",
            Self::Project(_) => "project",
        }
    }

    /// The object's id.
    pub fn id(self) -> i32 {
        match self {
            Self::Service(id) => id.0,
            Self::Project(id) => id.0,
        }
    }

    /// The service, when it is one.
    pub fn service(self) -> Option<ServiceId> {
        match self {
            Self::Service(id) => Some(id),
            Self::Project(_) => None,
        }
    }

    /// The project, when it is one.
    pub fn project(self) -> Option<ProjectId> {
        match self {
            Self::Service(_) => None,
            Self::Project(id) => Some(id),
        }
    }

    /// The codename of a role on this kind of object, such as `service_editor`.
    pub fn codename(self, role: Role) -> String {
        format!("{}_{role}", self.kind())
    }
}

/// Whom a role is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "type", content = "id")]
pub enum Grantee {
    /// One user.
    User(UserId),
    /// All members of a group.
    Group(GroupId),
}

/// A role that somebody was given. There is at most one per grantee and object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Identity.
    pub id: GrantId,
    /// The object.
    pub on: RoleOn,
    /// Whose role it is.
    pub to: Grantee,
    /// The role.
    pub role: Role,
}
