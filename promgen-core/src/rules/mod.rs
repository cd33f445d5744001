//! What makes Promgen Promgen, purely: the `<exclude>` macro, the override tree, the checks.
//!
//! A general rule must not fire for what an override covers. The macro marks the place in a clause
//! where the matchers that keep it off go; expansion works on `PromQL` tokens, never on bare text.

mod check;
mod expand;
mod literal;
mod overrides;
mod rename;
mod selector;
mod template;
mod token;

pub use check::{check_accepted_rule, check_rule};
#[cfg(feature = "promql")]
pub(crate) use expand::escape_regex;
pub(crate) use literal::{quoted, unquote};

pub use expand::{Expansion, Overrides, expand};
pub use overrides::{OverrideIndex, check_parent, derive_override};
pub use rename::{Renamed, rename};
pub use token::{Token, TokenKind, tokenize};

/// The macro as it is usually written.
pub const MACRO: &str = "<exclude>";
