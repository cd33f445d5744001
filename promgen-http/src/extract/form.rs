//! Forms that a page posts.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use url::form_urlencoded;

use super::{Limits, read};
use crate::Server;
use crate::error::HttpError;

/// Largest form: a login has some hundred bytes.
const MOST_BYTES: usize = 64 * 1024;

/// The field in which a form shows the form token; called as with the original.
const TOKEN_FIELD: &str = "csrfmiddlewaretoken";

/// The fields of a form; of one that is there twice, the last. Whatever else is posted has none.
#[derive(Debug, Default)]
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    /// A field, empty when it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The form token.
    pub(crate) fn token(&self) -> Option<&str> {
        self.0.get(TOKEN_FIELD).map(String::as_str)
    }
}

impl FromRequest<Server> for Form {
    type Rejection = HttpError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, HttpError> {
        let (parts, body) = request.into_parts();
        let limits = Limits {
            bytes: MOST_BYTES,
            time: server.body_timeout,
            memory: Arc::clone(&server.body_memory),
        };
        let received = read(&parts.headers, body, &limits).await?;
        Ok(Self(
            form_urlencoded::parse(&received.bytes)
                .into_owned()
                .collect(),
        ))
    }
}
