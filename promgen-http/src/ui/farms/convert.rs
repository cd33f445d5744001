//! Making a remote farm a local one, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms;
use promgen_core::model::FarmId;

use super::{after, editable, returning};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::{ConfirmPage, Sheet};

/// `GET /farm/{id}/convert`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let page = editable(&server, &viewer, FarmId(id)).await?;
    let t = viewer.t();
    let farm = &page.served.farm;
    let here = format!("/farm/{id}");
    let convert = t.say("farms-convert");
    let crumbs = super::crumbs(t, &page, Some(Crumb::here(convert.clone())));
    let mut confirm = ConfirmPage::new(
        viewer.frame(t.name("farms-convert-title", &farm.name), crumbs),
        format!("{here}/convert"),
        &here,
        convert,
        t.name("farms-convert-text", &farm.source),
    );
    confirm.form = returning(confirm.form, &confirm.frame, &sheet, farm.id);
    viewer.show(&confirm)
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
