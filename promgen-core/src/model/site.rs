//! The site: the one installation.

use serde::{Deserialize, Serialize};

use super::GroupOptions;

/// The installation: how links are built, and the owner of global rules. There is exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// `host[:port]` of every absolute link, and the name of the global rule group; at most 100
    /// characters.
    pub domain: String,
    /// How people call the installation; at most 50 characters.
    pub name: String,
    /// Options of the global rule group.
    pub group: GroupOptions,
}
