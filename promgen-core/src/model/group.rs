//! Groups of users.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{GroupId, UserId};

/// A set of users that roles can be given to at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Identity.
    pub id: GroupId,
    /// Unique name; 1 to 150 characters.
    pub name: String,
}

/// What a member may do in a group (spec 09 §7). A greater one includes the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupRole {
    /// Has the roles of the group, and sees its members.
    Member,
    /// Renames and deletes it, and decides who is in it.
    Admin,
}

impl GroupRole {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }

    /// The word of the REST API and of the pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "MEMBER",
            Self::Admin => "ADMIN",
        }
    }

    /// The codename on the wire: `group_member` or `group_admin`.
    pub fn codename(self) -> &'static str {
        match self {
            Self::Member => "group_member",
            Self::Admin => "group_admin",
        }
    }
}

impl fmt::Display for GroupRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for GroupRole {
    type Err = String;

    /// Reads the word in any case, as the REST API sends it (`ADMIN`, `MEMBER`).
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Member, Self::Admin]
            .into_iter()
            .find(|role| role.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("{text:?} is not a role in a group; use MEMBER or ADMIN"))
    }
}

/// A user in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// The group.
    pub group: GroupId,
    /// The user.
    pub user: UserId,
    /// What they may do there.
    pub role: GroupRole,
}
