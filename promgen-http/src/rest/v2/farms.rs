//! `/rest/v2/farms`, and the farm of a project

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::farms::{self, FarmFilter, NewFarm, Served};
use promgen_core::app::policy::Act;
use promgen_core::model::{FarmId, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::farm_sources::names_of;
use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::List, routes!(list))
        .documented(Act::See, routes!(find))
        .documented(Act::Edit, routes!(replace))
        .documented(Act::Edit, routes!(change))
        .documented(Act::Edit, routes!(delete))
        .documented(Act::Edit, routes!(sync))
        .documented(Act::Edit, routes!(convert))
        .documented(Act::See, routes!(of_project))
        .documented(Act::Edit, routes!(register))
}

/// A farm.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::rest) struct FarmView {
    id: i32,
    /// Name of the first project that it serves.
    #[schema(required)]
    project: Option<String>,
    /// Id of the first project that it serves.
    #[schema(required)]
    project_id: Option<i32>,
    /// Ids of all projects that it serves and that one may see.
    projects: Vec<i32>,
    /// Whether its hosts come from a discovery source.
    remote: bool,
    name: String,
    /// Key of its source; `promgen` for a local farm.
    source: String,
}

impl From<Served> for FarmView {
    fn from(served: Served) -> Self {
        let Served { farm, projects } = served;
        let first = projects.first();
        Self {
            id: farm.id.0,
            project: first.map(|project| project.name.to_string()),
            project_id: first.map(|project| project.id.0),
            projects: projects.iter().map(|project| project.id.0).collect(),
            remote: !farm.is_local(),
            name: farm.name.to_string(),
            source: farm.source,
        }
    }
}

/// All that can be said about a local farm.
#[derive(Debug, Deserialize, ToSchema)]
struct FarmReplaced {
    /// 1 to 128 characters.
    name: String,
}

/// What is to be different about a local farm.
#[derive(Debug, Deserialize, ToSchema)]
struct FarmChanged {
    /// 1 to 128 characters.
    name: Option<String>,
}

/// A farm for a project.
#[derive(Debug, Deserialize, ToSchema)]
struct FarmRegistered {
    /// Name; of a remote farm that which its source knows it by.
    name: String,
    /// Key of the source; `promgen` for a local farm.
    source: String,
    /// Hosts of a local farm.
    #[serde(default)]
    hosts: Vec<String>,
}

/// Farms that one may see, by name.
#[utoipa::path(
    get, path = "/rest/v2/farms", tag = "farms",
    params(
        PageQuery,
        ("name" = Option<String>, Query, description = "part of the name"),
        ("source" = Option<String>, Query, description = "key of the source"),
    ),
    responses((status = 200, body = PageOf<FarmView>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<FarmView>>, RestError> {
    let sources = names_of(&server, &actor)?;
    let filter = FarmFilter {
        name: filters.text("name"),
        source: filters.choice("source", &sources)?,
    };
    let listed = farms::page(&server.app, &actor, filter, page.slice()).await?;
    Ok(Json(page.answer(listed, FarmView::from)?))
}

/// One farm.
#[utoipa::path(
    get, path = "/rest/v2/farms/{id}", tag = "farms",
    params(("id" = i32, Path)),
    responses((status = 200, body = FarmView)),
)]
async fn find(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<FarmView>, RestError> {
    let farm = farms::see(&server.app, &actor, FarmId(id)).await?;
    Ok(Json(farm.into()))
}

/// Writes all fields of a local farm.
#[utoipa::path(
    put, path = "/rest/v2/farms/{id}", tag = "farms",
    params(("id" = i32, Path)),
    request_body = FarmReplaced,
    responses((status = 200, body = FarmView)),
)]
async fn replace(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<FarmReplaced>,
) -> Result<Json<FarmView>, RestError> {
    let farm = farms::rename(&server.app, &actor, FarmId(id), Some(&body.name)).await?;
    Ok(Json(farm.into()))
}

/// Writes some fields of a local farm.
#[utoipa::path(
    patch, path = "/rest/v2/farms/{id}", tag = "farms",
    params(("id" = i32, Path)),
    request_body = FarmChanged,
    responses((status = 200, body = FarmView)),
)]
async fn change(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<FarmChanged>,
) -> Result<Json<FarmView>, RestError> {
    let farm = farms::rename(&server.app, &actor, FarmId(id), body.name.as_deref()).await?;
    Ok(Json(farm.into()))
}

/// Deletes a farm and its hosts; the projects that it served have none then.
#[utoipa::path(
    delete, path = "/rest/v2/farms/{id}", tag = "farms",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    farms::delete(&server.app, &actor, FarmId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a remote farm the hosts that its source has.
#[utoipa::path(
    post, path = "/rest/v2/farms/{id}/sync", tag = "farms",
    params(("id" = i32, Path)),
    responses((status = 200, body = FarmView)),
)]
async fn sync(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<FarmView>, RestError> {
    let farm = farms::sync(&server.app, &actor, FarmId(id)).await?;
    Ok(Json(farm.into()))
}

/// Makes a remote farm a local one, which keeps its hosts.
#[utoipa::path(
    post, path = "/rest/v2/farms/{id}/convert-to-local", tag = "farms",
    params(("id" = i32, Path)),
    responses((status = 200, body = FarmView)),
)]
async fn convert(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<FarmView>, RestError> {
    let farm = farms::convert_remote(&server.app, &actor, FarmId(id)).await?;
    Ok(Json(farm.into()))
}

/// The farm of a project, in a list.
#[utoipa::path(
    get, path = "/rest/v2/projects/{id}/farms", tag = "farms",
    params(PageQuery, ("id" = i32, Path)),
    responses((status = 200, body = PageOf<FarmView>)),
)]
async fn of_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    page: Page,
) -> Result<Json<PageOf<FarmView>>, RestError> {
    let listed = farms::of_project(&server.app, &actor, ProjectId(id), page.slice()).await?;
    Ok(Json(page.answer(listed, FarmView::from)?))
}

/// Gives a project, which has none, a farm.
#[utoipa::path(
    post, path = "/rest/v2/projects/{id}/farms", tag = "farms",
    params(("id" = i32, Path)),
    request_body = FarmRegistered,
    responses((status = 201, body = FarmView)),
)]
async fn register(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<FarmRegistered>,
) -> Result<(StatusCode, Json<FarmView>), RestError> {
    let new = NewFarm {
        name: &body.name,
        source: &body.source,
        hosts: &body.hosts,
    };
    let farm = farms::register(&server.app, &actor, ProjectId(id), &new).await?;
    Ok((StatusCode::CREATED, Json(farm.into())))
}
