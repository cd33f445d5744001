//! Routes for programs, but for the exports.

mod alerts;
mod metrics;

pub(crate) use alerts::alerts;
pub(crate) use metrics::metrics;
