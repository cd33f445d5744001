//! Turning the tree into bytes that Prometheus loads: targets, URLs, rules.
//!
//! Everything in here is a pure function of a [`Tree`](crate::model::Tree): the same tree gives the
//! same bytes, whatever the order in which a database hands out its rows, for every list is sorted
//! by fixed keys with a unique last one. The bytes are laid out as Promgen lays them out (JSON with
//! two blanks, sorted keys and `\u` escapes; YAML blocks with sorted keys), so that moving over
//! gives no diff for ordinary data.
//!
//! The outputs are shared by all teams. So [`gate()`] tells, before a change is committed, whether
//! Prometheus would refuse a whole file after it.
//!
//! This module must never do I/O, and never read the clock. An object whose owner is missing is
//! left out, for one broken row must not take the output of everybody with it.

mod gate;
mod json;
mod rule_dict;
mod rules;
mod rules_v1;
mod select;
mod targets;
mod urls;
pub(crate) mod yaml;

#[cfg(all(test, feature = "testing"))]
mod tests;

pub use gate::gate;
pub use rule_dict::rule_dict;
pub use rules::{RuleEntry, RuleGroup, RuleOptions, rule_groups, rule_yaml, rules};
pub use rules_v1::rules_v1;
pub use select::Select;
pub use targets::targets;
pub use urls::urls;
