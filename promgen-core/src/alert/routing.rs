//! What routing decides: parts, recipients, and a reason for every candidate.
//!
//! Stored with the alert as one JSON document, the trace; field names are part of that format.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::SenderId;

/// Everything that was decided about one message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Routing {
    /// `firing` or `resolved`, as the message says.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub status: String,
    /// The label for which the blacklist dropped the whole message, every part of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dropped: Option<Dropped>,
    /// The parts that the message was split into; one for a message that was not split.
    pub parts: Vec<Part>,
    /// Every candidate, each with exactly one reason.
    pub decisions: Vec<Decision>,
}

impl Routing {
    /// Whether the blacklist dropped the whole message.
    pub fn is_dropped(&self) -> bool {
        self.dropped.is_some()
    }
}

/// A part of a message that is routed as if it had come alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Part {
    /// The label `service`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub service: Option<String>,
    /// The label `project`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub project: Option<String>,
    /// Alertmanager's group key; of a split message, followed by `/service/project`.
    pub group_key: String,
    /// What orders it, [`Message::order`](super::Message::order); of a split message as for the group key.
    #[serde(skip)]
    pub order: String,
    /// Who tells of its group, [`Message::source`](super::Message::source).
    #[serde(skip)]
    pub source: String,
    /// Which alerts of the message it has; `None` means all.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alerts: Option<Vec<usize>>,
    /// Its common fields are computed from its alerts, not those that were posted.
    #[serde(default)]
    pub recomputed: bool,
    /// Links to the project and service, which are added to the common annotations.
    pub annotations: BTreeMap<String, String>,
    /// The label for which the blacklist dropped it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dropped: Option<Dropped>,
    /// Who gets it: no driver and value twice.
    pub recipients: Vec<Recipient>,
}

/// A label on the blacklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Its name.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// Somebody who gets a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Recipient {
    /// The sender, a personal one where a user is subscribed.
    pub sender: SenderId,
    /// Driver key.
    pub driver: String,
    /// Destination. It is left out of the stored trace, which people look at.
    #[serde(skip, default)]
    pub value: String,
    /// Shown instead of the value.
    pub alias: String,
}

/// What was decided about one candidate, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Which part: an index into [`Routing::parts`].
    pub part: usize,
    /// The sender; `None` where a label names no object.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sender: Option<SenderId>,
    /// The subscription through which a personal sender came in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub via: Option<SenderId>,
    /// Driver key; empty where there is no sender.
    pub driver: String,
    /// Alias, subscriber's name or value: what may be shown.
    pub shown: String,
    /// `service`, `project` or `user`.
    pub owner_kind: String,
    /// Name of that object.
    pub owner: String,
    /// Why.
    pub reason: Reason,
}

impl Decision {
    /// That a label of a part names nothing that is there.
    pub(crate) fn no_such(part: usize, kind: &str, name: &str) -> Self {
        Self {
            part,
            sender: None,
            via: None,
            driver: String::new(),
            shown: String::new(),
            owner_kind: kind.to_owned(),
            owner: name.to_owned(),
            reason: Reason::NoSuchObject,
        }
    }
}

/// Why a candidate does or does not get a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It gets the message. Of a user subscription: the personal senders behind it are asked, and
    /// each of them has a reason of its own.
    Matched,
    /// None of its filters matches a common label, or those of its subscription do not.
    Filtered,
    /// It, or its subscription, is switched off.
    Disabled,
    /// The same driver and value get this part already.
    Duplicate,
    /// A label names an object that does not exist.
    NoSuchObject,
    /// The project that is named belongs to another service than the one that is named.
    Mismatch,
    /// An alert names the object, but not the common labels of a message that was not split.
    NotCommon,
    /// The blacklist dropped the message.
    Blacklisted,
    /// The subscriber has no personal sender, or no longer exists.
    NoPersonalNotifier,
    /// The driver is not part of this program.
    DriverMissing,
    /// The subscriber's account is switched off.
    Inactive,
    /// A newer message of the same group took its place.
    Superseded,
}

impl Reason {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Filtered => "no filter matches",
            Self::Disabled => "disabled",
            Self::Duplicate => "has it already by another way",
            Self::NoSuchObject => "no such object",
            Self::Mismatch => "the project belongs to another service",
            Self::NotCommon => "not named by all alerts of the message",
            Self::Blacklisted => "blacklisted",
            Self::NoPersonalNotifier => "no personal notifier",
            Self::DriverMissing => "the driver is not part of this program",
            Self::Inactive => "the user is inactive",
            Self::Superseded => "superseded by a newer message",
        }
    }
}
