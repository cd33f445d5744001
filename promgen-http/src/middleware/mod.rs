//! What stands in front of every route.

mod deadline;
mod headers;
mod log;
mod metrics;
mod nul;

pub(crate) use deadline::deadline;
pub(crate) use headers::headers;
pub(crate) use log::log;
pub(crate) use metrics::metrics;
pub(crate) use nul::nul;
