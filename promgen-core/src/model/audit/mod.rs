//! The audit log: who changed what, from what, to what.

mod called;
mod deed;
mod entry;
mod kind;
mod told;

pub use called::Called;
pub use deed::{Deed, Members};
pub use entry::AuditEntry;
pub use kind::AuditKind;
pub use told::Told;
