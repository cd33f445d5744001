//! What an answer shall be: a page, or JSON for programs.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::ACCEPT;
use http::request::Parts;

/// What whoever asks takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wants {
    /// Whether it is a page; whoever says nothing takes JSON, as scripts do.
    pub(super) page: bool,
}

impl<S: Sync> FromRequestParts<S> for Wants {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accepted = parts.headers.get(ACCEPT);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        let page = accepted.is_some_and(|accepted| accepted.contains("text/html"));
        Ok(Self { page })
    }
}
