//! `/admin/`: what superusers look after: people, tokens, the site.

mod active;
mod delete_sessions;
mod exporters;
mod fields;
mod link;
mod merge;
mod notifiers;
mod overview;
mod password;
mod plugins;
mod roles;
mod site;
mod token_form;
mod tokens;
mod user;
mod user_form;
mod users;

use http::Method;
use promgen_core::app::policy::Act;
use promgen_core::app::{AppError, Right};
use promgen_core::model::User;

use super::frame::{Crumb, Viewer};
use super::members::Choices;
use super::parts::Choice;
use super::text::Texts;
use crate::Server;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    let may = Act::Administer;
    Routes::default()
        .on(may, get, "/admin", overview::without_slash)
        .on(may, get, "/admin/", overview::show)
        .on(may, get, "/admin/user", users::show)
        .on(may, get, "/admin/user/new", user_form::new)
        .on(may, post, "/admin/user/new", user_form::create)
        .on(may, get, "/admin/user/{id}", user::show)
        .on(may, get, "/admin/user/{id}/update", user_form::edit)
        .on(may, post, "/admin/user/{id}/update", user_form::update)
        .on(may, get, "/admin/user/{id}/password", password::ask)
        .on(may, post, "/admin/user/{id}/password", password::set)
        .on(may, post, "/admin/user/{id}/link", link::make)
        .on(may, get, "/admin/user/{id}/disable", active::ask)
        .on(may, post, "/admin/user/{id}/disable", active::disable)
        .on(may, post, "/admin/user/{id}/enable", active::enable)
        .on(
            may,
            get,
            "/admin/user/{id}/sessions/delete",
            delete_sessions::ask,
        )
        .on(
            may,
            post,
            "/admin/user/{id}/sessions/delete",
            delete_sessions::delete,
        )
        .on(may, get, "/admin/auth/user/merge/", merge::ask)
        .on(may, post, "/admin/auth/user/merge/", merge::merge)
        .on(may, get, "/admin/notifier", notifiers::show)
        .on(may, get, "/admin/exporter", exporters::show)
        .on(may, get, "/admin/role", roles::show)
        .on(may, get, "/admin/token", tokens::show)
        .on(may, get, "/admin/token/new", token_form::new)
        .on(may, post, "/admin/token/new", token_form::create)
        .on(may, get, "/admin/token/{id}/delete", tokens::ask)
        .on(may, post, "/admin/token/{id}/delete", tokens::revoke)
        .on(Act::ChangeSite, get, "/admin/site", site::edit)
        .on(Act::ChangeSite, post, "/admin/site", site::update)
        .on(may, get, "/admin/plugins", plugins::show)
}

/// Refuses forms to everybody but superusers, before there is anything to send.
fn admit(server: &Server, viewer: &Viewer) -> Result<(), AppError> {
    let settings = server.app.settings();
    viewer.actor().require(Right::Administer, settings)
}

/// The way to the administration.
fn crumb(t: &Texts) -> Crumb {
    Crumb::new(t.say("frame-admin"), "/admin/")
}

/// The way to a page of the administration.
fn crumbs(t: &Texts, what: &'static str) -> Vec<Crumb> {
    vec![crumb(t), Crumb::here(t.say(what))]
}

/// The way to what is done with a user.
fn user_crumbs(t: &Texts, user: &User, what: &'static str) -> Vec<Crumb> {
    vec![
        crumb(t),
        Crumb::new(t.say("admin-users"), "/admin/user"),
        Crumb::new(&user.username, page_of(user)),
        Crumb::here(t.say(what)),
    ]
}

/// The page of a user.
fn page_of(user: &User) -> String {
    format!("/admin/user/{}", user.id)
}

/// The choice that narrows nothing. It names what it is about, for a list that drops down has no
/// other place for that.
fn any(what: &'static str, chosen: bool, t: &Texts) -> Choice {
    Choice::new("", t.name("admin-any-of", t.say(what)), chosen)
}

/// What is switched on, or off, or both.
fn states(enabled: Option<bool>, t: &Texts) -> Choices {
    let choice = |value: &str, word, on| Choice::new(value, t.say(word), enabled == Some(on));
    Choices::of(vec![
        any("admin-notifiers-state", enabled.is_none(), t),
        choice("on", "admin-notifiers-on", true),
        choice("off", "admin-notifiers-off", false),
    ])
}
