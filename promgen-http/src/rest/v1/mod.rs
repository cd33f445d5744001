//! Version 1: names in paths, plain lists, a slash at the end of every path (or `.json`, `.yaml`), as
//! scripts written for the original have it. Everything is below `/rest/` and `/api/` alike.
//!
//! What one may not see does not exist here, and only superusers change anything.

mod asked;
mod exports;
mod farms;
mod named;
mod paths;
mod projects;
mod root;
mod senders;
mod services;
mod shards;

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

/// Where it is.
const PREFIXES: [&str; 2] = ["/rest", "/api"];

/// Its routes.
pub(super) fn routes() -> Routes {
    PREFIXES
        .into_iter()
        .map(below)
        .fold(Routes::default(), Routes::merge)
}

fn below(prefix: &str) -> Routes {
    Routes::default()
        .on(Act::List, &Method::GET, &format!("{prefix}/"), root::root)
        .merge(exports::routes(prefix))
        .merge(services::routes(prefix))
        .merge(projects::routes(prefix))
        .merge(shards::routes(prefix))
        .merge(farms::routes(prefix))
}
