//! Who says they are asking.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use promgen_core::app::{Actor, App, AppError, auth, sessions};
use promgen_core::model::Secret;

use super::cookies::{Cookies, SESSION_COOKIE};
use super::csrf::Provenance;
use super::visitor::Seen;
use crate::error::{FormError, HttpError};

/// The token of a request (`Authorization: Token x`, or `Bearer x`), or else its session cookie.
///
/// Any other scheme is for somebody in front of this server and counts as no credential.
#[derive(Debug, Clone)]
pub(crate) struct Credential(Shown);

#[derive(Debug, Clone)]
enum Shown {
    Nothing,
    Token(Secret<String>),
    Session(Box<Session>),
}

/// A session cookie, and what else must be true of its request.
#[derive(Debug, Clone)]
struct Session {
    text: Secret<String>,
    provenance: Provenance,
    seen: Seen,
}

impl Credential {
    /// Whoever the token or the session belongs to; nobody known without one, or with a session
    /// that has ended.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] for a token that is none, [`AppError::Forbidden`] when a session
    /// changes something without showing its form token in the header.
    pub(crate) async fn actor(&self, app: &App) -> Result<Actor, AppError> {
        Ok(self.known(app, None).await??)
    }

    /// As [`Credential::actor`], for a form that shows the form token in a field, and that tells people
    /// what is wrong with it.
    pub(crate) async fn actor_by(
        &self,
        app: &App,
        field: Option<&str>,
    ) -> Result<Actor, HttpError> {
        Ok(self.known(app, field).await??)
    }

    async fn known(
        &self,
        app: &App,
        field: Option<&str>,
    ) -> Result<Result<Actor, FormError>, AppError> {
        match &self.0 {
            Shown::Nothing => Ok(Ok(Actor::Anonymous)),
            Shown::Token(token) => Ok(Ok(auth::authenticate(app, token.reveal()).await?)),
            Shown::Session(session) => session.actor(app, field).await,
        }
    }

    /// As [`Credential::actor`], for the metrics, which are told while the database is away.
    pub(crate) async fn observer(&self, app: &App) -> Result<Actor, AppError> {
        match &self.0 {
            Shown::Token(token) => auth::recall(app, token.reveal()).await,
            _ => self.actor(app).await,
        }
    }

    /// As [`Credential::actor`], for the intake of alerts, which looks at the token again.
    pub(crate) async fn poster(&self, app: &App) -> Result<Actor, AppError> {
        match &self.0 {
            Shown::Token(token) => auth::recognise(app, token.reveal()).await,
            _ => self.actor(app).await,
        }
    }

    /// The text of the session, for whoever ends it.
    pub(crate) fn session(&self) -> Option<&str> {
        match &self.0 {
            Shown::Session(session) => Some(session.text.reveal()),
            Shown::Nothing | Shown::Token(_) => None,
        }
    }

    /// What a request shows.
    pub(crate) fn of(parts: &Parts) -> Self {
        if let Some(header) = parts.headers.get(AUTHORIZATION)
            && let Some(token) = token(header.as_bytes())
        {
            return Self(Shown::Token(token));
        }
        let Some(text) = Cookies(&parts.headers).find(SESSION_COOKIE) else {
            return Self(Shown::Nothing);
        };
        Self(Shown::Session(Box::new(Session {
            text: Secret::new(text.to_owned()),
            provenance: Provenance::of(&parts.method, &parts.headers),
            seen: Seen::of(parts),
        })))
    }
}

impl Session {
    async fn actor(
        &self,
        app: &App,
        field: Option<&str>,
    ) -> Result<Result<Actor, FormError>, AppError> {
        let text = self.text.reveal();
        let Some(user) = sessions::recognise(app, text, &self.seen).await? else {
            return Ok(Ok(Actor::Anonymous));
        };
        let checked = self.provenance.check(text, field);
        Ok(checked.map(|()| Actor::User(user)))
    }
}

fn token(value: &[u8]) -> Option<Secret<String>> {
    let text = String::from_utf8_lossy(value);
    let (scheme, token) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let ours = ["token", "bearer"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    ours.then(|| Secret::new(token.trim().to_owned()))
}

impl<S: Sync> FromRequestParts<S> for Credential {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_are_taken_in_any_case() {
        for header in ["Token abc", "token abc", "Bearer abc", "BEARER   abc "] {
            assert_eq!(
                token(header.as_bytes()).unwrap().reveal(),
                "abc",
                "{header}"
            );
        }
    }

    #[test]
    fn an_empty_token_is_a_wrong_one_and_another_scheme_is_none() {
        assert_eq!(token(b"Token").unwrap().reveal(), "");
        for header in ["", "Basic dTpw", "Tokenabc", "\u{ff}"] {
            assert_eq!(token(header.as_bytes()), None, "{header}");
        }
    }

    #[test]
    fn a_token_goes_before_a_session() {
        let request = http::Request::post("/")
            .header("cookie", "promgen_session=abc")
            .header("authorization", "Token t")
            .body(());
        let (mut parts, ()) = request.unwrap().into_parts();
        assert!(matches!(Credential::of(&parts).0, Shown::Token(_)));
        assert_eq!(Credential::of(&parts).session(), None);
        parts.headers.remove("authorization");
        assert_eq!(Credential::of(&parts).session(), Some("abc"));
        parts.headers.remove("cookie");
        assert!(matches!(Credential::of(&parts).0, Shown::Nothing));
    }
}
