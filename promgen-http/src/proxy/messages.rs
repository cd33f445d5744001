//! Errors in the shape that the page of silences shows: `{"messages": [{"class", "message",
//! "label"}]}`, beside what every error has.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use promgen_core::app::AppError;
use promgen_core::app::silences::SilenceError;
use serde_json::{Value, json};

use crate::error::HttpError;

/// An error of the routes of version 1.
#[derive(Debug)]
pub(super) struct V1(HttpError);

/// An error of the routes of version 2.
#[derive(Debug)]
pub(super) struct V2(HttpError);

impl<E: Into<HttpError>> From<E> for V1 {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl<E: Into<HttpError>> From<E> for V2 {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for V1 {
    fn into_response(self) -> Response {
        answer(self.0, "__all__")
    }
}

impl IntoResponse for V2 {
    fn into_response(self) -> Response {
        answer(self.0, "non_field_errors")
    }
}

/// `whole` is the label of what is about the form as a whole.
fn answer(error: HttpError, whole: &str) -> Response {
    let status = match &error {
        // Here as everywhere else a request is refused, but the original calls it unprocessable.
        HttpError::App(AppError::Invalid { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        other => other.status(),
    };
    let mut body = error.json();
    if let Some(map) = body.as_object_mut() {
        map.insert("messages".to_owned(), messages(&error, whole));
    }
    let (mut parts, _) = error.into_response().into_parts();
    parts.status = status;
    parts.headers.remove(http::header::CONTENT_LENGTH);
    let (_, body) = Json(body).into_response().into_parts();
    Response::from_parts(parts, body)
}

fn messages(error: &HttpError, whole: &str) -> Value {
    let danger =
        |text: String| json!({"class": "alert alert-danger", "message": text, "label": whole});
    match error {
        HttpError::App(AppError::Invalid { problems }) => problems
            .iter()
            .map(|problem| {
                let label = match problem.field.as_str() {
                    "" => whole,
                    field => field,
                };
                json!({
                    "class": "alert alert-warning",
                    "message": problem.message,
                    "label": label,
                    "remedy": problem.remedy,
                })
            })
            .collect(),
        HttpError::App(AppError::Silence(SilenceError::Forbidden(sentences))) => {
            sentences.iter().cloned().map(danger).collect()
        }
        HttpError::App(AppError::Silence(SilenceError::Failed(outcomes))) => outcomes
            .iter()
            .map(ToString::to_string)
            .map(danger)
            .collect(),
        other => json!([danger(other.detail())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use promgen_core::model::Problem;

    async fn body(response: Response) -> Value {
        let bytes = axum::body::to_bytes(response.into_body(), 10_000).await;
        serde_json::from_slice(&bytes.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn findings_bear_the_label_of_their_field() {
        let refused = || AppError::Invalid {
            problems: vec![
                Problem::error("", "Missing labels for silence.", "give some"),
                Problem::error("startsAt", "Invalid timestamp", "write it so"),
            ],
        };
        for (response, whole) in [
            (V1::from(refused()).into_response(), "__all__"),
            (V2::from(refused()).into_response(), "non_field_errors"),
        ] {
            assert_eq!(response.status(), 422);
            let body = body(response).await;
            assert_eq!(body["problems"].as_array().unwrap().len(), 2);
            assert_eq!(
                body["messages"],
                json!([
                    {
                        "class": "alert alert-warning", "message": "Missing labels for silence.",
                        "label": whole, "remedy": "give some",
                    },
                    {
                        "class": "alert alert-warning", "message": "Invalid timestamp",
                        "label": "startsAt", "remedy": "write it so",
                    },
                ])
            );
        }
    }

    #[tokio::test]
    async fn what_the_settings_lack_is_told_with_the_remedy() {
        let response = V1::from(AppError::from(SilenceError::NotConfigured)).into_response();
        assert_eq!(response.status(), 503);
        let body = body(response).await;
        assert_eq!(
            body["messages"][0]["message"],
            "no Alertmanager is configured"
        );
        assert!(
            body["remedy"]
                .as_str()
                .unwrap()
                .contains("alertmanager.url")
        );
    }
}
