//! `/guide`: from an empty installation to the first alert, ticked off as the data shows it.

mod page;
mod post;
mod snippets;
mod steps;

use http::Method;
use promgen_core::app::policy::Act;

pub(super) use steps::Steps;

use crate::routes::Routes;

/// Where it is.
const HERE: &str = "/guide";

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::Administer, get, HERE, page::show)
        .on(Act::Administer, post, "/guide/start", post::start)
        .on(Act::Administer, post, "/guide/token", post::token)
        .on(Act::ChangeSelf, post, "/guide/hide", post::hide)
}
