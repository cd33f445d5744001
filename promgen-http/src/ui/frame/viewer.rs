//! Who looks at a page.

use axum::extract::FromRequestParts;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use promgen_core::app::{Actor, AppError, sessions};
use promgen_core::model::User;

use super::{Crumb, Frame, Notice};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Cookies, Credential, Visitor};
use crate::ui::text::{Lang, Texts};

/// Somebody known who looks at a page. Strangers are asked to log in.
///
/// It stands right after the state, in front of everything else that a handler takes.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    actor: Actor,
    texts: Texts,
    token: String,
    notices: Vec<Notice>,
    here: Here,
    /// Whether the browser came over TLS.
    secure: bool,
    demo: bool,
    debug: bool,
}

/// Whoever looks at a page that everybody may see.
#[derive(Debug, Clone)]
pub(crate) struct Anyone(pub(crate) Viewer);

/// Where a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Here {
    /// The path.
    pub(crate) path: String,
    /// The query, without its mark.
    pub(crate) query: String,
}

impl Here {
    fn of(parts: &Parts) -> Self {
        Self {
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
        }
    }

    /// Path and query.
    pub(crate) fn full(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }
}

impl Viewer {
    /// On whose behalf use cases run.
    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Who it is, if it is somebody known; behind the extractor [`Viewer`] it always is.
    pub(crate) fn known(&self) -> Option<&User> {
        self.actor.user()
    }

    /// The texts in their language and zone.
    pub(crate) fn t(&self) -> &Texts {
        &self.texts
    }

    /// The form token of their session; empty without one.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Where they are.
    pub(crate) fn here(&self) -> &Here {
        &self.here
    }

    /// They, at another page: what a form was sent to is not always where it stands.
    pub(crate) fn at(mut self, path: String) -> Self {
        let query = String::new();
        self.here = Here { path, query };
        self
    }

    /// The frame of the page.
    pub(crate) fn frame(&self, title: impl Into<String>, crumbs: Vec<Crumb>) -> Frame {
        Frame::new(self, title.into(), crumbs)
    }

    pub(super) fn notices(&self) -> &[Notice] {
        &self.notices
    }

    pub(super) fn demo(&self) -> bool {
        self.demo
    }

    pub(super) fn debug(&self) -> bool {
        self.debug
    }

    pub(super) fn secure(&self) -> bool {
        self.secure
    }

    pub(crate) fn of(parts: &Parts, server: &Server, actor: Actor, visitor: &Visitor) -> Self {
        let token = Credential::of(parts).session().map(sessions::form_token);
        Self {
            texts: texts(parts, server, actor.user()),
            token: token.unwrap_or_default(),
            notices: Notice::read(Cookies(&parts.headers)),
            here: Here::of(parts),
            secure: visitor.secure,
            demo: server.demo,
            debug: server.app.settings().debug,
            actor,
        }
    }
}

/// The language and zone that somebody chose in their profile; else the language that the browser
/// asks for, and the zone of the settings.
fn texts(parts: &Parts, server: &Server, user: Option<&User>) -> Texts {
    let accepted = parts.headers.get(ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    let chosen = user.and_then(|user| user.language).map(Lang::of);
    let zone = user.and_then(|user| user.timezone.clone());
    Texts {
        lang: chosen.unwrap_or_else(|| Lang::negotiate(accepted.unwrap_or_default())),
        zone: zone.unwrap_or_else(|| server.app.settings().zone()),
    }
}

impl FromRequestParts<Server> for Anyone {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, HttpError> {
        let Ok(visitor) = Visitor::from_request_parts(parts, server).await;
        let actor = Credential::of(parts).actor(&server.app).await?;
        Ok(Self(Viewer::of(parts, server, actor, &visitor)))
    }
}

impl FromRequestParts<Server> for Viewer {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, HttpError> {
        let Anyone(viewer) = Anyone::from_request_parts(parts, server).await?;
        match viewer.known() {
            Some(_) => Ok(viewer),
            None => Err(AppError::Unauthenticated.into()),
        }
    }
}
