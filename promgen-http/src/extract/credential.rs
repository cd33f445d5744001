//! Who says they are asking.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use promgen_core::app::{Actor, App, AppError, auth};
use promgen_core::model::Secret;

/// The token of a request: `Authorization: Token x`, or `Bearer x`.
///
/// Any other scheme is for somebody in front of this server and counts as no credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential(Option<Secret<String>>);

impl Credential {
    fn parse(value: &[u8]) -> Self {
        let text = String::from_utf8_lossy(value);
        let (scheme, token) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let ours = ["token", "bearer"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        Self(ours.then(|| Secret::new(token.trim().to_owned())))
    }

    /// Whoever the token belongs to; nobody known without one.
    pub(crate) async fn actor(&self, app: &App) -> Result<Actor, AppError> {
        match &self.0 {
            Some(token) => auth::authenticate(app, token.reveal()).await,
            None => Ok(Actor::Anonymous),
        }
    }

    /// As [`Credential::actor`], for the metrics, which are told while the database is away.
    pub(crate) async fn observer(&self, app: &App) -> Result<Actor, AppError> {
        match &self.0 {
            Some(token) => auth::recall(app, token.reveal()).await,
            None => Ok(Actor::Anonymous),
        }
    }

    /// As [`Credential::actor`], for the intake of alerts, which looks at the token again.
    pub(crate) async fn poster(&self, app: &App) -> Result<Actor, AppError> {
        match &self.0 {
            Some(token) => auth::recognise(app, token.reveal()).await,
            None => Ok(Actor::Anonymous),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Credential {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get(AUTHORIZATION);
        Ok(header.map_or(Self(None), |value| Self::parse(value.as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_are_taken_in_any_case() {
        for header in ["Token abc", "token abc", "Bearer abc", "BEARER   abc "] {
            let token = Credential::parse(header.as_bytes()).0.unwrap();
            assert_eq!(token.reveal(), "abc", "{header}");
        }
    }

    #[test]
    fn an_empty_token_is_a_wrong_one_and_another_scheme_is_none() {
        assert_eq!(Credential::parse(b"Token").0.unwrap().reveal(), "");
        for header in ["", "Basic dTpw", "Tokenabc", "\u{ff}"] {
            assert_eq!(
                Credential::parse(header.as_bytes()),
                Credential(None),
                "{header}"
            );
        }
    }
}
