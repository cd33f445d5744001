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
//!
//! From files to outputs, without a database:
//!
//! ```
//! use promgen_core::import::{
//!     TargetsOptions, import_config, import_rules_v2, plan_rules, plan_targets,
//! };
//! use promgen_core::model::{GroupOptions, Problem, RuleOwner, Site, Tree};
//! use promgen_core::render::{RuleOptions, Select, rules, rules_v1, targets, urls};
//! use promgen_core::rules::{OverrideIndex, expand};
//!
//! let site = Site {
//!     domain: "promgen.example.com".to_owned(),
//!     name: "Promgen".to_owned(),
//!     group: GroupOptions::default(),
//! };
//! let elements = r#"[{"labels": {"service": "shop", "project": "web", "farm": "f", "job": "node"},
//!     "targets": ["a:9100"]}]"#;
//! let file = import_config(elements);
//! let tree = plan_targets(&file, &TargetsOptions::default(), &Tree::empty(site))?.target;
//!
//! let file = import_rules_v2("{alert: Down, expr: 'up{<exclude>} == 0', labels: {service: shop}}");
//! let tree = plan_rules(&file, None, &tree)?.target;
//! assert!(matches!(tree.rules[0].owner, RuleOwner::Service(_)));
//!
//! let macros = OverrideIndex::new(&tree);
//! assert_eq!(expand(&tree.rules[0].clause, macros.of(tree.rules[0].id)).text, "up{} == 0");
//! assert!(targets(&tree, &Select::All).contains("a:9100"));
//! assert!(rules(&tree, &Select::All, &RuleOptions::default()).contains("- alert: Down"));
//! assert!(rules_v1(&tree, &Select::All, &RuleOptions::default()).contains("ALERT Down"));
//! assert_eq!(urls(&tree, &Select::All), "[]");
//! # Ok::<(), Vec<Problem>>(())
//! ```

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
