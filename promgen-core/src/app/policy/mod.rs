//! Who may do what: one table of acts ([`Act`]), and what somebody has ([`Access`]).
//!
//! A use case names its act; the table says what the act needs; [`Access::require`] compares that
//! with what the actor has. Rights that are about the whole installation are decided by
//! [`Actor::require`](super::Actor::require), roles on services, projects and groups here
//! (spec 09). Routes bear the act of their use case, so that a test can walk all of them.

mod access;
mod act;

pub use access::{Access, May, On};
pub use act::{Act, Need};
