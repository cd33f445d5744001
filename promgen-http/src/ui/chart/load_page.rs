//! The load of a shard, on a page of its own: that of the shard does not wait for it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::Method;
use promgen_core::app::policy::Act;
use promgen_core::model::ShardId;

use super::{ChartOrWords, shard_load};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::routes::Routes;
use crate::ui::frame::{Crumb, Frame, Viewer};

/// The routes of this module.
pub(in crate::ui) fn routes() -> Routes {
    Routes::default().on(Act::SeeSite, &Method::GET, "/datasource/{id}/load", show)
}

#[derive(Template)]
#[template(path = "chart/load.html")]
struct Load {
    frame: Frame,
    load: ChartOrWords,
}

/// `GET /datasource/{id}/load`
async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let load = shard_load(&server, &viewer, ShardId(id)).await?;
    let t = viewer.t();
    let title = t.say("charts-load");
    let crumbs = vec![
        Crumb::new(t.say("frame-datasource"), "/datasource"),
        Crumb::here(title.clone()),
    ];
    viewer.show(&Load {
        frame: viewer.frame(title, crumbs),
        load,
    })
}
