//! Who has roles on services and projects: a tab of their pages, and what is done there.

mod assign;
mod delete;
mod object;
mod suggest;
mod tab;

pub(super) use suggest::{GROUPS, SuggestPage, Suggestions, USERS, groups, users};
pub(super) use tab::MembersTab;

use askama::Template;
use http::Method;
use promgen_core::app::policy::Act;
use promgen_core::model::{Role, RoleOn};

use super::parts::Choice;
use super::text::Texts;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::Manage, get, "/permission/assign", assign::new)
        .on(Act::Manage, post, "/permission/assign", assign::assign)
        .on(Act::Manage, get, "/permission/delete", delete::ask)
        .on(Act::Manage, post, "/permission/delete", delete::delete)
}

/// The roles that can be given, the least first.
const ROLES: [Role; 3] = [Role::Viewer, Role::Editor, Role::Admin];

/// The key of a role's word.
pub(super) fn word(role: Role) -> &'static str {
    match role {
        Role::Viewer => "members-viewer",
        Role::Editor => "members-editor",
        Role::Admin => "members-admin",
    }
}

/// The roles on an object to choose from.
fn choices(t: &Texts, on: RoleOn, chosen: Role) -> Vec<Choice> {
    let choice = |role: Role| Choice::new(on.codename(role), t.say(word(role)), role == chosen);
    ROLES.into_iter().map(choice).collect()
}

/// The role of a codename such as `service_editor`, when it is one on that kind of object.
fn role(on: RoleOn, codename: &str) -> Option<Role> {
    ROLES
        .into_iter()
        .find(|role| on.codename(*role) == codename)
}

/// What can be chosen in a row of a table, where there is no room for a field.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"{% for choice in choices %}<option value="{{ choice.value }}"{% if choice.chosen %} selected{% endif %}>{{ choice.label }}</option>{% endfor %}"#
)]
pub(super) struct Choices {
    choices: Vec<Choice>,
}

impl Choices {
    /// These.
    pub(super) fn of(choices: Vec<Choice>) -> Self {
        Self { choices }
    }
}

impl askama::filters::HtmlSafe for Choices {}
