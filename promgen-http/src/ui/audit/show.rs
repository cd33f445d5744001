//! `/audit/{id}`

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::audit;
use promgen_core::model::AuditId;

use super::changes::{Changes, named};
use super::fields::Versions;
use super::row::Row;
use crate::Server;
use crate::error::HttpError;
use crate::extract::BigId;
use crate::ui::frame::{Crumb, Frame, Viewer};

#[derive(Template)]
#[template(path = "audit/show.html")]
struct ShowPage {
    frame: Frame,
    row: Row,
}

pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    BigId(id): BigId,
) -> Result<Response, HttpError> {
    let edit = audit::find(&server.app, viewer.actor(), AuditId(id)).await?;
    let t = viewer.t();
    let crumbs = vec![
        Crumb::new(t.say("audit-title"), "/audit"),
        Crumb::here(id.to_string()),
    ];
    let versions = Versions::read(&edit.view.entry);
    let names = audit::names(&server.app, viewer.actor(), &named([&versions])).await?;
    let row = Row::new(edit, Some(Changes::of(&versions, &names, t)), t);
    viewer.show(&ShowPage {
        frame: viewer.frame(row.body.clone(), crumbs),
        row,
    })
}
