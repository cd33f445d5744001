//! `GET /metrics`: what Promgen tells of itself.

use axum::extract::State;
use http::header;
use promgen_core::app::metrics;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Credential;

/// The text format of Prometheus, which every version of it reads.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Answers with the page of metrics.
pub(crate) async fn metrics(
    State(server): State<Server>,
    credential: Credential,
) -> Result<([(header::HeaderName, &'static str); 2], String), HttpError> {
    let actor = credential.observer(&server.app).await?;
    let page = metrics::render(&server.app, &actor).await?;
    let headers = [
        (header::CONTENT_TYPE, FORMAT),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, page))
}
