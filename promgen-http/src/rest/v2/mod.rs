//! Version 2: ids in paths, pages, and the document that it is described by.

mod alerts;
mod deliveries;
mod servers;
mod services;
mod silences;
mod tokens;
mod tree;

use crate::routes::Routes;

/// Its routes.
pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(alerts::routes())
        .merge(deliveries::routes())
        .merge(servers::routes())
        .merge(services::routes())
        .merge(silences::routes())
        .merge(tokens::routes())
        .merge(tree::routes())
}
