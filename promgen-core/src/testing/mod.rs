//! Help for tests: what properties are checked with, and drivers and contexts that record.
//!
//! The body of a property is a plain function of bytes or text that panics when the property does
//! not hold. The unit tests call it with generated input, and so can a fuzz target. Nothing here
//! reads a clock or rolls dice: input decides everything.

mod auth;
mod clause;
mod contract;
mod discovery;
mod draw;
#[cfg(feature = "promql")]
mod expansion;
mod import;
#[cfg(feature = "promql")]
mod limit;
mod notify;
#[cfg(feature = "promql")]
mod promql;
pub mod render;
mod route;
mod runs;
#[cfg(feature = "config")]
mod settings;
#[cfg(feature = "promql")]
mod text;
mod tree;

pub use auth::{AuthCase, HeaderCase, RecordingAuthContext, auth_description_keeps_the_contract};
pub use clause::{Clause, hostile_name, legal_clause, soup};
pub use contract::{NotifierCase, block_on, is_registered, source_of};
pub use discovery::{
    RecordingDiscoveryContext, discovery_description_keeps_the_contract,
    discovery_keeps_the_contract, http_discovery_keeps_the_contract,
};
pub use draw::Draw;
#[cfg(feature = "promql")]
pub use expansion::{expansion_excludes_exactly_the_children, macro_body};
pub use import::{
    drawn_rules, drawn_targets, probes_import_body, rule_import_body, rules_come_back,
    silence_body, targets_import_body,
};
#[cfg(feature = "promql")]
pub use limit::{limit_body, limit_text_body};
pub use notify::{
    RecordingContext, RecordingNotifier, Sent, description_keeps_the_contract,
    http_notifier_keeps_the_contract,
};
#[cfg(feature = "promql")]
pub use promql::{Labels, Selector, selectors};
pub use route::{Case, alert_payload_body, routing_cases, routing_is_whole};
pub use runs::{bytes, property_config};
#[cfg(feature = "config")]
pub use settings::settings_body;
#[cfg(feature = "promql")]
pub use text::{rename_body, text_body};
pub use tree::tree_document_body;
