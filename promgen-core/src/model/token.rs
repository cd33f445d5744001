//! Access tokens.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Timestamp, TokenId, UserId};

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Read what its user may read.
    Read,
    /// Change what its user may change.
    Write,
    /// Post alerts.
    Alerts,
}

impl Scope {
    /// The scope's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Alerts => "alerts",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "read" => Ok(Self::Read),
            "write" => Ok(Self::Write),
            "alerts" => Ok(Self::Alerts),
            other => Err(format!(
                "{other:?} is not a scope; use read, write or alerts"
            )),
        }
    }
}

/// An access token as it is stored: only the hash of the secret part is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Token {
    /// Identity.
    pub id: TokenId,
    /// Whose rights it carries.
    pub user: UserId,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// First characters of the token, to recognise it by.
    pub prefix: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends; `None` means never.
    pub expires: Option<Timestamp>,
    /// When it was last used, to about a minute.
    pub last_used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

impl Token {
    /// Since when it is good for nothing, if it is so: revoked or expired, whatever came first.
    pub fn ended(&self, now: Timestamp) -> Option<Timestamp> {
        let expired = self.expires.filter(|at| *at <= now);
        self.revoked.into_iter().chain(expired).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_by_what_comes_first() {
        let token = |expires: Option<i64>, revoked: Option<i64>| Token {
            id: TokenId(1),
            user: UserId(1),
            scopes: vec![Scope::Read],
            prefix: String::new(),
            created: Timestamp(0),
            expires: expires.map(Timestamp),
            last_used: None,
            revoked: revoked.map(Timestamp),
        };
        let ended = |expires, revoked| token(expires, revoked).ended(Timestamp(10));
        assert_eq!(ended(None, None), None);
        assert_eq!(ended(Some(11), None), None);
        assert_eq!(ended(Some(10), None), Some(Timestamp(10)));
        assert_eq!(ended(Some(11), Some(5)), Some(Timestamp(5)));
        assert_eq!(ended(Some(3), Some(5)), Some(Timestamp(3)));
    }
}
