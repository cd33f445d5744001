//! Alerts as they are kept.

use serde::{Deserialize, Serialize};

use super::{AlertId, Timestamp};

/// Where an alert is on its way. The row is itself the task of routing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// Accepted and durable, not yet routed.
    Pending,
    /// Routed: its trace and deliveries are written.
    Routed,
    /// Dropped by the blacklist; kept for a day.
    Dropped,
    /// Routing itself failed for good; the trace says why.
    Failed,
}

impl AlertState {
    /// The state's name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Routed => "routed",
            Self::Dropped => "dropped",
            Self::Failed => "failed",
        }
    }
}

/// One webhook message of an Alertmanager, as it was posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Identity.
    pub id: AlertId,
    /// When it was accepted.
    pub created: Timestamp,
    /// The body as posted.
    pub body: String,
    /// Where it is on its way.
    pub state: AlertState,
    /// Deliveries that ended sent.
    pub sent_count: u32,
    /// Deliveries that ended dead.
    pub error_count: u32,
    /// JSON of the routing decisions; empty until routed.
    pub trace: String,
}
