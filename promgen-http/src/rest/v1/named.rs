//! The name in a path.

use axum::extract::{FromRequestParts, MatchedPath, Path};
use http::request::Parts;

use crate::error::HttpError;

/// The name in `/rest/service/{name}/…`. Without a slash at the end the format must follow the
/// name: `/rest/service/shop.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Ok(Path(text)) = path else {
            return Err(HttpError::NoRoute);
        };
        let matched = parts.extensions.get::<MatchedPath>();
        let at_the_end = matched.is_some_and(|path| path.as_str().ends_with('}'));
        let name = if at_the_end {
            text.strip_suffix(".json").map(ToOwned::to_owned)
        } else {
            Some(text)
        };
        name.map(Self).ok_or(HttpError::NoRoute)
    }
}
