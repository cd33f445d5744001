//! The tree document: the whole tree as text, and back.
//!
//! Pure: [`read`] makes a [`Document`] of a text, [`plan`] works out the tree as it should be after
//! applying it, [`write()`] makes the canonical text of a tree. The format and its semantics are
//! documented in `docs/TREE.md`.

mod document;
pub(crate) mod draft;
mod plan;
mod read;
mod summary;
#[cfg(test)]
mod tests;
mod write;
mod yaml;

#[cfg(feature = "runtime")]
pub use crate::model::USER_DRIVER;
pub use document::Document;
pub use plan::{Plan, PlanOptions, plan};
pub use read::read;
pub use summary::{Change, Summary};
pub use write::{ExportOptions, write};
