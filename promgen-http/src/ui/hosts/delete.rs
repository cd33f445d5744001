//! Taking a host from its farm, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms;
use promgen_core::model::HostId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::ConfirmPage;

/// `GET /host/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (host, place) = farms::host(&server.app, viewer.actor(), HostId(id)).await?;
    let t = viewer.t();
    let delete = t.say("hosts-delete");
    let crumbs = crate::ui::farms::crumbs(t, &place, Some(Crumb::here(delete.clone())));
    viewer.show(&ConfirmPage::new(
        viewer.frame(t.name("hosts-delete-title", &host.name), crumbs),
        format!("/host/{id}/delete"),
        format!("/farm/{}", place.farm.id),
        delete,
        t.name("hosts-delete-text", &place.farm.name),
    ))
}

/// `POST /host/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), HostId(id));
    let (host, place) = farms::host(app, actor, id).await?;
    farms::remove_host(app, actor, place.farm.id, id).await?;
    let text = viewer.t().name("hosts-deleted", &host.name);
    let back = format!("/farm/{}", place.farm.id);
    Ok(viewer.back_to(back, Notice::success(text)))
}
