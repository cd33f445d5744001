//! `POST /api/v1/alerts`: what Alertmanager hands in.

use axum::body::Body;
use axum::extract::State as Extract;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use promgen_core::app::{Right, intake};

use super::credentials::actor;
use super::error::{Refusal, refuse};
use super::router::State;

/// Takes a message; `202 OK` means that it survives a power cut.
pub(super) async fn alerts(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let app = &state.app;
    let actor = match actor(app, &headers).await {
        Ok(actor) => actor,
        Err(error) => return Refusal(error).into_response(),
    };
    // Strangers are turned away before they send anything.
    if let Err(error) = actor.require(Right::PostAlerts, app.settings()) {
        return Refusal(error).into_response();
    }
    let body = match receive(&state, &headers, body).await {
        Ok(body) => body,
        Err(refusal) => return *refusal,
    };
    match intake::accept(app, &actor, body).await {
        Ok(()) => (StatusCode::ACCEPTED, "OK").into_response(),
        Err(error) => Refusal(error).into_response(),
    }
}

/// Reads the body within its bounds of size and time.
async fn receive(state: &State, headers: &HeaderMap, body: Body) -> Result<Bytes, Box<Response>> {
    let refused = |status, detail: &str| Err(Box::new(refuse(status, detail)));
    let plain = |coding: &http::HeaderValue| coding == "identity";
    if !headers.get(header::CONTENT_ENCODING).is_none_or(plain) {
        return refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send the body without compression",
        );
    }
    let limit = state.app.settings().alerts.max_body_bytes;
    let too_large = format!("the body is larger than {limit} bytes");
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    if length
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: usize| length > limit)
    {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, &too_large);
    }
    let receiving = Limited::new(body, limit).collect();
    match tokio::time::timeout(state.body_timeout, receiving).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            refused(StatusCode::PAYLOAD_TOO_LARGE, &too_large)
        }
        Ok(Err(_)) => refused(StatusCode::BAD_REQUEST, "the body ended early"),
        Err(_) => refused(StatusCode::REQUEST_TIMEOUT, "the body took too long"),
    }
}
