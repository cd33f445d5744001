//! `/rest/shard/`

use axum::Json;
use http::{Method, StatusCode};
use promgen_core::app::policy::Act;
use promgen_core::app::shards::{self, ShardFields};
use promgen_core::app::{Slice, by_name};
use promgen_core::model::Shard;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{Asked, AskedToWrite};
use super::named::Named;
use super::paths::{collection, object};
use super::projects::{self, ProjectV1};
use crate::rest::{Body, RestError};
use crate::routes::Routes;

pub(super) fn routes(prefix: &str) -> Routes {
    let (all, one) = (collection(prefix, "shard"), object(prefix, "shard"));
    Routes::default()
        .reads(Act::SeeSite, &all, "json", list)
        .reads(Act::SeeSite, &one, "json", find)
        .reads(Act::List, &format!("{one}projects/"), "json", projects_on)
        .on(Act::ChangeSite, &Method::POST, &all, create)
        .on(Act::ChangeSite, &Method::PUT, &one, replace)
        .on(Act::ChangeSite, &Method::PATCH, &one, change)
        .on(Act::ChangeSite, &Method::DELETE, &one, delete)
}

/// A shard. The header that is sent to it is never told.
#[derive(Debug, Serialize)]
struct ShardV1 {
    html: String,
    name: String,
    url: String,
    proxy: bool,
    enabled: bool,
    samples: u64,
    targets: u64,
}

impl ShardV1 {
    fn new(asked: &Asked, shard: Shard) -> Self {
        Self {
            html: asked.link(&format!("/datasource/{}", shard.id)),
            name: shard.name.to_string(),
            url: shard.url,
            proxy: shard.proxy,
            enabled: shard.enabled,
            samples: shard.samples,
            targets: shard.targets,
        }
    }
}

/// What is said about a shard.
#[derive(Debug, Deserialize, ToSchema)]
struct ShardSaid {
    name: Option<String>,
    url: Option<String>,
    proxy: Option<bool>,
    enabled: Option<bool>,
    samples: Option<u64>,
    targets: Option<u64>,
}

impl From<ShardSaid> for ShardFields {
    fn from(said: ShardSaid) -> Self {
        Self {
            name: said.name,
            url: said.url,
            proxy: said.proxy,
            enabled: said.enabled,
            authorization: None,
            samples: said.samples,
            targets: said.targets,
        }
    }
}

/// All that is said about a shard.
#[derive(Debug, Deserialize, ToSchema)]
struct ShardWhole {
    name: String,
    url: String,
    #[serde(default)]
    proxy: bool,
    enabled: Option<bool>,
    samples: Option<u64>,
    targets: Option<u64>,
}

impl From<ShardWhole> for ShardFields {
    fn from(whole: ShardWhole) -> Self {
        Self {
            name: Some(whole.name),
            url: Some(whole.url),
            proxy: Some(whole.proxy),
            enabled: Some(whole.enabled.unwrap_or(true)),
            authorization: None,
            samples: Some(whole.samples.unwrap_or(Shard::USUAL_SAMPLES)),
            targets: Some(whole.targets.unwrap_or(Shard::USUAL_TARGETS)),
        }
    }
}

async fn list(asked: Asked) -> Result<Json<Vec<ShardV1>>, RestError> {
    let name = asked.filters.text("name");
    let listed = shards::list(&asked.app, &asked.actor, name, Slice::ALL).await?;
    let view = |shard| ShardV1::new(&asked, shard);
    Ok(Json(listed.items.into_iter().map(view).collect()))
}

async fn find(asked: Asked, Named(name): Named) -> Result<Json<ShardV1>, RestError> {
    let shard = shards::find_named(&asked.app, &asked.actor, &name).await?;
    Ok(Json(ShardV1::new(&asked, shard)))
}

async fn projects_on(asked: Asked, Named(name): Named) -> Result<Json<Vec<ProjectV1>>, RestError> {
    let found = by_name::projects_on_shard(&asked.app, &asked.actor, &name).await?;
    Ok(projects::views(&asked, found))
}

async fn create(
    AskedToWrite(asked): AskedToWrite,
    Body(body): Body<ShardWhole>,
) -> Result<(StatusCode, Json<ShardV1>), RestError> {
    let shard = shards::create(&asked.app, &asked.actor, &body.into()).await?;
    Ok((StatusCode::CREATED, Json(ShardV1::new(&asked, shard))))
}

async fn replace(
    AskedToWrite(asked): AskedToWrite,
    Named(name): Named,
    Body(body): Body<ShardWhole>,
) -> Result<Json<ShardV1>, RestError> {
    update(&asked, &name, body.into()).await
}

async fn change(
    AskedToWrite(asked): AskedToWrite,
    Named(name): Named,
    Body(body): Body<ShardSaid>,
) -> Result<Json<ShardV1>, RestError> {
    update(&asked, &name, body.into()).await
}

async fn update(
    asked: &Asked,
    name: &str,
    fields: ShardFields,
) -> Result<Json<ShardV1>, RestError> {
    let shard = shards::find_named(&asked.app, &asked.actor, name).await?;
    let shard = shards::update(&asked.app, &asked.actor, shard.id, &fields).await?;
    Ok(Json(ShardV1::new(asked, shard)))
}

async fn delete(
    AskedToWrite(asked): AskedToWrite,
    Named(name): Named,
) -> Result<StatusCode, RestError> {
    let shard = shards::find_named(&asked.app, &asked.actor, &name).await?;
    shards::delete(&asked.app, &asked.actor, shard.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
