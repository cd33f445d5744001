//! `/import` and `/import/rules`: taking over targets and rules.

mod landing;
mod page;
mod report;
mod rules;
mod sent;
mod targets;

pub(super) use report::Report;

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::ChangeSite, get, "/import", targets::ask)
        .on(Act::ChangeSite, post, "/import", targets::import)
        .on(Act::ChangeSite, get, "/import/rules", rules::ask)
        .on(Act::ChangeSite, post, "/import/rules", rules::import)
}
