//! Deleting a group, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::groups;
use promgen_core::model::GroupId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted, Viewer};
use crate::ui::parts::{ConfirmPage, NONE};

/// `GET /group/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor, t, id) = (&server.app, viewer.actor(), viewer.t(), GroupId(id));
    let group = groups::find_to_manage(app, actor, id).await?;
    let members = groups::members(app, actor, id, None, NONE).await?.count;
    let resources = groups::resources(app, actor, id, NONE).await?.count;
    let title = t.name("groups-delete-title", &group.name);
    let here = format!("/group/{id}");
    let confirm = ConfirmPage::new(
        viewer.frame(title, super::crumbs(t, &group, "groups-delete")),
        format!("{here}/delete"),
        here,
        t.say("groups-delete"),
        t.name("groups-delete-text", &group.name),
    );
    let counts = [
        ("groups-goes-members", members),
        ("groups-goes-resources", resources),
    ];
    viewer.show(&confirm.counts(t, counts))
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
