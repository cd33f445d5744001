//! What becomes of an error: the one place that decides statuses and error bodies.
//!
//! Bodies are JSON in the original's shape, `{"detail": "…"}`, with `remedy` and `problems` where
//! there are any. What is wrong inside is told to the log, not to the client.

use std::sync::Arc;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use promgen_core::alert::MessageError;
use promgen_core::app::AppError;
use promgen_core::app::silences::{Outcome, SilenceError};
use promgen_core::model::Problem;
use serde::Serialize;
use thiserror::Error;

/// Seconds after which a client that was turned away may come back.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Why a request was not answered as asked.
#[derive(Debug, Error)]
pub(crate) enum HttpError {
    /// The use case refused or failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// Nothing is at this path.
    #[error("nothing is here")]
    NoRoute,
    /// Something is here, but not for this method.
    #[error("this method is not for this path")]
    Method,
    /// The query does not follow the form.
    #[error("the query parameter {name} {message}")]
    Query {
        name: &'static str,
        message: &'static str,
    },
    /// The body is larger than the setting allows.
    #[error("the body is larger than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    SlowBody,
    /// The connection or its framing broke within the body.
    #[error("the body broke off")]
    BrokenBody,
    /// The body is compressed.
    #[error("the body has a Content-Encoding, which is not understood here")]
    Encoded,
    /// The body says that it is something else than JSON.
    #[error("the body is not sent as application/json")]
    NotJson,
    /// The client takes no form that there is.
    #[error("this comes as YAML only")]
    NotAcceptable,
    /// The path or query holds a NUL, which is in no name.
    #[error("the query holds a NUL character")]
    Nul,
    /// Too many bodies are being received.
    #[error("too much is being received")]
    Crowded,
    /// The answer took longer than a request may take.
    #[error("the answer took too long")]
    Slow,
    /// No page of this session sent it.
    #[error("not allowed: this needs {0}")]
    Form(#[from] FormError),
}

/// Why a request that changes something is not taken from whoever the cookie says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum FormError {
    /// Another site sent it.
    #[error("to come from a page of this site (Origin, Referer)")]
    Foreign,
    /// It does not show the form token of the session: its page is from before the login.
    #[error(
        "the CSRF token of this session (the cookie csrftoken) in the header X-CSRFToken or the \
         form field csrfmiddlewaretoken"
    )]
    Token,
}

/// For programs, it is a right that they lack.
impl From<FormError> for AppError {
    fn from(error: FormError) -> Self {
        Self::Forbidden {
            need: error.to_string(),
        }
    }
}

/// The chain of an error that is ours to look into, for the log; carried by the response.
#[derive(Debug, Clone)]
pub(crate) struct Fault(pub(crate) Arc<HttpError>);

/// What is told of an error, carried by its response for whoever makes a page of it.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// What is wrong.
    pub(crate) detail: String,
    /// What to do about it.
    pub(crate) remedy: Option<String>,
    /// What is wrong with the form, where that is what is wrong.
    pub(crate) form: Option<FormError>,
}

/// A body as the original's clients know it.
#[derive(Serialize)]
struct Body {
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Problem>,
    /// What each Alertmanager did of a change that not all of them made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alertmanagers: Vec<Outcome>,
}

impl HttpError {
    /// The status of each error.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::App(error) => app_status(error),
            Self::NoRoute => StatusCode::NOT_FOUND,
            Self::Form(_) => StatusCode::FORBIDDEN,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Query { .. } | Self::Nul | Self::BrokenBody => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Encoded | Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::SlowBody | Self::Crowded | Self::Slow => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What may be told of it.
    pub(crate) fn detail(&self) -> String {
        match self.status() {
            StatusCode::INTERNAL_SERVER_ERROR => "something went wrong here".to_owned(),
            StatusCode::SERVICE_UNAVAILABLE if !self.is_for_operators() => {
                "not possible at the moment".to_owned()
            }
            _ => self.to_string(),
        }
    }

