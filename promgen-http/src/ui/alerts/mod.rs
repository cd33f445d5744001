//! `/alert`: what fires, what came, who was told and why others were not.

mod active;
mod again;
mod badges;
mod detail;
mod filter;
mod items;
mod list;
mod part;
mod trace;

pub(crate) use part::{ActivePanel, AlertCard};
pub(crate) use trace::reason;

use http::Method;
use promgen_core::app::policy::Act;

use super::frame::Crumb;
use super::text::Texts;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::List, get, "/alert", list::show)
        .on(Act::ListSilences, get, "/alert/active", active::show)
        .on(Act::ListSilences, get, "/badges", badges::show)
        .on(Act::See, get, "/alert/{id}", detail::show)
        .on(Act::Edit, post, "/alert/{id}/again", again::again)
}

/// The way to the alerts.
fn crumb(t: &Texts) -> Crumb {
    Crumb::new(t.say("frame-alert-history"), "/alert")
}
