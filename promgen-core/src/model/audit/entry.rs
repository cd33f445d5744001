//! An entry of the audit log.

use serde::{Deserialize, Serialize};

use super::{AuditKind, Deed, Told};
use crate::model::{AuditId, Timestamp, UserId};

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Identity.
    pub id: AuditId,
    /// When.
    pub created: Timestamp,
    /// Who: `user:NAME`, `token:ID`, `cli:OSUSER` or `system`.
    pub actor: String,
    /// The user behind the actor, where there is one.
    pub user: Option<UserId>,
    /// Text such as `Created Service shop`.
    pub body: String,
    /// Name of the object's kind ([`AuditKind::as_str`]).
    pub kind: String,
    /// The object's id.
    pub object: i64,
    /// Kind and id of the object above it, whose history shows this entry too.
    pub parent: Option<(String, i64)>,
    /// JSON before the change; empty for a new object. Secrets are masked.
    pub before: String,
    /// JSON after the change; empty for a removed object. Secrets are masked.
    pub after: String,
}

impl AuditEntry {
    /// The login name of the user behind the actor, also when they are gone.
    pub fn username(&self) -> Option<&str> {
        let of_a_token = || self.actor.strip_prefix("token:")?.split_once(':');
        let named = self.actor.strip_prefix("user:");
        named.or_else(|| of_a_token().map(|(_, name)| name))
    }

    /// What happened, as the text begins; none where the program did not write it so.
    pub fn deed(&self) -> Option<Deed> {
        Deed::read(&self.body).map(|(deed, _)| deed)
    }

    /// The text, taken apart; none where the program did not write it so.
    pub fn told(&self) -> Option<Told<'_>> {
        Told::read(self)
    }

    /// Kind and id of the object above, where the program knows the kind.
    pub fn above(&self) -> Option<(AuditKind, i64)> {
        let (kind, id) = self.parent.as_ref()?;
        Some((AuditKind::from_word(kind)?, *id))
    }
}
