//! Promgen as a library: the domain model, the `<exclude>` macro, the renderers, alert routing, and
//! the traits that plugins implement.
//!
//! Without features there is no SQL and no HTTP in here. The features are additive: `egress` (the
//! guarded HTTP client), `store` with `sqlite`, `postgres`, `mysql` (the database), `runtime` (the
//! use cases and workers), `config` (loading of settings), `testing`.
//!
//! Which module may know which is told in `docs/ARCHITECTURE.md`.

pub mod alert;
pub mod config;
pub mod delivery;
mod document;
pub mod exposition;
pub mod import;
pub mod model;
pub mod plugin;
#[cfg(feature = "promql")]
pub mod promql;
pub mod render;
pub mod rules;
pub mod tree;

#[cfg(feature = "runtime")]
pub mod app;
#[cfg(feature = "egress")]
pub mod egress;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
