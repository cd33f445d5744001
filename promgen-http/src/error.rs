//! The one place that decides which status an error gets.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use promgen_core::app::AppError;

/// An error on its way to a client.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) AppError);

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

/// Alertmanager comes back by itself; this is for whoever reads the header.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = self.0;
        let status = status(&error);
        if status.is_server_error() {
            tracing::warn!(%error, %status, "request failed");
        }
        // What went wrong inside is for the log.
        let detail = match &error {
            AppError::Store { .. } | AppError::Internal { .. } => "internal error".to_owned(),
            AppError::Unavailable { .. } => "the database cannot be used at the moment".to_owned(),
            error => error.to_string(),
        };
        let mut body = serde_json::json!({ "detail": detail });
        if let Some(remedy) = error.remedy() {
            body["remedy"] = remedy.into();
        }
        if let AppError::Invalid { problems } = &error {
            body["problems"] = serde_json::to_value(problems).unwrap_or_default();
        }
        let mut response = json(status, &body);
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Token");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}

fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::Unauthenticated => StatusCode::UNAUTHORIZED,
        AppError::Forbidden { .. } => StatusCode::FORBIDDEN,
        AppError::NotFound { .. } => StatusCode::NOT_FOUND,
        AppError::Invalid { .. } | AppError::Message(_) => StatusCode::BAD_REQUEST,
        // Never 429: Alertmanager takes any 4xx as final until the next group interval.
        AppError::Overloaded | AppError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Peer { .. } => StatusCode::BAD_GATEWAY,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A refusal that no use case made.
pub(super) fn refuse(status: StatusCode, detail: &str) -> Response {
    json(status, &serde_json::json!({ "detail": detail }))
}

fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (status, content_type, format!("{body}\n")).into_response()
}

/// No route has that path.
pub(super) async fn no_such_path(uri: Uri) -> Response {
    refuse(
        StatusCode::NOT_FOUND,
        &format!("there is nothing at {}", uri.path()),
    )
}

/// A route has that path, but not that method.
pub(super) async fn wrong_method(method: Method, uri: Uri) -> Response {
    let detail = format!("{} does not take {method}", uri.path());
    refuse(StatusCode::METHOD_NOT_ALLOWED, &detail)
}
