//! People and service accounts.

use serde::{Deserialize, Serialize};

use super::{Language, Timestamp, UserId, Zone};

/// Somebody who may be named as owner, subscribe, hold tokens, and have roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// Unique login name; 1 to 150 characters.
    pub username: String,
    /// Address, may be empty.
    pub email: String,
    /// Given name, may be empty; at most 150 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    /// Family name, may be empty; at most 150 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    /// May do everything.
    pub superuser: bool,
    /// Inactive users can neither log in nor be notified.
    pub active: bool,
    /// When the account was made.
    pub created: Timestamp,
    /// The zone in which they read times; `None` for that of the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<Zone>,
    /// The language in which they read pages; `None` for what their browser asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}
