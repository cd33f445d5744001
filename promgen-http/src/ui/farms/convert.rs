//! Making a remote farm a local one, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms;
use promgen_core::model::FarmId;

use super::{after, editable};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::ConfirmPage;

/// `GET /farm/{id}/convert`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let page = editable(&server, &viewer, FarmId(id)).await?;
    let t = viewer.t();
    let farm = &page.served.farm;
    let here = format!("/farm/{id}");
    let convert = t.say("farms-convert");
    let crumbs = super::crumbs(t, &page.served, Some(Crumb::here(convert.clone())));
    viewer.show(&ConfirmPage::new(
        viewer.frame(t.name("farms-convert-title", &farm.name), crumbs),
        format!("{here}/convert"),
        here,
        convert,
        t.name("farms-convert-text", &farm.source),
    ))
}

/// `POST /farm/{id}/convert`
pub(super) async fn convert(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let farm = farms::convert(&server.app, viewer.actor(), FarmId(id)).await?;
    let text = viewer.t().name("farms-converted", &farm.name);
    let back = after(&form, format!("/farm/{id}"));
    Ok(viewer.back_to(back, Notice::success(text)))
}
