//! `/rest/service/`

use axum::Json;
use promgen_core::app::by_name::{self, NamedService};
use promgen_core::app::policy::Act;
use serde::Serialize;

use super::asked::Asked;
use super::named::Named;
use super::paths::{collection, object};
use super::projects::{self, ProjectV1};
use super::senders::{SenderV1, of_service};
use crate::rest::RestError;
use crate::routes::Routes;

pub(super) fn routes(prefix: &str) -> Routes {
    let (all, one) = (collection(prefix, "service"), object(prefix, "service"));
    Routes::default()
        .reads(Act::List, &all, "json", list)
        .reads(Act::See, &one, "json", find)
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
