//! Connections: where they are accepted, and what they may cost.
//!
//! The loop must survive everything that a peer or the system does to it: it ends only when it is
//! told to stop.

mod accept;
mod bind;
mod listener;
mod stream;

pub(crate) use accept::accept;
pub use bind::{Bind, BindError};
pub use listener::Listener;
pub(crate) use stream::Stream;
