//! Routes for programs, but for the exports.

mod alerts;
mod host;
mod import;
mod metrics;

pub(crate) use alerts::alerts;
pub(crate) use host::host;
pub(crate) use import::{targets, urls};
pub(crate) use metrics::metrics;
