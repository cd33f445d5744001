//! Promgen's HTTP server.
//!
//! Own accept loop on hyper, with the deadlines and bounds that a server needs ([`serve`]); axum for
//! the routes. A handler reads the request, calls one use case of `promgen_core::app`, and maps the
//! answer; which status an error gets is decided in one file.

mod bind;
mod connection;
mod credentials;
mod encoding;
mod error;
mod feed;
mod headers;
mod home;
mod intake;
mod query;
mod router;
mod serve;

pub use bind::{Bind, BindError, Listener};
pub use serve::{ServeError, ServeOptions, serve};
