//! A process that works.

use super::Timestamp;

/// A process that works on a queue, and when it was last heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// The machine on which it runs; at most 128 characters.
    pub hostname: String,
    /// Its process id there.
    pub process: u32,
    /// Whether it routes and delivers alerts.
    pub alerts: bool,
    /// The hosts whose Prometheus servers it looks after.
    pub servers: Vec<String>,
    /// When it began.
    pub started: Timestamp,
    /// When it last said that it lives.
    pub seen: Timestamp,
}
