//! `/rest/project/`

use axum::Json;
use promgen_core::app::by_name::{self, NamedProject, ProjectFilter};
use promgen_core::app::policy::Act;
use promgen_core::model::{ServiceId, ShardId};
use serde::Serialize;

use super::asked::Asked;
use super::named::Named;
use super::paths::{collection, object};
use super::senders::{SenderV1, of_project};
use crate::rest::RestError;
use crate::routes::Routes;

pub(super) fn routes(prefix: &str) -> Routes {
    let (all, one) = (collection(prefix, "project"), object(prefix, "project"));
    Routes::default()
        .reads(Act::List, &all, "json", list)
        .reads(Act::See, &one, "json", find)
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
