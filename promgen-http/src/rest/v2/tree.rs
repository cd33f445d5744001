//! `/rest/v2/tree`: the whole tree as a document.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use promgen_core::app::policy::Act;
use promgen_core::app::tree::{self, Applied, ApplyOptions};
use promgen_core::model::Problem;
use promgen_core::tree::ExportOptions;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::{Limits, read};
use crate::rest::{Caller, Filters, RestError};
use crate::routes::Routes;

/// Largest document, as for the command.
const MOST_BYTES: usize = 64 * 1024 * 1024;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::SeeAll, routes!(export))
        .documented(Act::ChangeSite, routes!(apply))
}

/// What was done, or would be.
#[derive(Debug, Serialize, ToSchema)]
struct AppliedTree {
    /// What was created, changed and removed, by kind.
    #[schema(value_type = Object)]
    summary: Value,
    /// Findings that did not stop it.
    #[schema(value_type = Vec<Object>)]
    warnings: Vec<Problem>,
}

/// The whole tree as a document, without secrets.
#[utoipa::path(
    get, path = "/rest/v2/tree", tag = "tree",
    responses((status = 200, body = Object, content_type = "application/yaml")),
)]
async fn export(
    State(server): State<Server>,
    Caller(actor): Caller,
) -> Result<Response, RestError> {
    let text = tree::export(&server.app, &actor, &ExportOptions::default()).await?;
    let kind = HeaderValue::from_static("application/yaml");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// Brings the tree to what a document states: all of it or nothing.
#[utoipa::path(
    post, path = "/rest/v2/tree", tag = "tree",
    params(
        ("dry_run" = Option<bool>, Query, description = "say what would be done, and do nothing"),
        ("prune" = Option<bool>, Query, description = "remove what the lists of the document leave out"),
        ("create_users" = Option<bool>, Query, description = "make users that the document names"),
    ),
    request_body(content = Object, content_type = "application/yaml"),
    responses((status = 200, body = AppliedTree)),
)]
async fn apply(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<AppliedTree>, RestError> {
    actor.require(promgen_core::app::Right::Change, server.app.settings())?;
    let options = ApplyOptions {
        dry_run: filters.flag("dry_run")?.unwrap_or(false),
        prune: filters.flag("prune")?.unwrap_or(false),
        create_users: filters.flag("create_users")?.unwrap_or(false),
    };
    let limits = Limits {
        bytes: MOST_BYTES,
        time: server.body_timeout,
        memory: std::sync::Arc::clone(&server.body_memory),
    };
    let received = read(&headers, body, &limits).await?;
    let text = std::str::from_utf8(&received.bytes)
        .map_err(|_| RestError::field("", "the document is no UTF-8", "send it as UTF-8"))?;
    let Applied { summary, warnings } = tree::apply(&server.app, &actor, text, options).await?;
    Ok(Json(AppliedTree {
        summary: serde_json::to_value(&summary).unwrap_or_default(),
        warnings,
    }))
}
