//! How a delivery goes on after an attempt, purely: retried, sent, or given up.

mod backoff;
mod next;

pub use backoff::backoff;
pub use next::{Next, next};
