//! Deleting an exporter, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::exporters;
use promgen_core::app::projects;
use promgen_core::model::ExporterId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::ConfirmPage;

/// `GET /exporter/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let found = exporters::find_own(app, actor, ExporterId(id)).await?;
    let detail = projects::find(app, actor, found.project.id).await?;
    let t = viewer.t();
    let exporter = &found.exporter;
    let what = format!("{}:{}{}", exporter.job, exporter.port, exporter.path);
    let delete = t.say("exporters-delete");
    let crumbs = crate::ui::projects::crumbs(t, &detail, Some(Crumb::here(delete.clone())));
    viewer.show(&ConfirmPage::new(
        viewer.frame(t.name("exporters-delete-title", &what), crumbs),
        format!("/exporter/{id}/delete"),
        format!("/project/{}#exporters", found.project.id),
        delete,
        t.name("exporters-delete-text", &found.project.name),
    ))
}

/// `POST /exporter/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), ExporterId(id));
    let found = exporters::find_own(app, actor, id).await?;
    exporters::delete(app, actor, id).await?;
    let text = viewer.t().name("exporters-deleted", &found.exporter.job);
    let back = format!("/project/{}#exporters", found.project.id);
    Ok(viewer.back_to(back, Notice::success(text)))
}
