//! `/rest/v2/exporters`, and the exporters of a project

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::exporters::{self, ExporterFilter, NewExporter, ProjectExporter};
use promgen_core::app::policy::Act;
use promgen_core::model::{ExporterId, ProjectId, Scheme};
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
        .documented(Act::List, routes!(list))
        .documented(Act::See, routes!(find))
        .documented(Act::Edit, routes!(replace))
        .documented(Act::Edit, routes!(change))
        .documented(Act::Edit, routes!(delete))
        .documented(Act::Edit, routes!(register))
}

/// How an exporter is spoken to.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::rest) enum SchemeView {
    #[default]
    Http,
    Https,
}

impl From<SchemeView> for Scheme {
    fn from(scheme: SchemeView) -> Self {
        match scheme {
            SchemeView::Http => Self::Http,
            SchemeView::Https => Self::Https,
        }
    }
}

impl From<Scheme> for SchemeView {
    fn from(scheme: Scheme) -> Self {
        match scheme {
            Scheme::Http => Self::Http,
            Scheme::Https => Self::Https,
        }
    }
}

/// An exporter.
#[derive(Debug, Serialize, ToSchema)]
struct ExporterView {
    id: i32,
    /// Name of its project.
    project: String,
    project_id: i32,
    job: String,
    port: u16,
    /// Path and query; empty for `/metrics`.
    path: String,
    scheme: SchemeView,
    /// Whether it is scraped.
    enabled: bool,
}

impl From<ProjectExporter> for ExporterView {
    fn from(found: ProjectExporter) -> Self {
        let ProjectExporter { exporter, project } = found;
        Self {
            id: exporter.id.0,
            project: project.name.to_string(),
            project_id: project.id.0,
            job: exporter.job,
            port: exporter.port,
            path: exporter.path,
            scheme: exporter.scheme.into(),
            enabled: exporter.enabled,
        }
    }
}

/// What can be different about an exporter; all else makes another one of it.
#[derive(Debug, Deserialize, ToSchema)]
struct ExporterChanged {
    /// Whether it is scraped.
    enabled: Option<bool>,
}

/// An exporter for a project.
#[derive(Debug, Deserialize, ToSchema)]
struct ExporterRegistered {
    /// 1 to 128 characters.
    job: String,
    #[schema(minimum = 1)]
    port: u16,
    /// Path and query, at most 128 characters; empty for `/metrics`.
    #[serde(default)]
    path: String,
    #[serde(default)]
    scheme: SchemeView,
    /// Whether it is scraped from now on; it is unless told otherwise.
    enabled: Option<bool>,
}

/// Exporters that one may see, by job and port.
#[utoipa::path(
    get, path = "/rest/v2/exporters", tag = "exporters",
    params(
        PageQuery,
        ("project_id" = Option<i32>, Query, description = "of this project"),
        ("job" = Option<String>, Query, description = "part of the job"),
        ("path" = Option<String>, Query, description = "part of the path"),
        ("scheme" = Option<SchemeView>, Query, description = "of this scheme"),
        ("enabled" = Option<bool>, Query, description = "only enabled ones, or only others"),
    ),
    responses((status = 200, body = PageOf<ExporterView>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<ExporterView>>, RestError> {
    let schemes = [Scheme::Http, Scheme::Https];
    let word = filters.choice("scheme", &schemes.map(Scheme::as_str))?;
    let filter = ExporterFilter {
        project: filters.number("project_id")?.map(ProjectId),
        job: filters.text("job"),
        path: filters.text("path"),
        scheme: word.and_then(|word| word.parse().ok()),
        enabled: filters.flag("enabled")?,
    };
    let listed = exporters::list(&server.app, &actor, &filter, page.slice()).await?;
    Ok(Json(page.answer(listed, ExporterView::from)?))
}

/// One exporter.
#[utoipa::path(
    get, path = "/rest/v2/exporters/{id}", tag = "exporters",
    params(("id" = i32, Path)),
    responses((status = 200, body = ExporterView)),
)]
async fn find(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<ExporterView>, RestError> {
    let found = exporters::find(&server.app, &actor, ExporterId(id)).await?;
    Ok(Json(found.into()))
}

/// Enables or disables an exporter.
#[utoipa::path(
    put, path = "/rest/v2/exporters/{id}", tag = "exporters",
    params(("id" = i32, Path)),
    request_body = ExporterChanged,
    responses((status = 200, body = ExporterView)),
)]
async fn replace(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ExporterChanged>,
) -> Result<Json<ExporterView>, RestError> {
    let done = exporters::switch(&server.app, &actor, ExporterId(id), body.enabled).await?;
    Ok(Json(done.into()))
}

/// Enables or disables an exporter.
#[utoipa::path(
    patch, path = "/rest/v2/exporters/{id}", tag = "exporters",
    params(("id" = i32, Path)),
    request_body = ExporterChanged,
    responses((status = 200, body = ExporterView)),
)]
async fn change(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ExporterChanged>,
) -> Result<Json<ExporterView>, RestError> {
    let done = exporters::switch(&server.app, &actor, ExporterId(id), body.enabled).await?;
    Ok(Json(done.into()))
}

/// Deletes an exporter.
#[utoipa::path(
    delete, path = "/rest/v2/exporters/{id}", tag = "exporters",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    exporters::delete(&server.app, &actor, ExporterId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds an exporter to a project; one that is like it stays as it is.
#[utoipa::path(
    post, path = "/rest/v2/projects/{id}/exporters", tag = "exporters",
    params(("id" = i32, Path)),
    request_body = ExporterRegistered,
    responses((status = 201, body = ExporterView)),
)]
async fn register(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<ExporterRegistered>,
) -> Result<(StatusCode, Json<ExporterView>), RestError> {
    let new = NewExporter {
        job: &body.job,
        port: body.port,
        path: &body.path,
        scheme: body.scheme.into(),
        enabled: body.enabled.unwrap_or(true),
    };
    let done = exporters::register(&server.app, &actor, ProjectId(id), &new).await?;
    Ok((StatusCode::CREATED, Json(done.into())))
}
