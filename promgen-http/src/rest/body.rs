//! JSON bodies of requests.

use std::time::Duration;

use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use promgen_core::app::AppError;
use promgen_core::model::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

use super::RestError;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Limits, read};

/// Largest body. The longest object is a rule, or a list of hosts.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The value that a JSON body holds. Fields that are missing are told all at once, a value of a wrong
/// type with its field; fields that mean nothing are passed over.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned + PartialSchema> FromRequest<Server> for Body<T> {
    type Rejection = RestError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, RestError> {
        let (parts, body) = request.into_parts();
        let json = parts.headers.get(CONTENT_TYPE).is_some_and(|kind| {
            let kind = kind.to_str().unwrap_or_default();
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        });
        if !json {
            return Err(HttpError::NotJson.into());
        }
        let received = read(&parts.headers, body, &limits(server)).await?;
        parse(&received.bytes).map(Self)
    }
}

fn limits(server: &Server) -> Limits {
    Limits {
        bytes: MOST_BYTES,
        time: Duration::min(server.body_timeout, Duration::from_secs(30)),
        memory: std::sync::Arc::clone(&server.body_memory),
    }
}

fn parse<T: DeserializeOwned + PartialSchema>(bytes: &[u8]) -> Result<T, RestError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        RestError::field("", format!("the body is no JSON at {place}"), "send JSON")
    })?;
    let Value::Object(map) = &value else {
        let remedy = "send an object: {\"name\": …}";
        return Err(RestError::field("", "the body is no JSON object", remedy));
    };
    let missing: Vec<Problem> = required::<T>()
        .into_iter()
        .filter(|name| !map.contains_key(name))
        .map(|name| Problem::error(name, "is required", "give it"))
        .collect();
    if !missing.is_empty() {
        return Err(AppError::Invalid { problems: missing }.into());
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { String::new() } else { path };
        RestError::field(
            field,
            error.into_inner().to_string(),
            "see /rest/v2/docs for its form",
        )
    })
}

fn required<T: PartialSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.required,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse as _;
    use serde::Deserialize;
    use utoipa::ToSchema;

    #[derive(Debug, Deserialize, ToSchema)]
    struct Sample {
        name: String,
        port: u16,
        path: Option<String>,
    }

    async fn refused(body: &str) -> Value {
        let error = parse::<Sample>(body.as_bytes()).unwrap_err();
        let bytes = axum::body::to_bytes(error.into_response().into_body(), 10_000).await;
        serde_json::from_slice(&bytes.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn missing_fields_are_told_at_once_and_wrong_ones_by_name() {
        let sample: Sample = parse(br#"{"name": "a", "port": 1, "more": {}}"#).unwrap();
        assert_eq!(
            (sample.name.as_str(), sample.port, sample.path),
            ("a", 1, None)
        );
        let both = refused("{}").await;
        assert!(both["name"].is_array() && both["port"].is_array(), "{both}");
        assert!(refused(r#"{"name": "a", "port": 99999}"#).await["port"].is_array());
        assert!(refused(r#"{"name": 1, "port": 1}"#).await["name"].is_array());
        for text in ["", "[]", "{", "null", "\"a\""] {
            assert!(refused(text).await["non_field_errors"].is_array(), "{text}");
        }
    }
}
