//! Deleting a probe that no URL uses, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{losses, probes, site};
use promgen_core::model::ProbeId;

use super::HERE;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::losses::decided;
use crate::ui::parts::ConfirmPage;

/// `GET /probe/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), ProbeId(id));
    let fate = losses::of_probe(app, actor, id).await?;
    let probe = probes::find(app, actor, id).await?;
    let t = viewer.t();
    let delete = t.say("probes-delete");
    let crumbs = super::crumbs(t, Some(Crumb::here(delete.clone())));
    let confirm = ConfirmPage::new(
        viewer.frame(t.name("probes-delete-title", &probe.module), crumbs),
        format!("{HERE}/{id}/delete"),
        HERE,
        delete,
        t.say("probes-delete-text"),
    );
    let stays = t.name("probes-delete-stays", &probe.module);
    viewer.show(&decided(confirm, fate, stays, app.registry(), t))
}

/// `POST /probe/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let (app, actor, id) = (&server.app, viewer.actor(), ProbeId(id));
    let probe = probes::find(app, actor, id).await?;
    let told = match probes::delete(app, actor, id).await {
        Ok(()) => Notice::success(viewer.t().name("probes-deleted", &probe.module)),
        Err(error) => Notice::refused(error, viewer.t())?,
    };
    Ok(viewer.back_to(HERE, told))
}
