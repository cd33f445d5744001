//! Roles on services and projects: who has them, giving and taking them (spec 09 §2, §6).
//!
//! A user or group has at most one role on an object. The owner of an object is an admin of it, and
//! stays one for as long as they own it.

mod assign;
mod list;
mod named;
mod object;
mod overview;
mod revoke;

pub(super) use assign::put;
pub use assign::{Assigned, assign};
pub(super) use list::resources;
pub use list::{Members, Resource, find_to_manage, groups, members, users};
pub use named::{group_named, user_named};
pub(super) use object::{Holder, Object};
pub(super) use overview::named;
pub use overview::{Assignment, overview};
pub(super) use revoke::revocation;
pub use revoke::{Below, Revoked, revoke};
