//! The login page and its form.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderMap, Uri};
use promgen_core::app::{Actor, AppError, login, sessions};
use promgen_core::model::Secret;
use url::form_urlencoded;

use super::entered;
use super::page::Page;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Cookies, Credential, FORM_COOKIE, Form, NewCookie, Provenance, Visitor};
use crate::ui::frame::redirect;
use crate::ui::next;

/// For how long the form token of a page is good that nobody has come in by.
const FORM_AGE: Duration = Duration::from_hours(1);

/// `GET /login`: the page has a slash at its end, as with the original.
pub(super) async fn without_slash(uri: Uri) -> Response {
    let next = wanted(&uri);
    redirect(&login_path(next::safe(&next)))
}

/// The address of the login page, with where to go afterwards.
pub(crate) fn login_path(next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/login/?next={next}")
}

/// `GET /login/`: whoever is in goes on, and so does whom a trusted proxy names.
pub(super) async fn show(
    State(server): State<Server>,
    credential: Credential,
    visitor: Visitor,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, HttpError> {
    let wanted = wanted(&uri);
    let next = next::safe(&wanted);
    if let Actor::User(_) = credential.actor(&server.app).await? {
        return Ok(redirect(next));
    }
    let named = login::by_header(&server.app, &visitor.seen, &visitor.origin).await;
    match named {
        Ok(Some(session)) => entered(&server, &credential, &visitor, &session, next).await,
        Ok(None) => page(&server, &visitor, &headers, next, "", None),
        Err(error) => page(&server, &visitor, &headers, next, "", Some(error.into())),
    }
}

/// `POST /login/`: user name and password.
pub(super) async fn submit(
    State(server): State<Server>,
    credential: Credential,
    visitor: Visitor,
    provenance: Provenance,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, HttpError> {
    let (username, next) = (form.text("username"), next::safe(form.text("next")));
    let password = Secret::new(form.text("password").to_owned());
    let entry = match check_form(&provenance, &headers, &form) {
        Ok(()) => login::by_password(&server.app, username, password, &visitor.origin).await,
        Err(error) => Err(error),
    };
    match entry {
        Ok(session) => entered(&server, &credential, &visitor, &session, next).await,
        Err(error) => page(
            &server,
            &visitor,
            &headers,
            next,
            username,
            Some(error.into()),
        ),
    }
}

/// The form must come from a page that this browser was given: its token is in a cookie, too. Else
/// another site could log somebody in as somebody else.
fn check_form(provenance: &Provenance, headers: &HeaderMap, form: &Form) -> Result<(), AppError> {
    let wanted = Cookies(headers).find(FORM_COOKIE).unwrap_or_default();
    let checked = provenance.check_token(wanted, form.token());
    checked.map_err(|_| {
        let remedy = "load the page again, with cookies allowed";
        AppError::invalid(
            "form",
            "was not sent by the login page of this browser",
            remedy,
        )
    })
}

/// The login page, with what went wrong before.
pub(super) fn page(
    server: &Server,
    visitor: &Visitor,
    headers: &HeaderMap,
    next: &str,
    username: &str,
    error: Option<HttpError>,
) -> Result<Response, HttpError> {
    // One that there is stays good, so that two open pages both work.
    let known = Cookies(headers)
        .find(FORM_COOKIE)
        .filter(|known| is_token(known));
    let token = match known {
        Some(known) => known.to_owned(),
        None => sessions::fresh_form_token()?,
    };
    let message = error.as_ref().map(HttpError::detail);
    let page = Page {
        choices: &login::choices(&server.app),
        next,
        username,
        token: &token,
        message: message.as_deref(),
    };
    let cookie = NewCookie {
        scripts: true,
        ..NewCookie::new(FORM_COOKIE, token.clone(), FORM_AGE, visitor.secure)
    };
    let answer = (cookie, page.answer()).into_response();
    Ok(match error {
        Some(error) => as_error(answer, error),
        None => answer,
    })
}

/// A page with the status of an error, with what belongs to that, and with what goes to the log.
fn as_error(mut page: Response, error: HttpError) -> Response {
    let told = error.into_response();
    *page.status_mut() = told.status();
    if let Some(after) = told.headers().get(RETRY_AFTER) {
        page.headers_mut().insert(RETRY_AFTER, after.clone());
    }
    page.extensions_mut().extend(told.extensions().clone());
    page
}

fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Where the query asks to go.
pub(super) fn wanted(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let next = pairs.find(|(name, _)| name == "next");
    next.map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
