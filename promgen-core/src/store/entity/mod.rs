//! One file per table: the columns as Rust sees them.
//!
//! Rows never leave [`store`](super); the functions beside this folder turn them into the types of
//! [`model`](crate::model) and back. Lengths, keys and indexes are told in
//! [`migration`](super::migration), the only truth about the schema.

pub(super) mod alert;
pub(super) mod alert_hour;
pub(super) mod alert_label;
pub(super) mod attempt;
pub(super) mod audit;
pub(super) mod claimed_member;
pub(super) mod default_exporter;
pub(super) mod delivery;
pub(super) mod delivery_hour;
pub(super) mod exporter;
pub(super) mod farm;
pub(super) mod filter;
pub(super) mod host;
pub(super) mod identity;
pub(super) mod member;
pub(super) mod metric_sample;
pub(super) mod one_time_link;
pub(super) mod probe;
pub(super) mod project;
pub(super) mod prometheus;
pub(super) mod revision;
pub(super) mod role;
pub(super) mod rule;
pub(super) mod sender;
pub(super) mod server_comparison;
pub(super) mod server_state;
pub(super) mod server_task;
pub(super) mod service;
pub(super) mod session;
pub(super) mod shard;
pub(super) mod site;
pub(super) mod token;
pub(super) mod url;
pub(super) mod user_group;
pub(super) mod users;
pub(super) mod worker;
