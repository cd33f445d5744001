//! `/rest/farm/`

use axum::Json;
use http::{Method, StatusCode};
use promgen_core::app::farms::{self, FarmFilter, NewFarm, Served};
use promgen_core::app::policy::Act;
use promgen_core::app::{AppError, Slice};
use promgen_core::model::{FarmId, Host, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{Asked, AskedToWrite};
use super::named::Named;
use super::paths::{collection, object};
use crate::rest::{Body, RestError};
use crate::routes::Routes;

pub(super) fn routes(prefix: &str) -> Routes {
    let (all, one) = (collection(prefix, "farm"), object(prefix, "farm"));
    Routes::default()
        .reads(Act::List, &all, "json", list)
        .reads(Act::See, &one, "json", find)
        .on(Act::ChangeSite, &Method::POST, &all, create)
        .on(Act::ChangeSite, &Method::PUT, &one, replace)
        .on(Act::ChangeSite, &Method::PATCH, &one, change)
        .on(Act::ChangeSite, &Method::DELETE, &one, delete)
}

/// A farm.
#[derive(Debug, Serialize)]
struct FarmV1 {
    id: i32,
    url: String,
    name: String,
    source: String,
    /// Id of the first project that it serves.
    project: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosts: Option<Vec<HostV1>>,
}

/// A host of a farm.
#[derive(Debug, Serialize)]
struct HostV1 {
    url: String,
    name: String,
}

impl FarmV1 {
    fn new(asked: &Asked, served: Served) -> Self {
        let farm = served.farm;
        Self {
            id: farm.id.0,
            url: asked.link(&format!("/farm/{}", farm.id)),
            name: farm.name.to_string(),
            source: farm.source,
            project: served.projects.first().map(|project| project.id.0),
            hosts: None,
        }
    }

    fn with_hosts(self, asked: &Asked, hosts: Vec<Host>) -> Self {
        let view = |host: Host| HostV1 {
            url: asked.link(&format!("/host/{}", host.name)),
            name: host.name,
        };
        Self {
            hosts: Some(hosts.into_iter().map(view).collect()),
            ..self
        }
    }
}

/// A farm for a project.
#[derive(Debug, Deserialize, ToSchema)]
struct FarmMade {
    name: String,
    /// Key of its source; `promgen` for a local farm.
    source: String,
    /// Id of the project that it is for.
    project: i32,
}

/// All that is said about a farm.
#[derive(Debug, Deserialize, ToSchema)]
struct FarmWhole {
    name: String,
}

/// What is to be different about a farm.
#[derive(Debug, Deserialize, ToSchema)]
struct FarmSaid {
    name: Option<String>,
}

async fn list(asked: Asked) -> Result<Json<Vec<FarmV1>>, RestError> {
    let sources = farms::sources(&asked.app, &asked.actor)?;
    let sources: Vec<String> = sources.into_iter().map(|source| source.name).collect();
    let filter = FarmFilter {
        name: asked.filters.text("name"),
        source: asked.filters.choice("source", &sources)?,
    };
    let listed = farms::page(&asked.app, &asked.actor, filter, Slice::ALL).await?;
    let view = |served| FarmV1::new(&asked, served);
    Ok(Json(listed.items.into_iter().map(view).collect()))
}

async fn find(asked: Asked, Named(id): Named) -> Result<Json<FarmV1>, RestError> {
    let served = load(&asked, &id).await?;
    let hosts = farms::hosts(&asked.app, &asked.actor, served.farm.id, Slice::ALL).await?;
    Ok(Json(
        FarmV1::new(&asked, served).with_hosts(&asked, hosts.items),
    ))
}

/// The farm of that id. One that may not be seen does not exist.
async fn load(asked: &Asked, id: &str) -> Result<Served, RestError> {
    let number = id.parse().map(FarmId);
    let id = number.map_err(|_| AppError::not_found("farm", id))?;
    match farms::see(&asked.app, &asked.actor, id).await {
        Err(AppError::Forbidden { .. }) => Err(AppError::not_found("farm", &id).into()),
        seen => Ok(seen?),
    }
}

async fn create(
    AskedToWrite(asked): AskedToWrite,
    Body(body): Body<FarmMade>,
) -> Result<(StatusCode, Json<FarmV1>), RestError> {
    let new = NewFarm {
        name: &body.name,
        source: &body.source,
        hosts: &[],
    };
    let project = ProjectId(body.project);
    let served = farms::register(&asked.app, &asked.actor, project, &new).await?;
    Ok((StatusCode::CREATED, Json(FarmV1::new(&asked, served))))
}

async fn replace(
    AskedToWrite(asked): AskedToWrite,
    Named(id): Named,
    Body(body): Body<FarmWhole>,
) -> Result<Json<FarmV1>, RestError> {
    rename(&asked, &id, Some(&body.name)).await
}

async fn change(
    AskedToWrite(asked): AskedToWrite,
    Named(id): Named,
    Body(body): Body<FarmSaid>,
) -> Result<Json<FarmV1>, RestError> {
    rename(&asked, &id, body.name.as_deref()).await
}

async fn rename(asked: &Asked, id: &str, name: Option<&str>) -> Result<Json<FarmV1>, RestError> {
    let farm = load(asked, id).await?.farm.id;
    let served = farms::rename(&asked.app, &asked.actor, farm, name).await?;
    Ok(Json(FarmV1::new(asked, served)))
}

async fn delete(
    AskedToWrite(asked): AskedToWrite,
    Named(id): Named,
) -> Result<StatusCode, RestError> {
    let farm = load(&asked, &id).await?.farm.id;
    farms::delete(&asked.app, &asked.actor, farm).await?;
    Ok(StatusCode::NO_CONTENT)
}
