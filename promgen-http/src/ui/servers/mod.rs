//! `/servers`: how the Prometheus servers stand to what Promgen has, and what comes next.

mod list;
mod pending;

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::SeeSite, get, "/servers", list::show)
        .on(Act::ChangeSite, post, "/servers/deploy", list::deploy)
        .on(Act::SeeAll, get, "/servers/pending", pending::show)
}
