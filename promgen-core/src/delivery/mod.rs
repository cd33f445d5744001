//! How deliveries go, purely: when a destination may be asked, and what follows an attempt.

mod backoff;
mod lanes;
mod next;

pub use backoff::{LONGEST_RETRY_AFTER, backoff};
pub use lanes::{Health, Lanes, Passage, Turn};
pub use next::{Next, next};
