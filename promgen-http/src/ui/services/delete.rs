//! Deleting a service, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{losses, services};
use promgen_core::model::ServiceId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::losses::told;
use crate::ui::parts::ConfirmPage;

/// `GET /service/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    let losses = losses::of_service(app, actor, ServiceId(id)).await?;
    let name = services::find(app, actor, ServiceId(id))
        .await?
        .service
        .name;
    let here = format!("/service/{id}");
    let title = t.name("services-delete-title", &name);
    let crumbs = vec![
        super::crumb(t),
        Crumb::new(name.to_string(), &here),
        Crumb::here(t.say("services-delete")),
    ];
    let confirm = ConfirmPage::new(
        viewer.frame(title, crumbs),
        format!("{here}/delete"),
        here,
        t.say("services-delete"),
        t.name("services-delete-text", &name),
    );
    viewer.show(&confirm.things(told(losses, app.registry(), t)))
}

/// `POST /service/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let id = ServiceId(id);
    let name = services::find(&server.app, viewer.actor(), id)
        .await?
        .service
        .name;
    services::delete(&server.app, viewer.actor(), id).await?;
    let text = viewer.t().name("services-deleted", name);
    Ok(viewer.back_to("/service", Notice::success(text)))
}
