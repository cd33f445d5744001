//! Deleting a project, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::policy::Act;
use promgen_core::app::{losses, projects};
use promgen_core::model::ProjectId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::losses::told;
use crate::ui::parts::ConfirmPage;

/// `GET /project/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), ProjectId(id));
    let detail = projects::find_for(app, actor, Act::Own, id).await?;
    let losses = losses::of_project(app, actor, id).await?;
    let t = viewer.t();
    let name = &detail.project.name;
    let here = format!("/project/{id}");
    let crumbs = super::crumbs(t, &detail, Some(Crumb::here(t.say("projects-delete"))));
    let confirm = ConfirmPage::new(
        viewer.frame(t.name("projects-delete-title", name), crumbs),
        format!("{here}/delete"),
        here,
        t.say("projects-delete"),
        t.name("projects-delete-text", name),
    );
    viewer.show(&confirm.things(told(losses, app.registry(), t)))
}

/// `POST /project/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), ProjectId(id));
    let detail = projects::find_for(app, actor, Act::Own, id).await?;
    projects::delete(app, actor, id).await?;
    let text = viewer.t().name("projects-deleted", &detail.project.name);
    let above = format!("/service/{}#projects", detail.service.id);
    Ok(viewer.back_to(above, Notice::success(text)))
}
