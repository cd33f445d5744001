//! One handler per part of the API.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use promgen_core::app::proxy::{Endpoint, ProxyError};
use promgen_core::promql;
use serde_json::json;

use super::asked::Asked;
use super::failed::Failed;

macro_rules! handlers {
    ($($(#[$doc:meta])* $handler:ident: $endpoint:expr;)*) => {$(
        $(#[$doc])*
        pub(super) async fn $handler(asked: Asked) -> Result<Response, Failed> {
            Ok(answered(asked.answer($endpoint).await?))
        }
    )*};
}

handlers! {
    /// Names of labels.
    labels: Endpoint::Labels;
    /// Series that a selector finds.
    series: Endpoint::Series;
    /// An expression at one time.
    query: Endpoint::Query;
    /// An expression over a range of time.
    query_range: Endpoint::QueryRange;
    /// Exemplars of the series of an expression.
    exemplars: Endpoint::Exemplars;
    /// Types and help of metrics.
    metadata: Endpoint::Metadata;
}

/// The values of a label.
pub(super) async fn label_values(
    name: Result<Path<String>, PathRejection>,
    asked: Asked,
) -> Result<Response, Failed> {
    // What does not decode is no label name either.
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let endpoint = Endpoint::label_values(name)?;
    Ok(answered(asked.answer(endpoint).await?))
}

/// An expression, formatted here: no shard has to be asked.
pub(super) async fn format_query(asked: Asked) -> Result<Response, Failed> {
    let formatted = promql::format(asked.first("query")).map_err(ProxyError::from)?;
    let answer = json!({"status": "success", "data": formatted});
    Ok(answered(answer.to_string().into()))
}

/// What answers here, in the shape of Prometheus. Clients tell by the version what they may ask;
/// it is that of the oldest server that the settings count on.
pub(super) async fn buildinfo(asked: Asked) -> Result<Response, Failed> {
    let oldest = asked.server.app.settings().prometheus.min_version;
    let own = concat!("promgen/", env!("CARGO_PKG_VERSION"));
    let answer = json!({"status": "success", "data": {
        "version": format!("{}.{}.0", oldest.major, oldest.minor),
        "revision": own,
        "branch": "",
        "buildUser": own,
        "buildDate": "",
        "goVersion": "",
    }});
    Ok(answered(answer.to_string().into()))
}

/// JSON that is for nobody but the one who asked.
pub(super) fn answered(body: Bytes) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}
