//! Coming in and leaving: the form, the way over other sites, and the way out.

mod elsewhere;
mod form;
mod kept;
mod leave;
mod page;

pub(crate) use form::login_path;

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::Method;
use promgen_core::app::policy::Act;
use promgen_core::app::sessions::{self, NewSession};

use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, FORM_COOKIE, NewCookie, SESSION_COOKIE, Visitor};
use crate::routes::Routes;
use crate::ui::frame::redirect;

/// The routes of this module.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .on(Act::LogIn, &Method::GET, "/login", form::without_slash)
        .on(Act::LogIn, &Method::GET, "/login/", form::show)
        .on(Act::LogIn, &Method::POST, "/login/", form::submit)
        .on(
            Act::LogIn,
            &Method::GET,
            "/login/{backend}/",
            elsewhere::begin,
        )
        .on(
            Act::LogIn,
            &Method::GET,
            "/complete/{backend}/",
            elsewhere::complete,
        )
        .on(Act::LogIn, &Method::POST, "/logout/", leave::logout)
        .on(
            Act::SeeSelf,
            &Method::GET,
            "/disconnect/{backend}/",
            leave::ask,
        )
        .on(
            Act::ChangeSelf,
            &Method::POST,
            "/disconnect/{backend}/",
            leave::disconnect,
        )
}

/// Sends somebody on who has just come in, with the cookies of their session. A session that the
/// browser had before ends: whoever knows that one must not know this one.
pub(in crate::ui) async fn entered(
    server: &Server,
    credential: &Credential,
    visitor: &Visitor,
    session: &NewSession,
    next: &str,
) -> Result<Response, HttpError> {
    if let Some(before) = credential.session() {
        sessions::end(&server.app, before).await?;
    }
    let age = server.app.settings().login.session;
    let text = session.text.reveal();
    let hidden = NewCookie::new(SESSION_COOKIE, text.clone(), age, visitor.secure);
    let readable = NewCookie {
        scripts: true,
        ..NewCookie::new(FORM_COOKIE, sessions::form_token(text), age, visitor.secure)
    };
    Ok((hidden, readable, redirect(next)).into_response())
}

/// The cookies of a session, taken back.
pub(in crate::ui) fn forgotten(visitor: &Visitor) -> (NewCookie, NewCookie) {
    let gone = |name| NewCookie::new(name, String::new(), Duration::ZERO, visitor.secure);
    (gone(SESSION_COOKIE), gone(FORM_COOKIE))
}
