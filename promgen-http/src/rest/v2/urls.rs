//! `/rest/v2/urls`, and the URLs of a project

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::urls::{self, ProjectUrl};
use promgen_core::model::{ProjectId, UrlId};
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
        .documented(Act::Edit, routes!(delete))
        .documented(Act::Edit, routes!(register))
}

/// A URL that a probe watches.
#[derive(Debug, Serialize, ToSchema)]
struct UrlView {
    id: i32,
    /// Name of its project.
    project: String,
    /// Module of the probe.
    probe: String,
    url: String,
}

impl From<ProjectUrl> for UrlView {
    fn from(found: ProjectUrl) -> Self {
        Self {
            id: found.url.id.0,
            project: found.project.name.to_string(),
            probe: found.probe,
            url: found.url.url,
        }
    }
}

/// A URL for a project.
#[derive(Debug, Deserialize, ToSchema)]
struct UrlRegistered {
    /// An http or https URL of at most 256 characters.
    url: String,
    /// Module of the probe.
    probe: String,
}

/// URLs that one may see, by the names of service and project, then by URL.
#[utoipa::path(
    get, path = "/rest/v2/urls", tag = "urls",
    params(
        PageQuery,
        ("project_id" = Option<i32>, Query, description = "of this project"),
        ("probe" = Option<String>, Query, description = "module of the probe"),
    ),
    responses((status = 200, body = PageOf<UrlView>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<UrlView>>, RestError> {
    let project = filters.number("project_id")?.map(ProjectId);
    let probe = filters.text("probe");
    let listed = urls::list(&server.app, &actor, project, probe, page.slice()).await?;
    Ok(Json(page.answer(listed, UrlView::from)?))
}

/// Deletes a URL.
#[utoipa::path(
    delete, path = "/rest/v2/urls/{id}", tag = "urls",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    urls::delete(&server.app, &actor, UrlId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds a URL to a project, unless the same probe watches it there already.
#[utoipa::path(
    post, path = "/rest/v2/projects/{id}/urls", tag = "urls",
    params(("id" = i32, Path)),
    request_body = UrlRegistered,
    responses((status = 201, body = UrlView)),
)]
async fn register(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<UrlRegistered>,
) -> Result<(StatusCode, Json<UrlView>), RestError> {
    let project = ProjectId(id);
    let (done, _) = urls::register(&server.app, &actor, project, &body.url, &body.probe).await?;
    Ok((StatusCode::CREATED, Json(done.into())))
}
