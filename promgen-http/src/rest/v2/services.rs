//! `/rest/v2/services`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::Written;
use promgen_core::app::policy::Act;
use promgen_core::app::services::{self, NewService, ServiceChange, ServiceDetail};
use promgen_core::model::{Service, ServiceId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError, warnings};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::List, routes!(list_services))
        .documented(Act::Found, routes!(create_service))
        .documented(Act::See, routes!(find_service))
        .documented(Act::Edit, routes!(replace_service))
        .documented(Act::Edit, routes!(change_service))
        .documented(Act::Own, routes!(delete_service))
}

/// A service in a list, or as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ServiceSimple {
    id: i32,
    name: String,
    description: String,
    /// Id of the user who answers for it.
    #[schema(required)]
    owner: Option<i32>,
    /// After a change of the name: places that still mention the one before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

impl From<Service> for ServiceSimple {
    fn from(service: Service) -> Self {
        Self {
            id: service.id.0,
            name: service.name.to_string(),
            description: service.description,
            owner: service.owner.map(|owner| owner.0),
            warnings: Vec::new(),
        }
    }
}

impl From<Written<Service>> for ServiceSimple {
    fn from(written: Written<Service>) -> Self {
        Self {
            warnings: warnings(written.warnings()),
            ..written.object.into()
        }
    }
}

/// A service by itself.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceRetrieve {
    id: i32,
    name: String,
    description: String,
    /// User name of who answers for it.
    #[schema(required)]
    owner: Option<String>,
    /// Id of that user.
    #[schema(required)]
    owner_id: Option<i32>,
}

impl From<ServiceDetail> for ServiceRetrieve {
    fn from(ServiceDetail { service, owner }: ServiceDetail) -> Self {
        Self {
            id: service.id.0,
            name: service.name.to_string(),
            description: service.description,
            owner,
            owner_id: service.owner.map(|owner| owner.0),
        }
    }
}

/// A service to be.
#[derive(Debug, Deserialize, ToSchema)]
struct ServiceCreate {
    name: String,
    #[serde(default)]
    description: String,
}

/// A service in the place of the one that is there.
#[derive(Debug, Deserialize, ToSchema)]
struct ServiceReplace {
    name: String,
    #[serde(default)]
    description: String,
    /// Id of the user who shall answer for it; null leaves that.
    #[schema(required)]
    owner: Option<i32>,
}

/// What is to be otherwise.
#[derive(Debug, Deserialize, ToSchema)]
struct ServicePatch {
    name: Option<String>,
    description: Option<String>,
    /// Id of the user who shall answer for it.
    owner: Option<i32>,
}

/// Services that one may see, by name.
#[utoipa::path(
    get, path = "/rest/v2/services", tag = "services",
    params(PageQuery, ("name" = Option<String>, Query, description = "part of the name")),
    responses((status = 200, body = PageOf<ServiceSimple>)),
)]
async fn list_services(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<ServiceSimple>>, RestError> {
    let listed = services::list(&server.app, &actor, filters.text("name"), page.slice()).await?;
    Ok(Json(page.answer(listed, ServiceSimple::from)?))
}

/// Founds a service; whoever does becomes its owner.
#[utoipa::path(
    post, path = "/rest/v2/services", tag = "services",
    request_body = ServiceCreate,
    responses((status = 201, body = ServiceSimple)),
)]
async fn create_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(body): Body<ServiceCreate>,
) -> Result<(StatusCode, Json<ServiceSimple>), RestError> {
    let new = NewService {
        name: &body.name,
        description: &body.description,
        owner: None,
    };
    let service = services::create(&server.app, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(service.into())))
}

/// One service.
#[utoipa::path(
    get, path = "/rest/v2/services/{id}", tag = "services",
    params(("id" = i32, Path)),
    responses((status = 200, body = ServiceRetrieve)),
)]
async fn find_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<ServiceRetrieve>, RestError> {
    let service = services::find(&server.app, &actor, ServiceId(id)).await?;
    Ok(Json(service.into()))
}

/// Replaces what can be written of a service.
#[utoipa::path(
    put, path = "/rest/v2/services/{id}", tag = "services",
    params(("id" = i32, Path)), request_body = ServiceReplace,
    responses((status = 200, body = ServiceSimple)),
)]
async fn replace_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ServiceReplace>,
) -> Result<Json<ServiceSimple>, RestError> {
    let wanted = ServiceChange {
        name: Some(&body.name),
        description: Some(&body.description),
        owner: body.owner.map(UserId),
    };
    let written = services::update(&server.app, &actor, ServiceId(id), wanted).await?;
    Ok(Json(written.into()))
}

/// Changes what is sent of a service.
#[utoipa::path(
    patch, path = "/rest/v2/services/{id}", tag = "services",
    params(("id" = i32, Path)), request_body = ServicePatch,
    responses((status = 200, body = ServiceSimple)),
)]
async fn change_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ServicePatch>,
) -> Result<Json<ServiceSimple>, RestError> {
    let wanted = ServiceChange {
        name: body.name.as_deref(),
        description: body.description.as_deref(),
        owner: body.owner.map(UserId),
    };
    let written = services::update(&server.app, &actor, ServiceId(id), wanted).await?;
    Ok(Json(written.into()))
}

/// Deletes a service and everything below it.
#[utoipa::path(
    delete, path = "/rest/v2/services/{id}", tag = "services",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    services::delete(&server.app, &actor, ServiceId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
