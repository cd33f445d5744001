//! Deliveries of alerts, and the attempts made at them.

use serde::{Deserialize, Serialize};

use super::{AlertId, AttemptId, DeliveryId, SenderId, Timestamp};

/// Where a delivery is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Due now or later; leased while somebody works on it.
    Pending,
    /// The destination took it.
    Sent,
    /// Given up: refused for good, or tried for too long. Can be sent again by hand.
    Dead,
    /// A newer message of the same group took its place before the first attempt.
    Superseded,
}

impl DeliveryState {
    /// The state's name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Superseded => "superseded",
        }
    }

    /// Whether nothing more happens by itself.
    pub fn is_terminal(self) -> bool {
        self != Self::Pending
    }
}

/// Where messages go: what a pace holds for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Destination {
    /// Driver key.
    pub driver: String,
    /// The sender's value. Not for logs.
    pub value: String,
}

/// One message on its way to one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Identity, stable over retries: receivers deduplicate on it.
    pub id: DeliveryId,
    /// The alert that it carries.
    pub alert: AlertId,
    /// Which part of a split message: an index into the trace's parts.
    pub part: u32,
    /// The sender that it was routed through (for its HMAC secret), while that exists.
    pub sender: Option<SenderId>,
    /// Driver key.
    pub driver: String,
    /// Destination.
    pub value: String,
    /// Shown instead of the value.
    pub alias: String,
    /// `groupKey` of the part. Order is kept per (driver, value, group key).
    pub group_key: String,
    /// Where it is on its way.
    pub state: DeliveryState,
    /// How many attempts were begun.
    pub attempts: u32,
    /// When the next attempt is due.
    pub due: Timestamp,
    /// When it was made, or last made due by hand: from here on retries are counted.
    pub created: Timestamp,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

impl Delivery {
    /// Where it goes.
    pub fn destination(&self) -> Destination {
        Destination {
            driver: self.driver.clone(),
            value: self.value.clone(),
        }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttemptOutcome {
    /// Taken by the destination.
    Sent,
    /// Failed, will be tried again.
    Retry,
    /// Failed for good.
    Permanent,
}

impl AttemptOutcome {
    /// The outcome's name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Retry => "retry",
            Self::Permanent => "permanent",
        }
    }
}

/// One try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Identity.
    pub id: AttemptId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Counted from 1.
    pub number: u32,
    /// When it began.
    pub started: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// How it ended.
    pub outcome: AttemptOutcome,
    /// Error text, or a short note of what the destination answered.
    pub message: String,
}
