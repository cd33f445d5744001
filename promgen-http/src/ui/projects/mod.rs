//! `/project`: projects, looked at; registered, changed, deleted.

mod delete;
mod detail;
mod form;
mod health;
mod hosts;
mod picker;
mod table;

use http::Method;
use promgen_core::app::policy::Act;
use promgen_core::app::projects::ProjectDetail;

use super::frame::Crumb;
use super::text::Texts;
use crate::routes::Routes;

pub(super) use detail::again;
pub(super) use hosts::{HealthBadge, HostTable};
pub(super) use table::ProjectTable;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::Edit, get, "/service/{id}/new", form::new)
        .on(Act::Edit, post, "/service/{id}/new", form::create)
        .on(Act::See, get, "/project/{id}", detail::show)
        .on(Act::See, get, "/project/{id}/health", health::show)
        .on(Act::Edit, get, "/project/{id}/update", form::edit)
        .on(Act::Edit, post, "/project/{id}/update", form::update)
        .on(Act::Own, get, "/project/{id}/delete", delete::ask)
        .on(Act::Own, post, "/project/{id}/delete", delete::delete)
}

/// The way to a project, and to what `more` says.
pub(super) fn crumbs(t: &Texts, detail: &ProjectDetail, more: Option<Crumb>) -> Vec<Crumb> {
    let (service, project) = (&detail.service, &detail.project);
    let own = format!("/project/{}", project.id);
    let own = match more {
        Some(_) => Crumb::new(project.name.to_string(), own),
        None => Crumb::here(project.name.to_string()),
    };
    let above = format!("/service/{}", service.id);
    let mut crumbs = vec![
        super::services::crumb(t),
        Crumb::new(service.name.to_string(), above),
        own,
    ];
    crumbs.extend(more);
    crumbs
}
