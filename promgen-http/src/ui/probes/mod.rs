//! `/probe`: the modules of the blackbox exporter, a list that superusers keep.

mod delete;
mod form;
mod list;

use http::Method;
use promgen_core::app::policy::Act;

use super::frame::Crumb;
use super::text::Texts;
use crate::routes::Routes;

/// Where they are.
const HERE: &str = "/probe";

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::SeeSite, get, "/probe", list::show)
        .on(Act::ChangeSite, get, "/probe/new", form::new)
        .on(Act::ChangeSite, post, "/probe/new", form::create)
        .on(Act::ChangeSite, get, "/probe/{id}/update", form::edit)
        .on(Act::ChangeSite, post, "/probe/{id}/update", form::update)
        .on(Act::ChangeSite, get, "/probe/{id}/delete", delete::ask)
        .on(Act::ChangeSite, post, "/probe/{id}/delete", delete::delete)
}

/// The way to the probes, and to one of their pages.
fn crumbs(t: &Texts, last: Option<Crumb>) -> Vec<Crumb> {
    let title = t.say("frame-probes");
    match last {
        None => vec![Crumb::here(title)],
        Some(last) => vec![Crumb::new(title, HERE), last],
    }
}
