//! The edit history: who changed what, from what to what.

mod asked;
mod changes;
mod fields;
mod list;
mod row;
mod sentence;
mod show;

use http::Method;
use promgen_core::app::audit::Named;
use promgen_core::app::policy::Act;
use promgen_core::model::AuditKind;

use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    Routes::default()
        .on(Act::List, &Method::GET, "/audit", list::list)
        .on(Act::List, &Method::GET, "/audit/{id}", show::show)
}

/// The page of an object, where its kind has pages.
fn page_of((kind, id): Named) -> Option<String> {
    Some(match kind {
        AuditKind::Site => "/site".to_owned(),
        AuditKind::Service => format!("/service/{id}"),
        AuditKind::Project => format!("/project/{id}"),
        AuditKind::Rule => format!("/rule/{id}"),
        AuditKind::Farm => format!("/farm/{id}"),
        AuditKind::Shard => format!("/datasource/{id}"),
        AuditKind::Group => format!("/group/{id}"),
        AuditKind::User => format!("/admin/user/{id}"),
        _ => return None,
    })
}
