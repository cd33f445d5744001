//! `/rest/project/`

use axum::Json;
use http::{Method, StatusCode};
use promgen_core::app::by_name::{self, NamedProject, ProjectFilter};
use promgen_core::app::policy::Act;
use promgen_core::app::projects::{self, NewProject, ProjectChange};
use promgen_core::app::{AppError, shards};
use promgen_core::model::{ServiceId, ShardId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{Asked, AskedToWrite};
use super::named::Named;
use super::paths::{collection, object};
use super::senders::{SenderV1, of_project};
use crate::rest::{Body, RestError};
use crate::routes::Routes;

pub(super) fn routes(prefix: &str) -> Routes {
    let (all, one) = (collection(prefix, "project"), object(prefix, "project"));
    Routes::default()
        .reads(Act::List, &all, "json", list)
        .reads(Act::See, &one, "json", find)
        .on(Act::ChangeSite, &Method::POST, &all, create)
        .on(Act::ChangeSite, &Method::PUT, &one, replace)
        .on(Act::ChangeSite, &Method::PATCH, &one, change)
        .on(Act::ChangeSite, &Method::DELETE, &one, delete)
        .reads(Act::See, &format!("{one}notifiers/"), "json", notifiers)
}

/// A project.
#[derive(Debug, Serialize)]
pub(super) struct ProjectV1 {
    owner: Option<String>,
    /// Name of its service.
    service: String,
    html: String,
    name: String,
    description: String,
}

impl ProjectV1 {
    pub(super) fn new(asked: &Asked, found: NamedProject) -> Self {
        let project = found.project;
        Self {
            owner: found.owner,
            service: found.service.to_string(),
            html: asked.link(&format!("/project/{}", project.id)),
            name: project.name.to_string(),
            description: project.description,
        }
    }
}

/// A list of projects.
pub(super) fn views(asked: &Asked, found: Vec<NamedProject>) -> Json<Vec<ProjectV1>> {
    let view = |project| ProjectV1::new(asked, project);
    Json(found.into_iter().map(view).collect())
}

async fn list(asked: Asked) -> Result<Json<Vec<ProjectV1>>, RestError> {
    let filters = &asked.filters;
    let filter = ProjectFilter {
        name: filters.text("name"),
        service: filters.text("service"),
        shard: filters.text("shard"),
        service_id: filters.number("service_id")?.map(ServiceId),
        shard_id: filters.number("shard_id")?.map(ShardId),
    };
    let found = by_name::projects(&asked.app, &asked.actor, &filter).await?;
    Ok(views(&asked, found))
}

async fn find(asked: Asked, Named(name): Named) -> Result<Json<ProjectV1>, RestError> {
    let project = by_name::project(&asked.app, &asked.actor, &name).await?;
    Ok(Json(ProjectV1::new(&asked, project)))
}

async fn notifiers(asked: Asked, Named(name): Named) -> Result<Json<Vec<SenderV1>>, RestError> {
    of_project(&asked, &name).await
}

/// All that is said about a project.
#[derive(Debug, Deserialize, ToSchema)]
struct ProjectWhole {
    name: String,
    #[serde(default)]
    description: String,
    /// Name of its service.
    service: String,
    /// Name of its shard.
    shard: String,
}

/// What is to be different about a project.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct ProjectSaid {
    name: Option<String>,
    description: Option<String>,
    /// Name of its service.
    service: Option<String>,
    /// Name of its shard.
    shard: Option<String>,
}

async fn create(
    AskedToWrite(asked): AskedToWrite,
    Body(body): Body<ProjectWhole>,
) -> Result<(StatusCode, Json<ProjectV1>), RestError> {
    let new = NewProject {
        name: &body.name,
        description: &body.description,
        shard: shard_of(&asked, &body.shard).await?,
        owner: None,
    };
    let service = service_of(&asked, &body.service).await?;
    let made = projects::create(&asked.app, &asked.actor, service, new).await?;
    let project = by_name::project(&asked.app, &asked.actor, &made.name).await?;
    Ok((StatusCode::CREATED, Json(ProjectV1::new(&asked, project))))
}

async fn replace(
    AskedToWrite(asked): AskedToWrite,
    Named(name): Named,
    Body(body): Body<ProjectWhole>,
) -> Result<Json<ProjectV1>, RestError> {
    let said = ProjectSaid {
        name: Some(body.name),
        description: Some(body.description),
        service: Some(body.service),
        shard: Some(body.shard),
    };
    update(&asked, &name, &said).await
}

async fn change(
    AskedToWrite(asked): AskedToWrite,
    Named(name): Named,
    Body(body): Body<ProjectSaid>,
) -> Result<Json<ProjectV1>, RestError> {
    update(&asked, &name, &body).await
}

async fn update(
    asked: &Asked,
    name: &str,
    said: &ProjectSaid,
) -> Result<Json<ProjectV1>, RestError> {
    let found = by_name::project(&asked.app, &asked.actor, name).await?;
    let wanted = ProjectChange {
        name: said.name.as_deref(),
        description: said.description.as_deref(),
        owner: None,
        service: match &said.service {
            Some(service) => Some(service_of(asked, service).await?),
            None => None,
        },
        shard: match &said.shard {
            Some(shard) => Some(shard_of(asked, shard).await?),
            None => None,
        },
    };
    let done = projects::update(&asked.app, &asked.actor, found.project.id, wanted).await?;
    let project = by_name::project(&asked.app, &asked.actor, &done.object.name).await?;
    Ok(Json(ProjectV1::new(asked, project)))
}

async fn delete(
    AskedToWrite(asked): AskedToWrite,
    Named(name): Named,
) -> Result<StatusCode, RestError> {
    let found = by_name::project(&asked.app, &asked.actor, &name).await?;
    projects::delete(&asked.app, &asked.actor, found.project.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn service_of(asked: &Asked, name: &str) -> Result<ServiceId, RestError> {
    match by_name::service(&asked.app, &asked.actor, name).await {
        Ok(found) => Ok(found.service.id),
        Err(error) => Err(field_of("service", error)),
    }
}

async fn shard_of(asked: &Asked, name: &str) -> Result<ShardId, RestError> {
    match shards::find_named(&asked.app, &asked.actor, name).await {
        Ok(shard) => Ok(shard.id),
        Err(error) => Err(field_of("shard", error)),
    }
}

/// What a body names and is not there is the fault of its field, not of the path.
fn field_of(field: &str, error: AppError) -> RestError {
    match error {
        AppError::NotFound { .. } => {
            let remedy = format!("choose one that GET /rest/{field}/ lists");
            RestError::field(field, error.to_string(), remedy)
        }
        other => other.into(),
    }
}
