//! Notifiers: who hears about the alerts of a service, a project or a person, and by what.

mod delete;
mod filters;
mod part;
mod register;
mod subscribe;
mod test;
mod toggle;
mod view;
mod whose;

pub(crate) use part::NotifierTable;
pub(super) use register::create_own;
pub(crate) use whose::{label, shown, words};

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(
            Act::Edit,
            get,
            "/service/{id}/notifier",
            register::of_service,
        )
        .on(
            Act::Edit,
            post,
            "/service/{id}/notifier",
            register::create_of_service,
        )
        .on(
            Act::Edit,
            get,
            "/project/{id}/notifier",
            register::of_project,
        )
        .on(
            Act::Edit,
            post,
            "/project/{id}/notifier",
            register::create_of_project,
        )
        .on(Act::SeeSelf, get, "/profile/notifier", register::own)
        .on(Act::ChangeSelf, post, "/profile/notifier", create_own)
        .on(
            Act::Subscribe,
            post,
            "/service/{id}/subscribe",
            subscribe::to_service,
        )
        .on(
            Act::Subscribe,
            post,
            "/project/{id}/subscribe",
            subscribe::to_project,
        )
        .on(Act::See, get, "/notifier/{id}", view::show)
        .on(Act::Edit, post, "/notifier/{id}", filters::change)
        .on(
            Act::Edit,
            get,
            "/notifier/{id}/filters/{filter}",
            filters::ask,
        )
        .on(Act::Edit, get, "/notifier/{id}/toggle", toggle::ask)
        .on(Act::Edit, post, "/notifier/{id}/toggle", toggle::toggle)
        .on(Act::Edit, post, "/notifier/{id}/test", test::test)
        .on(Act::Edit, get, "/notifier/{id}/delete", delete::ask)
        .on(Act::Edit, post, "/notifier/{id}/delete", delete::delete)
}
