//! Who calls the REST API: somebody known, or nobody gets further.

use axum::extract::FromRequestParts;
use http::request::Parts;
use promgen_core::app::{Actor, AppError};

use super::RestError;
use crate::Server;
use crate::extract::Credential;

/// Whoever the credential of a request belongs to.
///
/// It stands in front of everything else that a handler takes, so that a stranger is told to log in
/// before anything is said about what they sent.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) Actor);

impl FromRequestParts<Server> for Caller {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, RestError> {
        let Ok(credential) = Credential::from_request_parts(parts, server).await;
        match credential.actor(&server.app).await? {
            Actor::Anonymous => Err(AppError::Unauthenticated.into()),
            actor => Ok(Self(actor)),
        }
    }
}
