//! `/datasource`: shards and the Prometheus servers in them.

mod delete;
mod detail;
mod form;
mod list;
mod servers;

use http::Method;
use promgen_core::app::AppError;
use promgen_core::app::policy::Act;

use super::frame::Crumb;
use super::servers::deploy_all;
use super::text::Texts;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    let change = Act::ChangeSite;
    let (update, delete) = ("/datasource/{id}/update", "/datasource/{id}/delete");
    let (new, one) = (
        "/datasource/{id}/server",
        "/datasource/{id}/server/{server}",
    );
    let gone = "/datasource/{id}/server/{server}/delete";
    Routes::default()
        .on(Act::SeeSite, get, "/datasource", list::show)
        .on(change, get, "/datasource/new", form::new)
        .on(change, post, "/datasource/new", form::create)
        .on(Act::SeeSite, get, "/datasource/{id}", detail::show)
        .on(change, get, update, form::edit)
        .on(change, post, update, form::update)
        .on(change, get, delete, delete::ask)
        .on(change, post, delete, delete::delete)
        .on(change, post, "/datasource/{id}/deploy", deploy_all)
        .on(change, get, new, servers::new)
        .on(change, post, new, servers::create)
        .on(change, get, one, servers::edit)
        .on(change, post, one, servers::update)
        .on(change, get, gone, servers::ask)
        .on(change, post, gone, servers::delete)
}

/// The way to the datasources.
fn crumb(t: &Texts) -> Crumb {
    Crumb::new(t.say("frame-datasource"), "/datasource")
}

/// A port as somebody typed it.
pub(super) fn port(text: &str) -> Result<u16, AppError> {
    let port = text.trim().parse::<u16>().ok().filter(|port| *port > 0);
    port.ok_or_else(|| AppError::invalid("port", "is not a port", "give a number from 1 to 65535"))
}
