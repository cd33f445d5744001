//! Logging in at another site.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Uri};
use promgen_core::app::AppError;
use promgen_core::app::login::{self, Answer, Choice, Way};
use url::form_urlencoded;

use super::entered;
use super::form::wanted;
use super::kept::{Kept, path};
use super::page::page;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Cookies, LOGIN_COOKIE, Visitor};
use crate::ui::frame::redirect;
use crate::ui::next;
use crate::ui::stranger::Stranger;

/// `GET /login/{backend}/`: sends the browser there.
pub(super) async fn begin(
    State(server): State<Server>,
    Path(backend): Path<String>,
    stranger: Stranger,
    uri: Uri,
) -> Result<Response, HttpError> {
    known(&server, &backend)?;
    let wanted = wanted(&uri);
    let next = next::safe(&wanted);
    let callback = callback(&stranger.visitor, &backend);
    match login::begin(&server.app, &backend, &callback).await {
        Ok(begun) => {
            let kept = Kept::new(&backend, &begun.kept, next, server.app.now());
            let cookie = kept.cookie(stranger.visitor.secure);
            Ok((cookie, redirect(&begun.url)).into_response())
        }
        Err(error) => page(&server, &stranger, next, "", Some(error.into())),
    }
}

/// `GET /complete/{backend}/`: takes what the browser brings back.
pub(super) async fn complete(
    State(server): State<Server>,
    Path(backend): Path<String>,
    stranger: Stranger,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, HttpError> {
    known(&server, &backend)?;
    let forgotten = Kept::forgotten(&backend, stranger.visitor.secure);
    let cookie = Cookies(&headers).find(LOGIN_COOKIE);
    let Some(kept) = Kept::read(cookie, &backend, server.app.now()) else {
        let message = "this login was not begun in this browser, or too long ago".to_owned();
        let error = AppError::LoginRefused { message };
        let page = page(&server, &stranger, "/", "", Some(error.into()))?;
        return Ok((forgotten, page).into_response());
    };
    let next = next::safe(&kept.next).to_owned();
    let query = uri.query().unwrap_or_default();
    let query: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let Stranger {
        credential,
        visitor,
        ..
    } = &stranger;
    let answer = Answer {
        callback: &callback(visitor, &backend),
        query: &query,
        kept: &kept.state(),
    };
    let actor = credential.actor(&server.app).await?;
    let done = login::complete(&server.app, &actor, &backend, &answer, &visitor.origin).await;
    let response = match done {
        Ok(session) => entered(&server, credential, visitor, &session, &next).await?,
        Err(error) => page(&server, &stranger, &next, "", Some(error.into()))?,
    };
    Ok((forgotten, response).into_response())
}

/// Refuses what is not the key of another site's login: nothing else may get into an address or a
/// cookie.
fn known(server: &Server, backend: &str) -> Result<(), HttpError> {
    let choices = login::choices(&server.app);
    let other_site = |choice: &Choice| choice.key == backend && choice.way == Way::Button;
    if choices.iter().any(other_site) {
        Ok(())
    } else {
        Err(AppError::not_found("login backend", backend).into())
    }
}

fn callback(visitor: &Visitor, backend: &str) -> String {
    format!("{}{}", visitor.base, path(backend))
}
