//! Taking a host from its farm, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{farms, losses};
use promgen_core::model::HostId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::losses::decided;
use crate::ui::parts::ConfirmPage;

/// `GET /host/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let place = farms::host(&server.app, viewer.actor(), HostId(id)).await?;
    let t = viewer.t();
    let delete = t.say("hosts-delete");
    let crumbs = crate::ui::farms::way(
        t,
        &place.served,
        place.service.as_ref(),
        Some(Crumb::here(delete.clone())),
    );
    let (host, farm) = (&place.host, &place.served.farm);
    let confirm = ConfirmPage::new(
        viewer.frame(t.name("hosts-delete-title", &host.name), crumbs),
        format!("/host/{id}/delete"),
        format!("/farm/{}", farm.id),
        delete,
        t.name("hosts-delete-text", &farm.name),
    );
    let fate = losses::of_host(&server.app, viewer.actor(), host.id).await?;
    let stays = t.name("hosts-delete-stays", &farm.source);
    viewer.show(&decided(confirm, fate, stays, server.app.registry(), t))
}

/// `POST /host/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), HostId(id));
    let place = farms::host(app, actor, id).await?;
    let farm = place.served.farm.id;
    farms::remove_host(app, actor, farm, id).await?;
    let text = viewer.t().name("hosts-deleted", &place.host.name);
    let back = format!("/farm/{farm}");
    Ok(viewer.back_to(back, Notice::success(text)))
}
