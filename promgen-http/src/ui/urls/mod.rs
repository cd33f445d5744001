//! `/url`: what is probed from outside; all of it, and one more or less.

mod delete;
mod list;
mod register;

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

/// The routes of this module. In `/url/{id}/new` the id is that of the project, as with the original.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::List, get, "/url", list::show)
        .on(Act::Edit, get, "/url/{id}/new", register::form)
        .on(Act::Edit, post, "/url/{id}/new", register::register)
        .on(Act::Edit, get, "/url/{id}/delete", delete::ask)
        .on(Act::Edit, post, "/url/{id}/delete", delete::delete)
}
