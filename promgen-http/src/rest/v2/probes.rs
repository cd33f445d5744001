//! `/rest/v2/probes`: modules of the blackbox exporter.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::{Sort, probes};
use promgen_core::model::{Probe, ProbeId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::SeeSite, routes!(list))
        .documented(Act::ChangeSite, routes!(create))
        .documented(Act::ChangeSite, routes!(update))
        .documented(Act::ChangeSite, routes!(delete))
}

/// A probe.
#[derive(Debug, Serialize, ToSchema)]
struct ProbeWhole {
    id: i32,
    /// Name of the module.
    module: String,
    description: String,
}

impl From<Probe> for ProbeWhole {
    fn from(probe: Probe) -> Self {
        Self {
            id: probe.id.0,
            module: probe.module,
            description: probe.description,
        }
    }
}

/// A probe to be.
#[derive(Debug, Deserialize, ToSchema)]
struct NewProbe {
    /// Name of the module; 1 to 128 characters.
    module: String,
    description: Option<String>,
}

/// What is to be changed of a probe.
#[derive(Debug, Deserialize, ToSchema)]
struct PatchedProbe {
    module: Option<String>,
    description: Option<String>,
}

/// All probes, by module.
#[utoipa::path(
    get, path = "/rest/v2/probes", tag = "probes",
    params(PageQuery, ("module" = Option<String>, Query, description = "part of the module")),
    responses((status = 200, body = PageOf<ProbeWhole>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<ProbeWhole>>, RestError> {
    let listed = probes::list(
        &server.app,
        &actor,
        filters.text("module"),
        Sort::default(),
        page.slice(),
    )
    .await?;
    Ok(Json(page.answer(listed, ProbeWhole::from)?))
}

/// Makes a probe; superusers only.
#[utoipa::path(
    post, path = "/rest/v2/probes", tag = "probes",
    request_body = NewProbe,
    responses((status = 201, body = ProbeWhole)),
)]
async fn create(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(new): Body<NewProbe>,
) -> Result<(StatusCode, Json<ProbeWhole>), RestError> {
    let description = new.description.unwrap_or_default();
    let probe = probes::create(&server.app, &actor, &new.module, &description).await?;
    Ok((StatusCode::CREATED, Json(probe.into())))
}

/// Changes a probe; superusers only.
#[utoipa::path(
    patch, path = "/rest/v2/probes/{id}", tag = "probes",
    params(("id" = i32, Path)),
    request_body = PatchedProbe,
    responses((status = 200, body = ProbeWhole)),
)]
async fn update(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(wanted): Body<PatchedProbe>,
) -> Result<Json<ProbeWhole>, RestError> {
    let (module, description) = (wanted.module.as_deref(), wanted.description.as_deref());
    let probe = probes::update(&server.app, &actor, ProbeId(id), module, description).await?;
    Ok(Json(probe.into()))
}

/// Deletes a probe that no URL uses; superusers only.
#[utoipa::path(
    delete, path = "/rest/v2/probes/{id}", tag = "probes",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    probes::delete(&server.app, &actor, ProbeId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
