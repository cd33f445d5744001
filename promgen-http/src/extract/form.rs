//! Forms that a page posts.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use promgen_core::app::AppError;
use url::form_urlencoded;

use super::{Limits, read};
use crate::Server;
use crate::error::HttpError;

/// Largest form of a stranger: a login has some hundred bytes.
const MOST_BYTES: usize = 64 * 1024;

/// The field in which a form shows the form token; called as with the original.
const TOKEN_FIELD: &str = "csrfmiddlewaretoken";

/// The fields of a form, in order. Whatever else is posted has none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body of a form.
    pub(crate) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// Fields that were read in another way.
    pub(crate) fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// A field, empty when it is not there; of one that is there twice, the last.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.given(name).unwrap_or_default()
    }

    /// A field, when it is there; of one that is there twice, the last.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked: browsers send nothing of one that was not.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// All values of a field, in order.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let given = self.0.iter().filter(move |(key, _)| key == name);
        given.map(|(_, value)| value.as_str())
    }

    /// All fields, in order.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Refuses a NUL: no text holds one on purpose, and `PostgreSQL` fails on it.
    pub(crate) fn refuse_nul(&self) -> Result<(), AppError> {
        let found = self.0.iter().find(|(_, value)| value.contains('\0'));
        match found {
            None => Ok(()),
            Some((name, _)) => Err(AppError::invalid(
                name.as_str(),
                "holds a NUL character",
                "leave it out",
            )),
        }
    }

    /// The form token.
    pub(crate) fn token(&self) -> Option<&str> {
        self.given(TOKEN_FIELD)
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
        Ok(Self::parse(&received.bytes))
    }
}
