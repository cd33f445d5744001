//! `/service`: services, listed and looked at; founded, changed, deleted.

mod beat;
mod delete;
mod detail;
mod form;
mod list;

use http::Method;
use promgen_core::app::policy::Act;

pub(super) use beat::Beat;

use super::frame::Crumb;
use super::text::Texts;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::List, get, "/service", list::show)
        .on(Act::Found, get, "/new/service", form::new)
        .on(Act::Found, post, "/new/service", form::create)
        .on(Act::See, get, "/service/{id}", detail::show)
        .on(Act::Edit, get, "/service/{id}/update", form::edit)
        .on(Act::Edit, post, "/service/{id}/update", form::update)
        .on(Act::Own, get, "/service/{id}/delete", delete::ask)
        .on(Act::Own, post, "/service/{id}/delete", delete::delete)
}

/// The way to the services.
pub(super) fn crumb(t: &Texts) -> Crumb {
    Crumb::new(t.say("frame-services"), "/service")
}
