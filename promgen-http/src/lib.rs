//! Promgen over HTTP: exports, alert intake, and the page that says what runs here.
//!
//! [`serve`] takes an [`App`](promgen_core::app::App) and bound [`Listener`]s and answers requests
//! until it is told to stop. Connections are accepted by a loop of our own ([`net`]), because
//! limits on headers, bodies, stalled peers and the number of connections belong in front of any
//! handler.
//!
//! A handler extracts, calls one function of `promgen_core::app`, maps the answer, returns. It never
//! opens a transaction and never decides a permission. What becomes of an error is decided in one
//! file, `error.rs`.

mod api;
mod error;
mod extract;
mod feed;
mod first_run;
mod middleware;
pub mod net;
mod proxy;
mod rest;
mod router;
mod routes;
mod serve;
mod state;
mod ui;

pub use first_run::first_run;
pub use net::{Bind, BindError, Listener};
pub use router::{route_rows, router};
pub use routes::RouteRow;
pub use serve::{ServeError, ServeOptions, serve};
pub use state::Server;
