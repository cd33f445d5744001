//! Forms of people who are not logged in, tied to their browser by a cookie: else another site could
//! send them in somebody's name, and log somebody in as somebody else.

use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, Method};
use promgen_core::app::{Actor, AppError, sessions};

use super::frame::{Frame, Viewer};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Cookies, Credential, FORM_COOKIE, Form, NewCookie, Provenance, Visitor};

/// For how long the form token of a page is good that nobody has come in by.
const FORM_AGE: Duration = Duration::from_hours(1);

/// Whoever opens a page with a form that needs no login.
#[derive(Debug, Clone)]
pub(crate) struct Stranger {
    /// Who looks, known or not.
    pub(crate) viewer: Viewer,
    /// Where they come from.
    pub(crate) visitor: Visitor,
    /// The session that they may have.
    pub(crate) credential: Credential,
    /// The form token of their browser; one that there is stays good, so that two open pages both
    /// work.
    token: Option<String>,
}

impl Stranger {
    /// The frame of a page with a form.
    pub(crate) fn frame(&self, title: impl Into<String>) -> Result<Frame, HttpError> {
        let token = match &self.token {
            Some(token) => token.clone(),
            None => sessions::fresh_form_token()?,
        };
        let mut frame = self.viewer.frame(title, Vec::new());
        frame.token = token;
        Ok(frame)
    }

    /// A page with a form, and the cookie that it is tied to.
    pub(crate) fn show(&self, token: &str, page: &impl Template) -> Result<Response, HttpError> {
        let age = match self.viewer.known() {
            // The cookie is that of their session, and stays as it is.
            Some(_) => return self.viewer.show(page),
            None => FORM_AGE,
        };
        let cookie = NewCookie {
            scripts: true,
            ..NewCookie::new(FORM_COOKIE, token.to_owned(), age, self.visitor.secure)
        };
        Ok((cookie, self.viewer.show(page)?).into_response())
    }

    async fn of(parts: &Parts, server: &Server) -> Result<Self, HttpError> {
        let (mut looking, ()) = Request::new(()).into_parts();
        looking.method = Method::GET;
        looking.uri = parts.uri.clone();
        looking.headers = parts.headers.clone();
        looking.extensions = parts.extensions.clone();
        let Ok(visitor) = Visitor::from_request_parts(&mut looking, server).await;
        let credential = Credential::of(parts);
        // Who they are is asked as if they only looked: what they send is tied to their browser.
        let actor = Credential::of(&looking).actor(&server.app).await;
        let actor = actor.unwrap_or(Actor::Anonymous);
        Ok(Self {
            token: known_token(&parts.headers).map(str::to_owned),
            viewer: Viewer::of(&looking, server, actor, &visitor),
            visitor,
            credential,
        })
    }
}

fn known_token(headers: &HeaderMap) -> Option<&str> {
    let is_token = |text: &&str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    Cookies(headers).find(FORM_COOKIE).filter(is_token)
}

impl FromRequestParts<Server> for Stranger {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, HttpError> {
        Self::of(parts, server).await
    }
}

/// A form of a [`Stranger`]. The last argument of a handler.
#[derive(Debug)]
pub(crate) struct StrangerForm {
    /// Who.
    pub(crate) stranger: Stranger,
    /// What.
    pub(crate) form: Form,
    provenance: Provenance,
}

impl StrangerForm {
    /// Refuses what was not sent by a page that this browser was given.
    pub(crate) fn check(&self) -> Result<(), AppError> {
        let wanted = self.stranger.token.as_deref().unwrap_or_default();
        let checked = self.provenance.check_token(wanted, self.form.token());
        checked.map_err(|_| {
            let message = "was not sent by a page of this browser";
            let remedy = "load the page again, with cookies allowed";
            AppError::invalid("form", message, remedy)
        })
    }
}

impl FromRequest<Server> for StrangerForm {
    type Rejection = HttpError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, HttpError> {
        let (mut parts, body) = request.into_parts();
        let stranger = Stranger::of(&parts, server).await?;
        let provenance: Result<Provenance, Infallible> =
            Provenance::from_request_parts(&mut parts, server).await;
        let Ok(provenance) = provenance;
        let form = Form::from_request(Request::from_parts(parts, body), server).await?;
        form.refuse_nul()?;
        Ok(Self {
            stranger,
            form,
            provenance,
        })
    }
}
