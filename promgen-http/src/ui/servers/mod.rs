//! `/servers`: how the Prometheus servers stand to what Promgen has, and what comes next.

mod list;
mod pending;
mod tasks;

pub(super) use tasks::{TaskCell, deploy_all};

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::SeeSite, get, "/servers", list::show)
        .on(Act::ChangeSite, post, "/servers/deploy", list::deploy)
        .on(Act::ChangeSite, post, "/servers/{id}/ask", tasks::ask)
        .on(Act::SeeAll, get, "/servers/pending", pending::show)
        .on(
            Act::SeeAll,
            get,
            "/servers/{id}/pending",
            pending::of_server,
        )
}
