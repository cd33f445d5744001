//! `/host`: machines over all farms, and one with everything that touches it.
//!
//! In `/host/{id}` stands the name of a host, in `/host/{id}/delete` the id of a host in a farm, as
//! with the original.

mod delete;
mod detail;
mod health;
mod list;

use http::Method;
use promgen_core::app::policy::Act;

use super::frame::Crumb;
use super::text::Texts;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::List, get, "/host", list::show)
        .on(Act::List, get, "/host/", list::show)
        .on(Act::List, get, "/host/{id}", detail::show)
        .on(Act::List, get, "/host/{id}/health", health::show)
        .on(Act::Edit, get, "/host/{id}/delete", delete::ask)
        .on(Act::Edit, post, "/host/{id}/delete", delete::delete)
}

/// The way to the hosts.
fn crumb(t: &Texts) -> Crumb {
    Crumb::new(t.say("frame-hosts"), "/host/")
}
