//! The use cases, free of transport: what a command, a route or a page calls.
//!
//! Each public function takes the [`App`] and the [`Actor`] on whose behalf it runs, decides the
//! permission itself, and does its whole change in one transaction that also writes the audit
//! entries and bumps the revision (`change.rs`). Nothing else in the workspace opens a transaction.
//!
//! Long-running work lives in [`worker`] (routing, delivery, deployment) and [`feed`] (the outputs
//! of the current revision, kept in memory).

mod actor;
pub mod alerts;
pub mod audit;
pub mod auth;
pub mod by_name;
mod change;
pub mod check;
pub mod datasources;
pub mod deploy;
pub mod doctor;
mod error;
mod export;
pub mod exporters;
pub mod farms;
pub mod feed;
mod files;
pub mod groups;
pub mod guide;
pub mod health;
pub mod hosts;
pub mod hours;
pub mod import;
mod input;
pub mod intake;
mod links;
pub mod login;
pub mod losses;
pub mod metrics;
mod open;
mod owners;
mod passwords;
pub mod people;
pub mod plugins;
pub mod policy;
pub mod presets;
pub mod probes;
pub mod projects;
mod promtool;
pub mod proxy;
mod random;
pub mod registration;
mod remembered;
mod rename;
pub mod reset;
pub mod roles;
mod router;
pub mod rules;
pub mod scrape;
pub mod search;
pub mod seen;
pub mod senders;
pub mod servers;
pub mod services;
pub mod sessions;
pub mod setup;
pub mod shards;
mod signal;
pub mod silences;
pub mod site;
mod subscriptions;
pub mod tokens;
pub mod tree;
pub mod urls;
pub mod users;
pub mod worker;
mod writer;

pub use crate::store::{Listed, Part, ProjectFilter, Slice, Sort, SortKey};
pub use actor::{Actor, Right};
pub use error::AppError;
pub use export::{Export, export};
pub use feed::{Outputs, Rendered, Selection};
pub use files::write_output;
pub use input::{Unread, Written, both};
pub use open::{App, Options, SchemaPolicy};
pub use rename::Mention;
