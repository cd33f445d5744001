//! Forms that a page posts, by whom, and with their form token checked.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use promgen_core::app::{Actor, AppError};

use super::Viewer;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, Form, Limits, Visitor, read};

/// Largest form of somebody known: a rule file that was pasted fits.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A form, and who sent it from a page of this site. The last argument of a handler.
#[derive(Debug)]
pub(crate) struct Posted {
    /// Who.
    pub(crate) viewer: Viewer,
    /// What.
    pub(crate) form: Form,
}

impl FromRequest<Server> for Posted {
    type Rejection = HttpError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, HttpError> {
        let (mut parts, body) = request.into_parts();
        let Ok(visitor) = Visitor::from_request_parts(&mut parts, server).await;
        let credential = Credential::of(&parts);
        let limits = Limits {
            bytes: MOST_BYTES,
            time: server.body_timeout,
            memory: Arc::clone(&server.body_memory),
        };
        let received = read(&parts.headers, body, &limits).await?;
        let form = Form::parse(&received.bytes);
        let actor = credential.actor_by(&server.app, form.token()).await?;
        if matches!(actor, Actor::Anonymous) {
            return Err(AppError::Unauthenticated.into());
        }
        let viewer = Viewer::of(&parts, server, actor, &visitor);
        Ok(Self { viewer, form })
    }
}
