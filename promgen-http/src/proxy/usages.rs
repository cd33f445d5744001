//! `GET /rest/shard/{name}/usages/`: how much a shard has to do, in its own words.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use promgen_core::app::proxy::{self, ProxyError};
use url::form_urlencoded;

use super::failed::Failed;
use super::prometheus::answered;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Credential;

/// Answers with what the shard says to `?metric=samples` or `?metric=exporters`.
pub(crate) async fn usages(
    State(server): State<Server>,
    name: Result<Path<String>, PathRejection>,
    credential: Credential,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let Path(name) = name.map_err(|_| HttpError::NoRoute)?;
    let actor = credential.actor(&server.app).await?;
    let query = query.unwrap_or_default();
    let metric = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "metric");
    let metric = metric.map(|(_, metric)| metric).unwrap_or_default();
    match proxy::usage(&server.app, &actor, &name, &metric).await {
        Ok(said) => Ok(answered(said.into())),
        // The original's words.
        Err(ProxyError::Parameter { .. }) => {
            Ok((StatusCode::BAD_REQUEST, "BAD REQUEST").into_response())
        }
        Err(error) => Err(error.into()),
    }
}
