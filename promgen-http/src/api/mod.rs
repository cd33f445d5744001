//! Routes for programs, but for the exports.

mod alerts;

pub(crate) use alerts::alerts;
