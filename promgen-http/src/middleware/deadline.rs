//! No request is worked on for ever.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::Server;
use crate::error::HttpError;

/// Answers 503 in the place of a handler that takes too long.
pub(crate) async fn deadline(
    State(server): State<Server>,
    request: Request,
    next: Next,
) -> Response {
    let answered = tokio::time::timeout(server.request_timeout, next.run(request)).await;
    answered.unwrap_or_else(|_| HttpError::Slow.into_response())
}
