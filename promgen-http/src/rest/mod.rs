//! The REST API: version 2 below `/rest/v2/`, version 1 below `/rest/` and `/api/` (spec 04 §6, §7).
//!
//! A handler extracts, calls one use case, and answers with a representation of its own: what is
//! on the wire is decided here, and never by a type of the model.

mod body;
mod caller;
mod cursor;
mod docs;
mod document;
mod error;
mod filters;
mod finding;
mod page;
mod problems;
mod v1;
mod v2;

pub(crate) use body::Body;
pub(crate) use caller::Caller;
pub(crate) use error::RestError;
pub(crate) use filters::Filters;
pub(crate) use finding::Finding;
pub(crate) use page::{Page, PageOf};
pub(crate) use problems::warnings;

use crate::routes::Routes;

/// All routes of the REST API.
pub(crate) fn routes() -> Routes {
    Routes::with_document(document::frame())
        .merge(v1::routes())
        .merge(v2::routes())
        .merge(docs::routes())
}
