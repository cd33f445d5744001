//! The only door to the network.
//!
//! One client, several classes of destinations. `Infra` reaches what the operator configured, as it
//! is. `Notify` and `Scrape` reach what users typed in, and therefore neither this machine nor its
//! cloud's metadata. Every resolved address is checked, and only a checked one is dialled, so that a name
//! that changes between check and dial gains nothing. Redirects are never followed.

mod client;
mod context;
mod discovery;
mod guard;
mod login;
mod measured;
mod resolver;
mod streaming;

pub use client::{Client, EgressError, EgressFailure};
pub use context::{Answered, EgressContext, Exchange};
pub use discovery::EgressDiscovery;
pub use guard::{Class, Guard, Refusal};
pub use login::EgressLogin;
pub use measured::Measured;
pub use streaming::Streaming;

#[cfg(test)]
mod tests;
