//! What somebody asked of a Prometheus server.

use std::fmt;
use std::str::FromStr;

use super::{ServerId, Timestamp};

/// What the worker of a server can be asked to do (spec 08 §19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskKind {
    /// Tell what the next deployment changes.
    Compare,
    /// Write its files anew, whether they changed or not, and load them.
    Deploy,
    /// Load its files anew.
    Reload,
    /// Free the disk of series that were deleted.
    CleanTombstones,
}

impl TaskKind {
    /// All of them, in the order in which they are done.
    pub const ALL: [Self; 4] = [
        Self::Compare,
        Self::Deploy,
        Self::Reload,
        Self::CleanTombstones,
    ];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compare => "compare",
            Self::Deploy => "deploy",
            Self::Reload => "reload",
            Self::CleanTombstones => "tombstones",
        }
    }
}

impl fmt::Display for TaskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TaskKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| format!("{text} is nothing that a server can be asked"))
    }
}

/// The last time that something was asked of a server, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerTask {
    /// The server.
    pub server: ServerId,
    /// What.
    pub kind: TaskKind,
    /// Who asked, as the audit log has it.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// When its worker was through with it; `None` as long as it waits.
    pub done_at: Option<Timestamp>,
    /// Why it failed; `None` when it did not.
    pub error: Option<String>,
}
