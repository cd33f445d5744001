//! The ids in a path.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use crate::error::HttpError;

/// The number in `/service/{id}/…`. What is no number leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) i32);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(text)| parse(&text));
        id.map(Self).ok_or(HttpError::NoRoute)
    }
}

/// As [`Id`], of what grows without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BigId(pub(crate) i64);

impl<S: Send + Sync> FromRequestParts<S> for BigId {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(text)| parse(&text));
        id.map(Self).ok_or(HttpError::NoRoute)
    }
}

/// Both numbers in `/farms/{id}/hosts/{host_id}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ids(pub(crate) i32, pub(crate) i32);

impl<S: Send + Sync> FromRequestParts<S> for Ids {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let ids = path.ok().and_then(|Path((above, below))| {
            let (above, below) = (parse(&above)?, parse(&below)?);
            Some(Self(above, below))
        });
        ids.ok_or(HttpError::NoRoute)
    }
}

/// The number and the text in `/project/{id}/link/{source}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdText(pub(crate) i32, pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for IdText {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let both = path
            .ok()
            .and_then(|Path((id, text))| Some(Self(parse(&id)?, text)));
        both.ok_or(HttpError::NoRoute)
    }
}

/// Digits only: one object has one address.
fn parse<N: FromStr>(text: &str) -> Option<N> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = !text.starts_with('0') || text == "0";
    (digits && canonical).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_numbers_are_ids() {
        assert_eq!(parse("42"), Some(42_i32));
        for text in ["", "-1", "+1", "01", "1.0", "x", "2147483648", "１"] {
            assert_eq!(parse::<i32>(text), None, "{text}");
        }
    }
}
