//! What becomes of an error of the proxy: its clients know the errors of Prometheus.
//!
//! Whoever may not ask, and what is wrong inside, is told as everywhere else (`error.rs`).

use axum::Json;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use promgen_core::app::AppError;
use promgen_core::app::proxy::{Failure, ProxyError, Refusal, ShardFailure};
use serde_json::json;

use crate::error::HttpError;

/// Names the address at which a shard failed.
const PROXY: HeaderName = HeaderName::from_static("x-promgen-proxy");

/// Bodies of others are shown, if at all, without any power over this site.
const SANDBOX: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

/// Why a question was not answered.
#[derive(Debug)]
pub(super) enum Failed {
    /// The request itself.
    Http(HttpError),
    /// The proxy.
    Proxy(ProxyError),
}

impl From<HttpError> for Failed {
    fn from(error: HttpError) -> Self {
        Self::Http(error)
    }
}

impl From<AppError> for Failed {
    fn from(error: AppError) -> Self {
        Self::Http(error.into())
    }
}

impl From<ProxyError> for Failed {
    fn from(error: ProxyError) -> Self {
        match error {
            ProxyError::App(error) => error.into(),
            other => Self::Proxy(other),
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Http(error) => return error.into_response(),
            Self::Proxy(error) => error,
        };
        let text = error.to_string();
        match error {
            ProxyError::Shard(failure) => shard_failed(*failure, &text),
            ProxyError::TooLarge { .. } => {
                told(StatusCode::UNPROCESSABLE_ENTITY, "execution", &text)
            }
            ProxyError::Crowded => {
                let mut response = told(StatusCode::SERVICE_UNAVAILABLE, "unavailable", &text);
                let headers = response.headers_mut();
                headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
                response
            }
            _ => told(StatusCode::BAD_REQUEST, "bad_data", &text),
        }
    }
}

/// An error as Prometheus writes it.
fn told(status: StatusCode, kind: &str, message: &str) -> Response {
    let body = json!({"status": "error", "errorType": kind, "error": message});
    let mut response = (status, Json(body)).into_response();
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

/// What a shard said, as it said it; where it said nothing, what happened.
fn shard_failed(failure: ShardFailure, text: &str) -> Response {
    let mut response = match failure.what {
        Failure::Refused(refusal) => passed_on(*refusal),
        Failure::Slow { .. } => told(StatusCode::GATEWAY_TIMEOUT, "timeout", text),
        Failure::Unreachable { .. } => told(StatusCode::SERVICE_UNAVAILABLE, "unavailable", text),
        _ => told(StatusCode::BAD_GATEWAY, "internal", text),
    };
    if let Ok(url) = HeaderValue::from_str(&failure.url) {
        response.headers_mut().insert(PROXY, url);
    }
    response
}

fn passed_on(refusal: Refusal) -> Response {
    let mut response = Bytes::from(refusal.body).into_response();
    let status = StatusCode::from_u16(refusal.status);
    *response.status_mut() = status.unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = response.headers_mut();
    let media = refusal
        .content_type
        .and_then(|text| HeaderValue::from_str(&text).ok());
    let unknown = HeaderValue::from_static("application/octet-stream");
    headers.insert(CONTENT_TYPE, media.unwrap_or(unknown));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(what: Failure) -> Response {
        let failure = ShardFailure {
            shard: "east".to_owned(),
            url: "http://p:9090/api/v1/query?query=up".to_owned(),
            what,
        };
        Failed::from(ProxyError::Shard(Box::new(failure))).into_response()
    }

    #[test]
    fn what_a_shard_said_is_passed_on_without_power() {
        let response = answer(Failure::Refused(Box::new(Refusal {
            status: 422,
            content_type: Some("text/html".to_owned()),
            body: b"<script>".to_vec(),
            message: String::new(),
        })));
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let headers = response.headers();
        assert_eq!(headers[PROXY], "http://p:9090/api/v1/query?query=up");
        assert_eq!(headers[CONTENT_TYPE], "text/html");
        assert!(
            headers[CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap()
                .contains("sandbox")
        );
    }

    #[test]
    fn what_happened_at_a_shard_has_a_status_of_its_own() {
        let message = || "why".to_owned();
        for (what, status) in [
            (Failure::Slow { message: message() }, 504),
            (Failure::Unreachable { message: message() }, 503),
            (Failure::Garbage { message: message() }, 502),
        ] {
            let response = answer(what);
            assert_eq!(response.status().as_u16(), status);
            assert!(response.headers().contains_key(PROXY));
        }
        let crowded = Failed::from(ProxyError::Crowded).into_response();
        assert_eq!(crowded.headers()[RETRY_AFTER], "5");
        let refused = Failed::from(ProxyError::App(AppError::Unauthenticated)).into_response();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    }
}
