//! The audit log: who changed what, from what, to what.

use serde::{Deserialize, Serialize};

use super::{AuditId, Timestamp, UserId};

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditAction {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was removed.
    Deleted,
}

impl AuditAction {
    /// The first word of the entry's text (`Created`, `Updated`, `Deleted`), as Promgen has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Updated => "Updated",
            Self::Deleted => "Deleted",
        }
    }
}

/// The kinds of objects in the audit log, by their names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditKind {
    /// The installation.
    Site,
    /// A shard.
    Shard,
    /// A Prometheus server.
    Server,
    /// A service.
    Service,
    /// A project.
    Project,
    /// A farm.
    Farm,
    /// A host.
    Host,
    /// An exporter.
    Exporter,
    /// An exporter preset.
    Preset,
    /// A probe.
    Probe,
    /// A URL.
    Url,
    /// A rule.
    Rule,
    /// A sender.
    Sender,
    /// A user.
    User,
    /// A group of users.
    Group,
    /// A role on a service or project, or in a group.
    Role,
    /// An identity of a login backend, linked to a user.
    Identity,
    /// An access token.
    Token,
    /// A delivery of an alert.
    Delivery,
    /// A silence of Alertmanager, which has no number: the entry's text bears its id.
    Silence,
}

impl AuditKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::Site,
        Self::Shard,
        Self::Server,
        Self::Service,
        Self::Project,
        Self::Farm,
        Self::Host,
        Self::Exporter,
        Self::Preset,
        Self::Probe,
        Self::Url,
        Self::Rule,
        Self::Sender,
        Self::User,
        Self::Group,
        Self::Role,
        Self::Identity,
        Self::Token,
        Self::Delivery,
        Self::Silence,
    ];

    /// The kind of that name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The kind's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Shard => "shard",
            Self::Server => "server",
            Self::Service => "service",
            Self::Project => "project",
            Self::Farm => "farm",
            Self::Host => "host",
            Self::Exporter => "exporter",
            Self::Preset => "preset",
            Self::Probe => "probe",
            Self::Url => "url",
            Self::Rule => "rule",
            Self::Sender => "sender",
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Identity => "identity",
            Self::Token => "token",
            Self::Delivery => "delivery",
            Self::Silence => "silence",
        }
    }
}

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
}
