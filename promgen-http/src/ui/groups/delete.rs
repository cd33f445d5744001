//! Deleting a group, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{groups, losses};
use promgen_core::model::GroupId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::losses::told;
use crate::ui::parts::ConfirmPage;

/// `GET /group/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor, t, id) = (&server.app, viewer.actor(), viewer.t(), GroupId(id));
    let group = groups::find_to_manage(app, actor, id).await?;
    let losses = losses::of_group(app, actor, id).await?;
    let title = t.name("groups-delete-title", &group.name);
    let here = format!("/group/{id}");
    let confirm = ConfirmPage::new(
        viewer.frame(title, super::crumbs(t, &group, "groups-delete")),
        format!("{here}/delete"),
        here,
        t.say("groups-delete"),
        t.name("groups-delete-text", &group.name),
    );
    viewer.show(&confirm.things(told(losses, app.registry(), t)))
}

/// `POST /group/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), GroupId(id));
    let name = groups::find_to_manage(app, actor, id).await?.name;
    groups::delete(app, actor, id).await?;
    let text = viewer.t().name("groups-deleted", name);
    Ok(viewer.back_to("/group", Notice::success(text)))
}
