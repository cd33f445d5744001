//! `/rest/v2/projects`, and making them below services.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::projects::{self, NewProject, ProjectChange};
use promgen_core::app::{ProjectFilter, Written};
use promgen_core::model::{Project, ProjectId, ServiceId, ShardId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::project_detail::ProjectRetrieve;
use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError, warnings};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::List, routes!(list_projects))
        .documented(Act::Edit, routes!(create_project))
        .documented(Act::See, routes!(find_project))
        .documented(Act::Edit, routes!(replace_project))
        .documented(Act::Edit, routes!(change_project))
        .documented(Act::Own, routes!(delete_project))
}

/// A project in a list, or as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProjectSimple {
    id: i32,
    name: String,
    description: String,
    /// Id of the user who answers for it.
    #[schema(required)]
    owner: Option<i32>,
    /// Id of its service.
    service: i32,
    /// Id of its shard.
    shard: i32,
    /// After a change of the name or the service: places that still mention the one before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

impl From<Project> for ProjectSimple {
    fn from(project: Project) -> Self {
        Self {
            id: project.id.0,
            name: project.name.to_string(),
            description: project.description,
            owner: project.owner.map(|owner| owner.0),
            service: project.service.0,
            shard: project.shard.0,
            warnings: Vec::new(),
        }
    }
}

impl From<Written<Project>> for ProjectSimple {
    fn from(written: Written<Project>) -> Self {
        Self {
            warnings: warnings(written.warnings()),
            ..written.object.into()
        }
    }
}

/// A project to be.
#[derive(Debug, Deserialize, ToSchema)]
struct ProjectCreate {
    name: String,
    #[serde(default)]
    description: String,
    /// Id of the shard, which must be enabled.
    shard: i32,
}

/// A project in the place of the one that is there.
#[derive(Debug, Deserialize, ToSchema)]
struct ProjectReplace {
    name: String,
    #[serde(default)]
    description: String,
    /// Id of the user who shall answer for it; null leaves that.
    #[schema(required)]
    owner: Option<i32>,
    /// Id of the service.
    service: i32,
    /// Id of the shard, which must be enabled when it is another one.
    shard: i32,
}

/// What is to be otherwise.
#[derive(Debug, Deserialize, ToSchema)]
struct ProjectPatch {
    name: Option<String>,
    description: Option<String>,
    /// Id of the user who shall answer for it.
    owner: Option<i32>,
    /// Id of the service.
    service: Option<i32>,
    /// Id of the shard, which must be enabled when it is another one.
    shard: Option<i32>,
}

/// Projects that one may see, by name.
#[utoipa::path(
    get, path = "/rest/v2/projects", tag = "projects",
    params(
        PageQuery,
        ("name" = Option<String>, Query, description = "part of the name"),
        ("service" = Option<String>, Query, description = "part of the service's name"),
        ("shard" = Option<String>, Query, description = "part of the shard's name"),
        ("service_id" = Option<i32>, Query, description = "id of the service"),
        ("shard_id" = Option<i32>, Query, description = "id of the shard"),
    ),
    responses((status = 200, body = PageOf<ProjectSimple>)),
)]
async fn list_projects(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<ProjectSimple>>, RestError> {
    let filter = ProjectFilter {
        name: filters.text("name"),
        service: filters.text("service"),
        shard: filters.text("shard"),
        service_id: filters.number("service_id")?.map(ServiceId),
        shard_id: filters.number("shard_id")?.map(ShardId),
    };
    let listed = projects::list(&server.app, &actor, &filter, page.slice()).await?;
    Ok(Json(page.answer(listed, ProjectSimple::from)?))
}

/// Makes a project of a service; whoever does becomes its owner.
#[utoipa::path(
    post, path = "/rest/v2/services/{id}/project", tag = "projects",
    params(("id" = i32, Path)), request_body = ProjectCreate,
    responses((status = 201, body = ProjectSimple)),
)]
async fn create_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ProjectCreate>,
) -> Result<(StatusCode, Json<ProjectSimple>), RestError> {
    let new = NewProject {
        name: &body.name,
        description: &body.description,
        shard: ShardId(body.shard),
        owner: None,
    };
    let project = projects::create(&server.app, &actor, ServiceId(id), new).await?;
    Ok((StatusCode::CREATED, Json(project.into())))
}

/// One project.
#[utoipa::path(
    get, path = "/rest/v2/projects/{id}", tag = "projects",
    params(("id" = i32, Path)),
    responses((status = 200, body = ProjectRetrieve)),
)]
async fn find_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<ProjectRetrieve>, RestError> {
    let project = projects::find(&server.app, &actor, ProjectId(id)).await?;
    Ok(Json(project.into()))
}

/// Replaces what can be written of a project.
#[utoipa::path(
    put, path = "/rest/v2/projects/{id}", tag = "projects",
    params(("id" = i32, Path)), request_body = ProjectReplace,
    responses((status = 200, body = ProjectSimple)),
)]
async fn replace_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ProjectReplace>,
) -> Result<Json<ProjectSimple>, RestError> {
    let wanted = ProjectChange {
        name: Some(&body.name),
        description: Some(&body.description),
        owner: body.owner.map(UserId),
        service: Some(ServiceId(body.service)),
        shard: Some(ShardId(body.shard)),
    };
    let written = projects::update(&server.app, &actor, ProjectId(id), wanted).await?;
    Ok(Json(written.into()))
}

/// Changes what is sent of a project.
#[utoipa::path(
    patch, path = "/rest/v2/projects/{id}", tag = "projects",
    params(("id" = i32, Path)), request_body = ProjectPatch,
    responses((status = 200, body = ProjectSimple)),
)]
async fn change_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ProjectPatch>,
) -> Result<Json<ProjectSimple>, RestError> {
    let wanted = ProjectChange {
        name: body.name.as_deref(),
        description: body.description.as_deref(),
        owner: body.owner.map(UserId),
        service: body.service.map(ServiceId),
        shard: body.shard.map(ShardId),
    };
    let written = projects::update(&server.app, &actor, ProjectId(id), wanted).await?;
    Ok(Json(written.into()))
}

/// Deletes a project and everything below it but its farm.
#[utoipa::path(
    delete, path = "/rest/v2/projects/{id}", tag = "projects",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    projects::delete(&server.app, &actor, ProjectId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
