//! Forms that a page posts, by whom, and with their form token checked.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts as _, Multipart, Request};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use promgen_core::app::{Actor, AppError};
use promgen_core::import::MAX_BYTES;

use super::Viewer;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, Form, Limits, Visitor, read};

/// Largest form of somebody known: a rule file that was pasted fits.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Largest form with a file: a targets file of the largest size that is imported fits.
const MOST_FILE_BYTES: usize = MAX_BYTES + 64 * 1024;

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
            bytes: if is_multipart(&parts) {
                MOST_FILE_BYTES
            } else {
                MOST_BYTES
            },
            time: server.body_timeout,
            memory: Arc::clone(&server.body_memory),
        };
        let received = read(&parts.headers, body, &limits).await?;
        let form = if is_multipart(&parts) {
            multipart(&parts, received.bytes.clone()).await?
        } else {
            Form::parse(&received.bytes)
        };
        let actor = credential.actor_by(&server.app, form.token()).await?;
        if matches!(actor, Actor::Anonymous) {
            return Err(AppError::Unauthenticated.into());
        }
        form.refuse_nul()?;
        let viewer = Viewer::of(&parts, server, actor, &visitor);
        Ok(Self { viewer, form })
    }
}

fn is_multipart(parts: &Parts) -> bool {
    let kind = parts.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// Reads a form with files. Of a file its content is the field's value; a file that was not chosen
/// has none.
async fn multipart(parts: &Parts, body: Bytes) -> Result<Form, HttpError> {
    let mut request = Request::new(Body::from(body));
    request.headers_mut().clone_from(&parts.headers);
    request.extensions_mut().clone_from(&parts.extensions);
    let broken = |message: String| {
        let remedy = "send the form again; files must be texts in UTF-8";
        AppError::invalid("", message, remedy)
    };
    let sent = Multipart::from_request(request, &()).await;
    let mut sent = sent.map_err(|error| broken(error.body_text()))?;
    let mut pairs = Vec::new();
    loop {
        let field = sent.next_field().await;
        let Some(field) = field.map_err(|error| broken(error.body_text()))? else {
            return Ok(Form::of(pairs));
        };
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await;
        let bytes = bytes.map_err(|error| broken(error.body_text()))?;
        let text = String::from_utf8(bytes.into())
            .map_err(|_| broken(format!("{name} is no text in UTF-8")))?;
        if !text.is_empty() {
            pairs.push((name, text));
        }
    }
}
