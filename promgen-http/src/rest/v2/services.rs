//! `/rest/v2/services`

use axum::Json;
use axum::extract::State;
use promgen_core::app::policy::Act;
use promgen_core::app::services;
use promgen_core::model::{Service, ServiceId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::List, routes!(list))
        .documented(Act::See, routes!(find))
}

/// A service in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ServiceSimple {
    id: i32,
    name: String,
    description: String,
    /// Id of the user who answers for it.
    #[schema(required)]
    owner: Option<i32>,
}

impl From<Service> for ServiceSimple {
    fn from(service: Service) -> Self {
        Self {
            id: service.id.0,
            name: service.name.to_string(),
            description: service.description,
            owner: service.owner.map(|owner| owner.0),
        }
    }
}

/// Services that one may see, by name.
#[utoipa::path(
    get, path = "/rest/v2/services", tag = "services",
    params(PageQuery, ("name" = Option<String>, Query, description = "part of the name")),
    responses((status = 200, body = PageOf<ServiceSimple>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<ServiceSimple>>, RestError> {
    let listed = services::list(&server.app, &actor, filters.text("name"), page.slice()).await?;
    Ok(Json(page.answer(listed, ServiceSimple::from)?))
}

/// One service.
#[utoipa::path(
    get, path = "/rest/v2/services/{id}", tag = "services",
    params(("id" = i32, Path)),
    responses((status = 200, body = ServiceSimple)),
)]
async fn find(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<ServiceSimple>, RestError> {
    let service = services::find(&server.app, &actor, ServiceId(id)).await?;
    Ok(Json(service.into()))
}
