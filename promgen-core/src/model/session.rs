//! Logins that are under way, and the identities that accounts are found by.

use serde::Serialize;

use super::{IdentityId, SessionId, Timestamp, UserId};

/// A login as it is stored: only the hash of what the browser shows is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// Who is logged in.
    pub user: UserId,
    /// Key of the login backend that let them in.
    pub backend: String,
    /// When they logged in.
    pub created: Timestamp,
    /// When the login was last used, to about a minute.
    pub last_seen: Timestamp,
    /// When it ends, however often it is used.
    pub expires: Timestamp,
    /// From where they logged in; empty when that is not known.
    pub address: String,
    /// What their browser calls itself, at most 255 characters.
    pub agent: String,
}

/// Somebody as an issuer knows them, linked to a user: the only way to find the account of whoever
/// comes in by another site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkedIdentity {
    /// Identity.
    pub id: IdentityId,
    /// Whose account it is.
    pub user: UserId,
    /// Key of the login backend.
    pub backend: String,
    /// Who vouches for it.
    pub issuer: String,
    /// What the issuer calls this person for ever.
    pub subject: String,
    /// When it was linked.
    pub created: Timestamp,
    /// When it was last used to log in.
    pub last_login: Timestamp,
}
