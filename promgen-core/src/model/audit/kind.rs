//! What there is in the audit log.

use serde::{Deserialize, Serialize};

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

    /// The kind's name in the text of an entry, as Promgen has it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Site => "Site",
            Self::Shard => "Shard",
            Self::Server => "Prometheus",
            Self::Service => "Service",
            Self::Project => "Project",
            Self::Farm => "Farm",
            Self::Host => "Host",
            Self::Exporter => "Exporter",
            Self::Preset => "DefaultExporter",
            Self::Probe => "Probe",
            Self::Url => "URL",
            Self::Rule => "Rule",
            Self::Sender => "Sender",
            Self::User => "User",
            Self::Group => "Group",
            Self::Role => "Role",
            Self::Identity => "Identity",
            Self::Token => "Token",
            Self::Delivery => "Delivery",
            Self::Silence => "Silence",
        }
    }
}
