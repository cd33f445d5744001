//! The JSON bodies of the proxies.

use axum::extract::{FromRequest, Request};
use promgen_core::app::AppError;
use promgen_core::model::{Place, Problem};
use serde::de::DeserializeOwned;

use crate::Server;
use crate::error::HttpError;
use crate::extract::{Limits, read};

/// Largest body: a hundred matchers with long expressions.
const MOST_BYTES: usize = 1024 * 1024;

/// What a JSON body says, whatever its `Content-Type`: the original asks for none.
#[derive(Debug)]
pub(super) struct Form(bytes::Bytes);

impl FromRequest<Server> for Form {
    type Rejection = HttpError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, HttpError> {
        let (parts, body) = request.into_parts();
        let limits = Limits {
            bytes: MOST_BYTES,
            time: server.body_timeout,
            memory: std::sync::Arc::clone(&server.body_memory),
        };
        Ok(Self(read(&parts.headers, body, &limits).await?.bytes))
    }
}

impl Form {
    /// The value.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        serde_json::from_slice(&self.0).map_err(|error| {
            let place = Place {
                line: error.line(),
                column: error.column(),
            };
            let problem =
                Problem::error("", error.to_string(), "send it as the documentation has it");
            AppError::Invalid {
                problems: vec![problem.at(place)],
            }
        })
    }
}
