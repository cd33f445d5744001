//! `/rest/v2/shards/{id}/servers`: the Prometheus servers of a shard

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::{Listed, shards};
use promgen_core::model::{Server as Prometheus, ServerId, ShardId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::{Id, Ids};
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::SeeSite, routes!(list))
        .documented(Act::ChangeSite, routes!(add))
        .documented(Act::ChangeSite, routes!(remove))
}

/// A Prometheus server.
#[derive(Debug, Serialize, ToSchema)]
struct ShardServerView {
    id: i32,
    /// Id of its shard.
    shard: i32,
    /// Host; also the name of the queue that its worker listens on.
    host: String,
    port: u16,
}

impl From<Prometheus> for ShardServerView {
    fn from(server: Prometheus) -> Self {
        Self {
            id: server.id.0,
            shard: server.shard.0,
            host: server.host,
            port: server.port,
        }
    }
}

/// A Prometheus server for a shard.
#[derive(Debug, Deserialize, ToSchema)]
struct ShardServerAdded {
    /// An address or a DNS name.
    host: String,
    #[schema(minimum = 1)]
    port: u16,
}

/// The servers of a shard.
#[utoipa::path(
    get, path = "/rest/v2/shards/{id}/servers", tag = "shards",
    params(PageQuery, ("id" = i32, Path)),
    responses((status = 200, body = PageOf<ShardServerView>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    page: Page,
) -> Result<Json<PageOf<ShardServerView>>, RestError> {
    let servers = shards::servers(&server.app, &actor, ShardId(id)).await?;
    let listed = Listed::cut(servers, page.slice());
    Ok(Json(page.answer(listed, ShardServerView::from)?))
}

/// Puts a server on a shard; one that is on another shard moves.
#[utoipa::path(
    post, path = "/rest/v2/shards/{id}/servers", tag = "shards",
    params(("id" = i32, Path)),
    request_body = ShardServerAdded,
    responses((status = 201, body = ShardServerView)),
)]
async fn add(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ShardServerAdded>,
) -> Result<(StatusCode, Json<ShardServerView>), RestError> {
    let added = shards::add_server(&server.app, &actor, ShardId(id), &body.host, body.port).await?;
    Ok((StatusCode::CREATED, Json(added.into())))
}

/// Takes a server from a shard.
#[utoipa::path(
    delete, path = "/rest/v2/shards/{id}/servers/{server_id}", tag = "shards",
    params(("id" = i32, Path), ("server_id" = i32, Path)),
    responses((status = 204)),
)]
async fn remove(
    State(server): State<Server>,
    Caller(actor): Caller,
    Ids(shard, prometheus): Ids,
) -> Result<StatusCode, RestError> {
    let (shard, prometheus) = (ShardId(shard), ServerId(prometheus));
    shards::remove_server(&server.app, &actor, shard, prometheus).await?;
    Ok(StatusCode::NO_CONTENT)
}
