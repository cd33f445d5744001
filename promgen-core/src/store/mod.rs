//! The database: the only place that names the ORM.
//!
//! One concrete [`Store`] keeps the tree, the audit log, the alerts and the outbox, on `SQLite`,
//! `PostgreSQL` or `MariaDB`. It answers in the types of [`model`](crate::model); rows
//! (`entity`) and the schema (`migration`) never leave this module.
//!
//! What holds here:
//! - All reading and writing goes through a [`Tx`]: [`Store::write_tx`] for changes,
//!   [`Store::read_tx`] for one consistent picture. A `Tx` that is dropped is rolled back.
//! - Nothing in here reads a clock, decides a permission or waits for the network of anybody but
//!   the database.
//! - Texts are compared byte by byte on every database, and times are milliseconds in 64 bits.
//! - The store does not judge what it is given beyond keys and references: names, durations and
//!   clauses are checked by whoever builds them.
//!
//! Tables, delete behaviour and the words used are told in `docs/DATA-MODEL.md`.

mod account;
mod address;
mod alert;
mod alert_search;
mod around;
mod audit;
mod audit_filter;
mod connect;
mod crud;
mod delivery;
mod entity;
mod error;
mod exporter;
mod exporter_page;
mod family;
mod farm;
mod farm_page;
mod figures;
mod finish;
mod grant_page;
mod group;
mod guide;
mod history;
mod holder;
mod host_page;
mod hours;
mod identity;
mod intake;
mod link;
mod migration;
mod named;
mod owned;
mod page;
mod present;
mod probe;
mod project_page;
mod proxied;
mod queue;
mod reach;
mod role;
mod roster;
mod routing;
mod rows;
mod rule;
mod sample;
mod search;
mod sender;
mod sender_page;
mod server;
mod server_comparison;
mod server_task;
mod service;
mod session;
mod shard;
mod shard_page;
mod site;
mod sort;
mod subscribed;
mod subscription;
mod tally;
mod token;
mod tree;
mod tx;
mod url_page;
mod user;
mod visible;
mod waits;
mod worker;

pub use account::{Account, AccountFilter};
pub use address::Backend;
pub use alert_search::{AlertFilter, DeliveryFilter, Names};
pub use audit_filter::{AuditFilter, AuditScope, History};
pub use connect::{Create, Store};
pub use error::{Cause, Shared, StoreError};
pub use exporter::ExporterFilter;
pub use exporter_page::{ExporterKind, ExporterSearch};
pub use farm_page::FarmFilter;
pub use figures::{Backlog, Census};
pub use grant_page::GrantFilter;
pub use guide::Milestones;
pub use history::{AlertPage, AnyLabel, Bounds, HistoryFilter, HowMany};
pub use hours::{AlertHour, AlertTally, DeliveryHour, DeliveryTally, Tallied};
pub use migration::Schema;
pub use page::{Listed, Slice};
pub use present::Named;
pub use project_page::{ProjectFilter, ProjectOrder};
pub use queue::{Finished, Lease, NewAlert, NewDelivery, NewRouted, Placed, QueueDepth, Routed};
pub use roster::Roster;
#[cfg(feature = "runtime")]
pub(crate) use rows::storable;
pub use rule::RuleFilter;
pub use sample::Sample;
pub use search::MOST_HOSTS;
pub use sender_page::SenderFilter;
pub use shard_page::ShardService;
pub use sort::{
    AccountKey, EveryExporterKey, ExporterKey, FarmKey, GrantKey, GroupKey, HolderKey, MemberKey,
    NameKey, Part, ProjectKey, ResourceKey, RuleKey, SenderKey, ServiceKey, ShardKey, Sort,
    SortKey, TokenKey, UrlKey, WhenKey,
};
pub use tally::Tally;
pub use token::TokenFilter;
pub use tx::Tx;
pub use url_page::UrlFilter;
pub use visible::Visible;
pub use waits::PoolState;
