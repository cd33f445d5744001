//! Alerts, purely: what Alertmanager posts, who hears about it and why, and how it reads.
//!
//! Nothing here waits, stores or sends. The intake, the delivery worker and `explain` call the same
//! functions.

mod message;

pub use message::{AlertItem, Message, MessageError};
