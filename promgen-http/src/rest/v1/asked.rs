//! What every request of version 1 brings along.

use axum::extract::FromRequestParts;
use http::request::Parts;
use promgen_core::app::{Actor, App, Right, by_name};

use crate::Server;
use crate::rest::{Caller, Filters, RestError};

/// Who asks, with which filters, and what absolute links begin with.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) app: App,
    pub(super) actor: Actor,
    pub(super) filters: Filters,
    origin: String,
}

impl Asked {
    /// An absolute link to a page.
    pub(super) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl FromRequestParts<Server> for Asked {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, RestError> {
        let Caller(actor) = Caller::from_request_parts(parts, server).await?;
        Ok(Self {
            origin: by_name::origin(&server.app).await?,
            app: server.app.clone(),
            actor,
            filters: Filters::parse(parts.uri.query().unwrap_or_default()),
        })
    }
}

/// Somebody who may change the whole. In version 1 nobody else changes anything, whatever their
/// roles; the use case decides again.
#[derive(Debug)]
pub(super) struct AskedToWrite(pub(super) Asked);

impl FromRequestParts<Server> for AskedToWrite {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, RestError> {
        let asked = Asked::from_request_parts(parts, server).await?;
        asked.actor.require(Right::Change, asked.app.settings())?;
        Ok(Self(asked))
    }
}
