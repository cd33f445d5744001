//! Roles on services and projects: who has them, giving and taking them (spec 09 §2, §6).
//!
//! A user or group has at most one role on an object. The owner of an object is an admin of it, and
//! stays one for as long as they own it.

mod assign;
mod list;
mod object;
mod revoke;

pub(super) use assign::put;
pub use assign::{Assigned, assign};
pub use list::{groups, users};
pub(super) use object::{Holder, Object};
pub use revoke::{Below, Revoked, revoke};
