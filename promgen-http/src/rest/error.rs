//! Errors in the shape that clients of the REST API know.

use axum::Json;
use axum::response::{IntoResponse, Response};
use promgen_core::app::AppError;
use promgen_core::model::{Problem, Severity};
use serde_json::{Map, Value, json};

use crate::error::HttpError;

/// As [`HttpError`], but what is wrong with fields stands under their names:
/// `{"clause": ["1:7: unexpected token; close the brace"]}`. What has no field of its own stands
/// under `non_field_errors`. Beside that, `problems` holds each with field, place and remedy.
///
/// What is about the whole is the `detail` too, where the original has it.
#[derive(Debug)]
pub(crate) struct RestError {
    /// Boxed: what is refused is rare, and answers should not be as large as their errors.
    error: Box<HttpError>,
    /// Further keys of the body, when something is invalid.
    more: Map<String, Value>,
}

impl<E: Into<HttpError>> From<E> for RestError {
    fn from(error: E) -> Self {
        Self {
            error: Box::new(error.into()),
            more: Map::new(),
        }
    }
}

impl RestError {
    /// One field that is wrong.
    pub(crate) fn field(
        field: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        AppError::invalid(field, message, remedy).into()
    }

    /// The same error with a further key in the body, when something is invalid.
    pub(crate) fn with(mut self, key: &str, value: Value) -> Self {
        self.more.insert(key.to_owned(), value);
        self
    }
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        match *self.error {
            HttpError::App(AppError::Invalid { problems }) => {
                let (mut parts, _) = HttpError::from(AppError::Invalid {
                    problems: Vec::new(),
                })
                .into_response()
                .into_parts();
                let mut body = fields(&problems);
                body.extend(self.more);
                let body = Json(body).into_response();
                let (body_parts, body) = body.into_parts();
                for name in [http::header::CONTENT_TYPE, http::header::CONTENT_LENGTH] {
                    parts.headers.remove(&name);
                    if let Some(value) = body_parts.headers.get(&name) {
                        parts.headers.insert(name, value.clone());
                    }
                }
                Response::from_parts(parts, body)
            }
            other => other.into_response(),
        }
    }
}

fn fields(problems: &[Problem]) -> Map<String, Value> {
    let mut body = Map::new();
    let errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error);
    for problem in errors {
        let field = match problem.field.as_str() {
            "" => {
                let detail = format!("{}; {}", problem.message, problem.remedy);
                body.entry("detail").or_insert(detail.into());
                "non_field_errors"
            }
            field => field,
        };
        let place = problem
            .place
            .map(|place| format!("{}:{}: ", place.line, place.column))
            .unwrap_or_default();
        let text = format!("{place}{}; {}", problem.message, problem.remedy);
        let list = body.entry(field).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(text.into());
        }
    }
    body.insert("problems".to_owned(), json!(problems));
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use promgen_core::model::Place;

    #[test]
    fn what_is_wrong_stands_under_the_name_of_its_field() {
        let problems = [
            Problem::error("clause", "is empty", "write it").at(Place { line: 1, column: 7 }),
            Problem::error("clause", "is odd", "mend it"),
            Problem::warning("name", "is long", "shorten it"),
            Problem::error("", "do not fit", "choose others"),
        ];
        let body = fields(&problems);
        assert_eq!(
            body["clause"],
            json!(["1:7: is empty; write it", "is odd; mend it"])
        );
        assert_eq!(
            body["non_field_errors"],
            json!(["do not fit; choose others"])
        );
        assert_eq!(body.get("name"), None);
        assert_eq!(body["problems"].as_array().unwrap().len(), 4);
    }

    #[test]
    fn an_answer_has_one_content_type_and_the_right_length() {
        let response = RestError::field("name", "is taken", "choose another").into_response();
        assert_eq!(response.status(), 400);
        let header = |name| response.headers().get_all(name).iter().count();
        assert_eq!(header(http::header::CONTENT_TYPE), 1);
        assert_eq!(response.headers()[http::header::CACHE_CONTROL], "no-store");
    }
}
