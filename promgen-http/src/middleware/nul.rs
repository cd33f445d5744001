//! NUL characters in addresses.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::error::HttpError;

/// Turns requests away whose path or query holds a NUL. Nothing is called so, and `PostgreSQL` fails
/// on a query with such a text. Prometheus' API answers in its own shape, and asks no database.
pub(crate) async fn nul(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let path = uri.path();
    if path.starts_with("/api/v1/") && !path.starts_with("/api/v1/host/") {
        return next.run(request).await;
    }
    if uri.path().contains("%00") {
        return HttpError::NoRoute.into_response();
    }
    if uri.query().is_some_and(|query| query.contains("%00")) {
        return HttpError::Nul.into_response();
    }
    next.run(request).await
}
