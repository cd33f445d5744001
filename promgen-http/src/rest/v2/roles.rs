//! The words for roles.

use promgen_core::model::{GroupRole, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role on a service or project.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum RoleWord {
    /// Sees it.
    Viewer,
    /// Changes it.
    Editor,
    /// Decides who has roles on it.
    Admin,
}

impl From<Role> for RoleWord {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Editor => Self::Editor,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Viewer => Self::Viewer,
            RoleWord::Editor => Self::Editor,
            RoleWord::Admin => Self::Admin,
        }
    }
}

/// A role in a group.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum GroupRoleWord {
    /// Has the roles of the group.
    Member,
    /// Decides who is in it.
    Admin,
}

impl From<GroupRole> for GroupRoleWord {
    fn from(role: GroupRole) -> Self {
        match role {
            GroupRole::Member => Self::Member,
            GroupRole::Admin => Self::Admin,
        }
    }
}

impl From<GroupRoleWord> for GroupRole {
    fn from(word: GroupRoleWord) -> Self {
        match word {
            GroupRoleWord::Member => Self::Member,
            GroupRoleWord::Admin => Self::Admin,
        }
    }
}
