//! Deleting a farm, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{farms, losses};
use promgen_core::model::FarmId;

use super::{after, editable, returning};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::losses::told;
use crate::ui::parts::{ConfirmPage, Sheet};

/// `GET /farm/{id}/delete`
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
    let delete = t.say("farms-delete");
    let crumbs = super::crumbs(t, &page, Some(Crumb::here(delete.clone())));
    let mut confirm = ConfirmPage::new(
        viewer.frame(t.name("farms-delete-title", &farm.name), crumbs),
        format!("{here}/delete"),
        &here,
        delete,
        t.name("farms-delete-text", &farm.name),
    );
    confirm.form = returning(confirm.form, &confirm.frame, &sheet, farm.id);
    let losses = losses::of_farm(&server.app, viewer.actor(), farm.id).await?;
    viewer.show(&confirm.things(told(losses, server.app.registry(), t)))
}

/// `POST /farm/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let page = editable(&server, &viewer, FarmId(id)).await?;
    farms::delete(&server.app, viewer.actor(), FarmId(id)).await?;
    let text = viewer.t().name("farms-deleted", &page.served.farm.name);
    let back = after(&form, "/farm".to_owned());
    Ok(viewer.back_to(back, Notice::success(text)))
}
