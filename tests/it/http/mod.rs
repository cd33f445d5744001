//! The HTTP server on a real port, asked by a client that sends exactly the bytes that it is told.

mod alerts;
pub(crate) mod client;
mod exports;
mod limits;
mod site;
