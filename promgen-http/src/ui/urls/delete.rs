//! Deleting a URL, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{projects, urls};
use promgen_core::model::UrlId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::ConfirmPage;

/// `GET /url/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let (url, project) = urls::find_own(app, actor, UrlId(id)).await?;
    let detail = projects::find(app, actor, project.id).await?;
    let t = viewer.t();
    let delete = t.say("urls-delete");
    let crumbs = crate::ui::projects::crumbs(t, &detail, Some(Crumb::here(delete.clone())));
    let page = ConfirmPage::new(
        viewer.frame(t.say("urls-delete-title"), crumbs),
        format!("/url/{id}/delete"),
        format!("/project/{}#http-checks", project.id),
        delete,
        t.name("urls-delete-text", &project.name),
    );
    viewer.show(&page.goes([url.url]))
}

/// `POST /url/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), UrlId(id));
    let (url, project) = urls::find_own(app, actor, id).await?;
    urls::delete(app, actor, id).await?;
    let text = viewer.t().name("urls-deleted", &url.url);
    let back = format!("/project/{}#http-checks", project.id);
    Ok(viewer.back_to(back, Notice::success(text)))
}
