//! Version 2: ids in paths, pages, and the document that it is described by.

mod services;

use crate::routes::Routes;

/// Its routes.
pub(super) fn routes() -> Routes {
    Routes::default().merge(services::routes())
}