    /// The body, for those who add to it.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::to_value(self.body(self.status())).unwrap_or_default()
    }

    fn body(&self, status: StatusCode) -> Body {
        let problems = match self {
            Self::App(AppError::Invalid { problems }) => problems.clone(),
            _ => Vec::new(),
        };
        let alertmanagers = match self {
            Self::App(AppError::Silence(SilenceError::Failed(outcomes))) => outcomes.clone(),
            _ => Vec::new(),
        };
        Body {
            detail: self.detail(),
            remedy: self.remedy(status),
            problems,
            alertmanagers,
        }
    }

    /// Whether nothing but the settings is in the way, which may be told.
    fn is_for_operators(&self) -> bool {
        matches!(
            self,
            Self::App(AppError::Silence(SilenceError::NotConfigured))
        )
    }

    fn remedy(&self, status: StatusCode) -> Option<String> {
        let text = match self {
            _ if status == StatusCode::INTERNAL_SERVER_ERROR => {
                "tell whoever runs this server; X-Request-Id leads to the log"
            }
            Self::App(error) => return error.remedy(),
            Self::NoRoute => "/help lists the paths of programs; they have no slash at the end",
            Self::Method => "the header Allow lists the methods",
            Self::Query { .. } => "leave it out, or give it once with a name",
            Self::TooLarge { .. } => "send less, or raise alerts.max_body in the settings",
            Self::SlowBody | Self::BrokenBody => "send it again",
            Self::Form(_) => "load the page again, or use a token",
            Self::Encoded => "send it as plain JSON",
            Self::NotAcceptable => "leave Accept out, or add application/x-yaml",
            Self::Nul => "leave it out; no name holds one",
            Self::NotJson => "send JSON, with Content-Type: application/json",
            Self::Crowded | Self::Slow => "try again in a moment",
        };
        Some(text.to_owned())
    }
}

/// Statuses of what the use cases say. An Alertmanager retries a 5xx soon and a 4xx hardly ever, so
/// a 4xx is only said about the request itself.
fn app_status(error: &AppError) -> StatusCode {
    match error {
        AppError::Unauthenticated => StatusCode::UNAUTHORIZED,
        AppError::Forbidden { .. } => StatusCode::FORBIDDEN,
        AppError::NotFound { .. } | AppError::LinkEnded => StatusCode::NOT_FOUND,
        AppError::LoginRefused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::SlowDown { .. } => StatusCode::TOO_MANY_REQUESTS,
        AppError::Invalid { .. } | AppError::Message(_) => StatusCode::BAD_REQUEST,
        AppError::Overloaded | AppError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Peer { .. } | AppError::Unfetched { .. } | AppError::Discovery { .. } => {
            StatusCode::BAD_GATEWAY
        }
        AppError::Silence(error) => silence_status(error),
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What all Alertmanagers that failed say is wrong with the request is said on; else it is them.
fn silence_status(error: &SilenceError) -> StatusCode {
    match error {
        SilenceError::NotConfigured => StatusCode::SERVICE_UNAVAILABLE,
        SilenceError::Forbidden(_) => StatusCode::FORBIDDEN,
        _ => {
            let refused = error.refused_with();
            let refused = refused.and_then(|status| StatusCode::from_u16(status).ok());
            // A 401 or 403 is about the credentials of the settings.
            let ours = |status: &StatusCode| {
                !matches!(*status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
            };
            refused.filter(ours).unwrap_or(StatusCode::BAD_GATEWAY)
        }
    }
}

impl From<MessageError> for HttpError {
    fn from(error: MessageError) -> Self {
        Self::App(error.into())
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = self.body(status);
        let refusal = Refusal {
            detail: body.detail.clone(),
            remedy: body.remedy.clone(),
            form: match &self {
                Self::Form(error) => Some(*error),
                _ => None,
            },
        };
        let mut response = (status, Json(body)).into_response();
        response.extensions_mut().insert(refusal);
        let headers = response.headers_mut();
        let no_store = HeaderValue::from_static("no-store");
        headers.insert(header::CACHE_CONTROL, no_store);
        if status == StatusCode::UNAUTHORIZED {
            let token = HeaderValue::from_static("Token");
            headers.insert(header::WWW_AUTHENTICATE, token);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        if let Self::App(AppError::SlowDown { after }) = &self {
            let seconds = HeaderValue::from(after.as_secs() + 1);
            headers.insert(header::RETRY_AFTER, seconds);
        }
        if status.is_server_error() {
            response.extensions_mut().insert(Fault(Arc::new(self)));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(error: impl Into<HttpError>) -> Response {
        error.into().into_response()
    }

    #[test]
    fn a_missing_credential_asks_for_a_token() {
        let response = answer(AppError::Unauthenticated);
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Token");
    }

    #[test]
    fn what_a_retry_mends_is_503_and_never_429() {
        for error in [
            HttpError::App(AppError::Overloaded),
            HttpError::SlowBody,
            HttpError::Crowded,
            HttpError::Slow,
        ] {
            let response = answer(error);
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers()[header::RETRY_AFTER], "5");
            assert!(response.extensions().get::<Fault>().is_some());
        }
    }

    #[test]
    fn a_body_that_is_no_message_is_400() {
        let response = answer(MessageError::TooDeep { limit: 64 });
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(response.extensions().get::<Fault>().is_none());
    }

    #[test]
    fn what_went_wrong_inside_is_not_told() {
        let error = HttpError::App(AppError::Internal {
            message: "secret".to_owned(),
        });
        let body = error.body(error.status());
        assert!(!body.detail.contains("secret"));
        assert!(body.remedy.unwrap().contains("X-Request-Id"));
    }
}
