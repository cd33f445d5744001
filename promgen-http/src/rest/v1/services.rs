//! `/rest/service/`

use axum::Json;
use http::{Method, StatusCode};
use promgen_core::app::by_name::{self, NamedService};
use promgen_core::app::policy::Act;
use promgen_core::app::services::{self, NewService, ServiceChange};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{Asked, AskedToWrite};
use super::named::Named;
use super::paths::{collection, object};
use super::projects::{self, ProjectV1};
use super::senders::{SenderV1, of_service};
use crate::rest::{Body, RestError};
use crate::routes::Routes;

pub(super) fn routes(prefix: &str) -> Routes {
    let (all, one) = (collection(prefix, "service"), object(prefix, "service"));
    Routes::default()
        .reads(Act::List, &all, "json", list)
        .reads(Act::See, &one, "json", find)
        .on(Act::ChangeSite, &Method::POST, &all, create)
        .on(Act::ChangeSite, &Method::PUT, &one, replace)
        .on(Act::ChangeSite, &Method::PATCH, &one, change)
        .on(Act::ChangeSite, &Method::DELETE, &one, delete)
        .reads(Act::See, &format!("{one}projects/"), "json", projects_below)
        .reads(Act::See, &format!("{one}notifiers/"), "json", notifiers)
}

/// A service.
#[derive(Debug, Serialize)]
pub(super) struct ServiceV1 {
    owner: Option<String>,
    html: String,
    name: String,
    description: String,
}

impl ServiceV1 {
    pub(super) fn new(asked: &Asked, found: NamedService) -> Self {
        let service = found.service;
        Self {
            owner: found.owner,
            html: asked.link(&format!("/service/{}", service.id)),
            name: service.name.to_string(),
            description: service.description,
        }
    }
}

async fn list(asked: Asked) -> Result<Json<Vec<ServiceV1>>, RestError> {
    let name = asked.filters.text("name");
    let services = by_name::services(&asked.app, &asked.actor, name).await?;
    let view = |service| ServiceV1::new(&asked, service);
    Ok(Json(services.into_iter().map(view).collect()))
}

async fn find(asked: Asked, Named(name): Named) -> Result<Json<ServiceV1>, RestError> {
    let service = by_name::service(&asked.app, &asked.actor, &name).await?;
    Ok(Json(ServiceV1::new(&asked, service)))
}

async fn projects_below(
    asked: Asked,
    Named(name): Named,
) -> Result<Json<Vec<ProjectV1>>, RestError> {
    let found = by_name::projects_of_service(&asked.app, &asked.actor, &name).await?;
    Ok(projects::views(&asked, found))
}

async fn notifiers(asked: Asked, Named(name): Named) -> Result<Json<Vec<SenderV1>>, RestError> {
    of_service(&asked, &name).await
}

/// All that is said about a service.
#[derive(Debug, Deserialize, ToSchema)]
struct ServiceWhole {
    name: String,
    #[serde(default)]
    description: String,
}

/// What is to be different about a service.
#[derive(Debug, Deserialize, ToSchema)]
struct ServiceSaid {
    name: Option<String>,
    description: Option<String>,
}

async fn create(
    AskedToWrite(asked): AskedToWrite,
    Body(body): Body<ServiceWhole>,
) -> Result<(StatusCode, Json<ServiceV1>), RestError> {
    let new = NewService {
        name: &body.name,
        description: &body.description,
        owner: None,
    };
    let made = services::create(&asked.app, &asked.actor, new).await?;
    let service = by_name::service(&asked.app, &asked.actor, &made.name).await?;
    Ok((StatusCode::CREATED, Json(ServiceV1::new(&asked, service))))
}

async fn replace(
    AskedToWrite(asked): AskedToWrite,
    Named(name): Named,
    Body(body): Body<ServiceWhole>,
) -> Result<Json<ServiceV1>, RestError> {
    let said = ServiceSaid {
        name: Some(body.name),
        description: Some(body.description),
    };
    update(&asked, &name, &said).await
}

async fn change(
    AskedToWrite(asked): AskedToWrite,
    Named(name): Named,
    Body(body): Body<ServiceSaid>,
) -> Result<Json<ServiceV1>, RestError> {
    update(&asked, &name, &body).await
}

async fn update(
    asked: &Asked,
    name: &str,
    said: &ServiceSaid,
) -> Result<Json<ServiceV1>, RestError> {
    let found = by_name::service(&asked.app, &asked.actor, name).await?;
    let wanted = ServiceChange {
        name: said.name.as_deref(),
        description: said.description.as_deref(),
        owner: None,
    };
    let done = services::update(&asked.app, &asked.actor, found.service.id, wanted).await?;
    let service = by_name::service(&asked.app, &asked.actor, &done.object.name).await?;
    Ok(Json(ServiceV1::new(asked, service)))
}

async fn delete(
    AskedToWrite(asked): AskedToWrite,
    Named(name): Named,
) -> Result<StatusCode, RestError> {
    let found = by_name::service(&asked.app, &asked.actor, &name).await?;
    services::delete(&asked.app, &asked.actor, found.service.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
