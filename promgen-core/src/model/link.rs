//! Links that are used once.

use super::{LinkId, Timestamp, UserId};

/// What a one-time link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Makes the first superuser.
    Setup,
    /// Gives a user another password.
    Reset,
}

impl LinkKind {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Reset => "reset",
        }
    }
}

/// A one-time link as it is stored: only the hash of its secret part is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeLink {
    /// Identity.
    pub id: LinkId,
    /// What it is for.
    pub kind: LinkKind,
    /// Whom it is for; `None` for whoever holds it.
    pub user: Option<UserId>,
    /// A SHA-256 of what must still be as it was when the link was made, in hexadecimal digits.
    pub state: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}
