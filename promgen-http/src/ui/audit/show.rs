//! `/audit/{id}`

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::audit;
use promgen_core::model::AuditId;

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
    let row = Row::alone(edit, t);
    viewer.show(&ShowPage {
        frame: viewer.frame(row.body.clone(), crumbs),
        row,
    })
}
