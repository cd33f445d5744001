//! The way to the login page, and its form.

use axum::extract::State;
use axum::response::Response;
use http::Uri;
use promgen_core::app::{Actor, login};
use promgen_core::model::Secret;
use url::form_urlencoded;

use super::entered;
use super::page::page;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::redirect;
use crate::ui::next;
use crate::ui::stranger::{Stranger, StrangerForm};

/// `GET /login`: the page has a slash at its end, as with the original.
pub(super) async fn without_slash(uri: Uri) -> Response {
    let next = wanted(&uri);
    redirect(login_path(next::safe(&next)))
}

/// The address of the login page.
pub(crate) fn login_path(next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/login/?next={next}")
}

/// `GET /login/`: whoever is in goes on, and so does whom a trusted proxy names.
pub(super) async fn show(
    State(server): State<Server>,
    stranger: Stranger,
    uri: Uri,
) -> Result<Response, HttpError> {
    let wanted = wanted(&uri);
    let next = next::safe(&wanted);
    if let Actor::User(_) = stranger.viewer.actor() {
        return Ok(redirect(next));
    }
    let visitor = &stranger.visitor;
    let named = login::by_header(&server.app, &visitor.seen, &visitor.origin).await;
    match named {
        Ok(Some(session)) => entered(&server, &stranger.credential, visitor, &session, next).await,
        Ok(None) => page(&server, &stranger, next, "", None),
        Err(error) => page(&server, &stranger, next, "", Some(error.into())),
    }
}

/// `POST /login/`: user name and password.
pub(super) async fn submit(
    State(server): State<Server>,
    sent: StrangerForm,
) -> Result<Response, HttpError> {
    let StrangerForm { stranger, form, .. } = &sent;
    let (username, next) = (form.text("username"), next::safe(form.text("next")));
    let password = Secret::new(form.text("password").to_owned());
    let origin = &stranger.visitor.origin;
    let entry = match sent.check() {
        Ok(()) => login::by_password(&server.app, username, password, origin).await,
        Err(error) => Err(error),
    };
    match entry {
        Ok(session) => {
            let Stranger {
                credential,
                visitor,
                ..
            } = stranger;
            entered(&server, credential, visitor, &session, next).await
        }
        Err(error) => page(&server, stranger, next, username, Some(error.into())),
    }
}

/// Where the query asks to go.
pub(super) fn wanted(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let next = pairs.find(|(name, _)| name == "next");
    next.map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
