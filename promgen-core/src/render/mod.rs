//! Turning the tree into the bytes that Prometheus loads.
//!
//! Pure: the same tree gives the same bytes, whatever order the database had its rows in. Every
//! order is by explicit keys with a unique last one. Formats are those of Promgen (`spec 03`): JSON
//! with two blanks and sorted keys, YAML in block style with sorted keys.

mod gate;
mod json;
mod rules;
mod select;
mod targets;
mod urls;
pub(crate) mod yaml;

pub use gate::gate;
pub use rules::{RuleEntry, RuleGroup, RuleOptions, rule_groups, rules};
pub use select::Select;
pub use targets::targets;
pub use urls::urls;
