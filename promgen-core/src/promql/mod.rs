//! Expressions of other people, read with promql-parser: bounded, formatted, and limited to what
//! their author may see.
//!
//! What leaves this module was printed from the syntax tree and read back to the same tree: nothing
//! of the text that came in survives that the parser did not understand.

mod enforce;
mod error;
mod limit;
mod parse;
mod print;

pub use enforce::{enforce, enforce_selectors};
pub use error::QueryError;
pub use limit::Limit;
pub(crate) use parse::requoted;
pub use print::format;
