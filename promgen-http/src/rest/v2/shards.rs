//! `/rest/v2/shards`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::proxy::Counts;
use promgen_core::app::shards::{self, CountedShard, ShardFields};
use promgen_core::model::{Secret, Shard, ShardId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::SeeSite, routes!(list))
        .documented(Act::SeeSite, routes!(find))
        .documented(Act::ChangeSite, routes!(create))
        .documented(Act::ChangeSite, routes!(replace))
        .documented(Act::ChangeSite, routes!(change))
        .documented(Act::ChangeSite, routes!(delete))
}

/// A shard. The header that is sent to it is never told.
#[derive(Debug, Serialize, ToSchema)]
struct ShardView {
    id: i32,
    /// How many samples its Prometheus took at its last scrapes; null while it does not tell.
    #[schema(required)]
    samples_count: Option<u64>,
    /// How many targets its Prometheus has; null while it does not tell.
    #[schema(required)]
    targets_count: Option<u64>,
    name: String,
    /// Base URL of its Prometheus.
    url: String,
    /// Whether queries are proxied to it.
    proxy: bool,
    /// Whether new projects may be placed on it.
    enabled: bool,
    /// Capacity estimate, in samples.
    samples: u64,
    /// Capacity estimate, in targets.
    targets: u64,
}

impl From<Shard> for ShardView {
    fn from(shard: Shard) -> Self {
        let counts = Counts::default();
        CountedShard { shard, counts }.into()
    }
}

impl From<CountedShard> for ShardView {
    fn from(counted: CountedShard) -> Self {
        let CountedShard { shard, counts } = counted;
        Self {
            id: shard.id.0,
            samples_count: counts.samples,
            targets_count: counts.targets,
            name: shard.name.to_string(),
            url: shard.url,
            proxy: shard.proxy,
            enabled: shard.enabled,
            samples: shard.samples,
            targets: shard.targets,
        }
    }
}

/// All that can be said about a shard. What is left out is as for any new one, but for the header.
#[derive(Debug, Deserialize, ToSchema)]
struct ShardReplaced {
    /// 1 to 128 characters.
    name: String,
    /// Base URL of its Prometheus, at most 256 characters; may be empty.
    url: String,
    #[serde(default)]
    proxy: bool,
    enabled: Option<bool>,
    samples: Option<u64>,
    targets: Option<u64>,
    /// Header `Authorization` for its Prometheus; empty for none. Left out, it stays.
    authorization: Option<String>,
}

/// What is to be different about a shard.
#[derive(Debug, Deserialize, ToSchema)]
struct ShardChanged {
    name: Option<String>,
    url: Option<String>,
    proxy: Option<bool>,
    enabled: Option<bool>,
    samples: Option<u64>,
    targets: Option<u64>,
    /// Header `Authorization` for its Prometheus; empty for none.
    authorization: Option<String>,
}

impl From<ShardReplaced> for ShardFields {
    fn from(body: ShardReplaced) -> Self {
        Self {
            name: Some(body.name),
            url: Some(body.url),
            proxy: Some(body.proxy),
            enabled: Some(body.enabled.unwrap_or(true)),
            authorization: body.authorization.map(Secret::new),
            samples: Some(body.samples.unwrap_or(Shard::USUAL_SAMPLES)),
            targets: Some(body.targets.unwrap_or(Shard::USUAL_TARGETS)),
        }
    }
}

impl From<ShardChanged> for ShardFields {
    fn from(body: ShardChanged) -> Self {
        Self {
            name: body.name,
            url: body.url,
            proxy: body.proxy,
            enabled: body.enabled,
            authorization: body.authorization.map(Secret::new),
            samples: body.samples,
            targets: body.targets,
        }
    }
}

/// All shards, by name.
#[utoipa::path(
    get, path = "/rest/v2/shards", tag = "shards",
    params(PageQuery, ("name" = Option<String>, Query, description = "part of the name")),
    responses((status = 200, body = PageOf<ShardView>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<ShardView>>, RestError> {
    let listed =
        shards::list_counted(&server.app, &actor, filters.text("name"), page.slice()).await?;
    Ok(Json(page.answer(listed, ShardView::from)?))
}

/// One shard.
#[utoipa::path(
    get, path = "/rest/v2/shards/{id}", tag = "shards",
    params(("id" = i32, Path)),
    responses((status = 200, body = ShardView)),
)]
async fn find(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<ShardView>, RestError> {
    let shard = shards::find_counted(&server.app, &actor, ShardId(id)).await?;
    Ok(Json(shard.into()))
}

/// Makes a shard, unless there is one of that name.
#[utoipa::path(
    post, path = "/rest/v2/shards", tag = "shards",
    request_body = ShardReplaced,
    responses((status = 201, body = ShardView)),
)]
async fn create(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(body): Body<ShardReplaced>,
) -> Result<(StatusCode, Json<ShardView>), RestError> {
    let shard = shards::create(&server.app, &actor, &body.into()).await?;
    Ok((StatusCode::CREATED, Json(shard.into())))
}

/// Writes all fields of a shard.
#[utoipa::path(
    put, path = "/rest/v2/shards/{id}", tag = "shards",
    params(("id" = i32, Path)),
    request_body = ShardReplaced,
    responses((status = 200, body = ShardView)),
)]
async fn replace(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ShardReplaced>,
) -> Result<Json<ShardView>, RestError> {
    let shard = shards::update(&server.app, &actor, ShardId(id), &body.into()).await?;
    Ok(Json(shard.into()))
}

/// Writes some fields of a shard.
#[utoipa::path(
    patch, path = "/rest/v2/shards/{id}", tag = "shards",
    params(("id" = i32, Path)),
    request_body = ShardChanged,
    responses((status = 200, body = ShardView)),
)]
async fn change(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ShardChanged>,
) -> Result<Json<ShardView>, RestError> {
    let shard = shards::update(&server.app, &actor, ShardId(id), &body.into()).await?;
    Ok(Json(shard.into()))
}

/// Deletes a shard without projects, and its servers.
#[utoipa::path(
    delete, path = "/rest/v2/shards/{id}", tag = "shards",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    shards::delete(&server.app, &actor, ShardId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
