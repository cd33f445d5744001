//! Deleting a shard that has no projects, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{datasources, losses, shards, site};
use promgen_core::model::ShardId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::losses::decided;
use crate::ui::parts::ConfirmPage;

/// `GET /datasource/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    site::require_change(app, actor)?;
    let fate = losses::of_shard(app, actor, ShardId(id)).await?;
    let page = datasources::find(app, actor, ShardId(id)).await?;
    let name = page.shard.name.to_string();
    let here = format!("/datasource/{id}");
    let delete = t.say("shards-delete");
    let crumbs = vec![
        super::crumb(t),
        Crumb::new(&name, &here),
        Crumb::here(delete.clone()),
    ];
    let confirm = ConfirmPage::new(
        viewer.frame(t.name("shards-delete-title", &name), crumbs),
        format!("{here}/delete"),
        here,
        delete,
        t.name("shards-delete-text", &name),
    );
    let stays = t.name("shards-delete-stays", &name);
    viewer.show(&decided(confirm, fate, stays, app.registry(), t))
}

/// `POST /datasource/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let (app, actor, id) = (&server.app, viewer.actor(), ShardId(id));
    let page = datasources::find(app, actor, id).await?;
    match shards::delete(app, actor, id).await {
        Ok(()) => {
            let text = viewer.t().name("shards-deleted", &page.shard.name);
            Ok(viewer.back_to("/datasource", Notice::success(text)))
        }
        Err(error) => {
            let told = Notice::refused(error, viewer.t())?;
            Ok(viewer.back_to(format!("/datasource/{id}"), told))
        }
    }
}
