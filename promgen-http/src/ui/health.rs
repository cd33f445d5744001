//! Whether the process answers, and whether it can do its work.

use axum::Json;
use axum::extract::State;
use http::{StatusCode, header};
use promgen_core::app::health::{self, Readiness};

use crate::Server;

/// Says `OK` for as long as requests are answered. It does not ask the database: exports are
/// served without it, and a restart would not bring it back.
pub(crate) async fn health() -> &'static str {
    "OK\n"
}

/// Tells each thing that must be well; 503 when one is not.
pub(crate) async fn ready(
    State(server): State<Server>,
) -> (
    StatusCode,
    [(header::HeaderName, &'static str); 1],
    Json<Readiness>,
) {
    let readiness = health::ready(&server.app).await;
    let status = if readiness.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (status, headers, Json(readiness))
}
