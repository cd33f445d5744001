//! Taking over what other programs wrote: rule files of Prometheus, targets files (of another
//! Promgen, or of any `file_sd`), configurations of the blackbox exporter.
//!
//! Pure, in two steps. Reading makes drafts of a text and collects every finding, each with line
//! and column: [`import_rules_v2`], [`import_config`], [`import_probes`]. Planning works out the
//! whole tree afterwards, as applying a tree document does: [`plan_rules`], [`plan_targets`],
//! [`plan_probes`]. An import adds and never removes; with one error among the findings nothing is
//! planned at all.
//!
//! [`check_rules`] reads and stops there: a native check of a rule file.

mod address;
mod farms;
mod outcome;
mod path;
mod probes;
mod rule_draft;
mod rule_file;
mod rules_plan;
mod source;
mod targets_file;
mod targets_plan;
#[cfg(test)]
mod tests;

pub use outcome::{ImportReport, Imported};
pub use probes::{ProbesFile, import_probes, plan_probes};
pub use rule_draft::RuleDraft;
pub use rule_file::{GroupDraft, RuleFile, check_rules, import_rules_v2};
pub use rules_plan::plan_rules;
pub use source::MAX_BYTES;
pub use targets_file::{TargetsDraft, TargetsFile, import_config};
pub use targets_plan::{TargetsOptions, plan_targets};
