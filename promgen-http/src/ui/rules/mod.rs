//! `/rule` and what belongs to it: rules listed, looked at, written, switched, overridden, tried out.

mod audience;
mod check;
mod clause;
mod delete;
mod derive;
mod detail;
mod edit;
mod family;
mod form;
mod labels;
mod list;
mod outcome;
mod part;
mod register;
mod site;
mod table;
mod toggle;
mod tracks;
mod trial;

pub(super) use part::RulesPart;
pub(super) use table::RuleTable;

use http::Method;
use promgen_core::app::AppError;
use promgen_core::app::policy::Act;
use promgen_core::app::rules::OwnerName;
use promgen_core::model::{ProjectId, RuleOwner, ServiceId};

use super::frame::Crumb;
use super::text::Texts;
use crate::extract::Form;
use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::List, get, "/rule", list::show)
        .on(Act::SeeSite, get, "/site", site::show)
        .on(Act::See, get, "/rule/{id}", detail::show)
        .on(Act::Edit, get, "/rule/{id}/edit", edit::edit)
        .on(Act::Edit, post, "/rule/{id}/edit", edit::save)
        .on(Act::Edit, get, "/rule/{id}/delete", delete::ask)
        .on(Act::Edit, post, "/rule/{id}/delete", delete::delete)
        .on(Act::Edit, get, "/rule/{id}/toggle", toggle::ask)
        .on(Act::Edit, post, "/rule/{id}/toggle", toggle::toggle)
        // What it is overridden for stands in the form.
        .on(Act::List, post, "/rule/{id}/override", derive::derive)
        .on(Act::See, post, "/rule/{id}/test", trial::test)
        .on(Act::See, post, "/rule/{id}/check", check::check)
        .on(Act::See, get, "/rule/{id}/audience", audience::show)
        .on(Act::ChangeSite, get, "/site/{id}/rule", register::of_site)
        .on(Act::ChangeSite, post, "/site/{id}/rule", register::to_site)
        .on(Act::Edit, get, "/service/{id}/rule", register::of_service)
        .on(Act::Edit, post, "/service/{id}/rule", register::to_service)
        .on(Act::Edit, get, "/project/{id}/rule", register::of_project)
        .on(Act::Edit, post, "/project/{id}/rule", register::to_project)
}

/// The way to what a rule belongs to.
fn crumbs(t: &Texts, owner: &OwnerName) -> Vec<Crumb> {
    let own = Crumb::new(owner.name.clone(), home(owner.owner));
    match (owner.owner, &owner.service) {
        (RuleOwner::Site, _) => vec![Crumb::new(t.say("frame-rules"), "/rule"), own],
        (_, None) => vec![Crumb::new(t.say("frame-services"), "/service"), own],
        (_, Some((id, name))) => vec![
            Crumb::new(t.say("frame-services"), "/service"),
            Crumb::new(name.clone(), home(RuleOwner::Service(*id))),
            own,
        ],
    }
}

/// The page of what a rule belongs to.
fn home(owner: RuleOwner) -> String {
    match owner {
        RuleOwner::Site => "/site".to_owned(),
        RuleOwner::Service(_) | RuleOwner::Project(_) => {
            format!("/{}/{}", owner.kind(), owner.id())
        }
    }
}

/// Where the rules of an owner are listed.
fn rules_of(owner: RuleOwner) -> String {
    match owner {
        RuleOwner::Site => home(owner),
        RuleOwner::Service(_) | RuleOwner::Project(_) => format!("{}#rules", home(owner)),
    }
}

/// What an owner is called, with the service of a project.
fn full_name(owner: &OwnerName) -> String {
    match &owner.service {
        Some((_, service)) => format!("{service} » {}", owner.name),
        None => owner.name.clone(),
    }
}

/// The owner that a form names as `content_type` and `object_id`, as the original's do.
fn form_owner(form: &Form) -> Result<RuleOwner, AppError> {
    let id = form.text("object_id").parse().ok();
    let owner = match form.text("content_type") {
        "site" => Some(RuleOwner::Site),
        "service" => id.map(|id| RuleOwner::Service(ServiceId(id))),
        "project" => id.map(|id| RuleOwner::Project(ProjectId(id))),
        _ => None,
    };
    owner.ok_or_else(|| {
        let message = "names neither the site nor a service nor a project";
        let remedy = "send what the rule belongs to";
        AppError::invalid("content_type", message, remedy)
    })
}

/// A number of things in memory.
fn number(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

/// The beginning of a text, where it is too long for a list.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
