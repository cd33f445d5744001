//! `/group`: groups of users, listed and looked at; founded, renamed, deleted; and their members.

mod delete;
mod detail;
mod form;
mod list;
mod members;
mod remove;

use http::Method;
use promgen_core::app::policy::Act;
use promgen_core::model::{Group, GroupRole};

use super::frame::Crumb;
use super::parts::Choice;
use super::text::Texts;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::List, get, "/group", list::show)
        .on(Act::Found, get, "/group/new", form::new)
        .on(Act::Found, post, "/group/new", form::create)
        .on(Act::SeeGroup, get, "/group/{id}", detail::show)
        .on(Act::ManageGroup, get, "/group/{id}/update", form::edit)
        .on(Act::ManageGroup, post, "/group/{id}/update", form::update)
        .on(Act::ManageGroup, get, "/group/{id}/delete", delete::ask)
        .on(Act::ManageGroup, post, "/group/{id}/delete", delete::delete)
        .on(
            Act::ManageGroup,
            get,
            "/group/{id}/add-member",
            members::new,
        )
        .on(
            Act::ManageGroup,
            post,
            "/group/{id}/add-member",
            members::add,
        )
        .on(
            Act::ManageGroup,
            post,
            "/group/{id}/update-member",
            members::update,
        )
        .on(
            Act::ManageGroup,
            get,
            "/group/{id}/remove-member",
            remove::ask,
        )
        .on(
            Act::ManageGroup,
            post,
            "/group/{id}/remove-member",
            remove::remove,
        )
}

/// The way to what is done with a group.
fn crumbs(t: &Texts, group: &Group, what: &'static str) -> Vec<Crumb> {
    vec![
        crumb(t),
        Crumb::new(&group.name, format!("/group/{}", group.id)),
        Crumb::here(t.say(what)),
    ]
}

/// The way to the groups.
fn crumb(t: &Texts) -> Crumb {
    Crumb::new(t.say("frame-groups"), "/group")
}

/// The roles that a member can have.
const ROLES: [GroupRole; 2] = [GroupRole::Member, GroupRole::Admin];

/// The key of a role's word.
pub(super) fn word(role: GroupRole) -> &'static str {
    match role {
        GroupRole::Member => "groups-member",
        GroupRole::Admin => "groups-admin",
    }
}

/// The roles to choose from.
fn choices(t: &Texts, chosen: GroupRole) -> Vec<Choice> {
    let choice = |role: GroupRole| Choice::new(role.codename(), t.say(word(role)), role == chosen);
    ROLES.into_iter().map(choice).collect()
}

/// The role of a codename, such as `group_admin`.
fn role(codename: &str) -> Option<GroupRole> {
    ROLES.into_iter().find(|role| role.codename() == codename)
}
