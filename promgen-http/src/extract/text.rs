//! A text in a path.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use crate::error::HttpError;

/// The text in `/proxy/v1/silences/{id}`. What is no text leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathText(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for PathText {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(text)| Self(text))
            .map_err(|_| HttpError::NoRoute)
    }
}
