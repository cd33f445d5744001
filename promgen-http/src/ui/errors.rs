//! Errors as people see them: a page in the frame, or a way to where they can go on.
//!
//! Handlers answer errors as JSON, in one shape for all. Here those that a browser asked for become
//! pages; whoever takes JSON, and every path of programs, keeps what it is.

use askama::Template;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT, REFERER};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use promgen_core::app::Actor;
use url::Url;

use super::frame::{Frame, Notice, Viewer, redirect};
use super::text::Texts;
use super::{login, next};
use crate::Server;
use crate::error::{FormError, Refusal};
use crate::extract::{Credential, Visitor};

/// Paths of programs, whatever they accept.
const PROGRAMS: [&str; 5] = ["/api/", "/rest/", "/proxy/", "/metrics", "/static/"];

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    status: u16,
    detail: String,
    remedy: String,
    /// Whether it offers to look for what is not here.
    searches: bool,
    /// Whether a role, or another login, would help.
    needs_role: bool,
    /// Leads to the log.
    request: String,
}

/// Makes pages of errors that a browser asked for.
pub(crate) async fn errors(State(server): State<Server>, request: Request, next: Next) -> Response {
    if !wants_page(request.uri().path(), request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let kept = kept(&parts);
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(refusal) = response.extensions().get::<Refusal>().cloned() else {
        return response;
    };
    parts = kept;
    match response.status() {
        StatusCode::UNAUTHORIZED => redirect(login::login_path(&wanted(&parts))),
        StatusCode::FORBIDDEN => forbidden(&server, parts, response, refusal).await,
        _ => page(&server, parts, response, &refusal).await,
    }
}

/// What is needed of a request after it has been answered.
fn kept(parts: &Parts) -> Parts {
    let (mut kept, ()) = Request::new(()).into_parts();
    kept.method = parts.method.clone();
    kept.uri = parts.uri.clone();
    kept.headers = parts.headers.clone();
    kept.extensions = parts.extensions.clone();
    kept
}

fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    let html = accepted.is_some_and(|accepted| accepted.contains("text/html"));
    html && !PROGRAMS.iter().any(|program| path.starts_with(program))
}

/// Where to go after logging in: the page itself, or the one with the form.
fn wanted(parts: &Parts) -> String {
    if parts.method.is_safe() {
        let path = parts.uri.path_and_query();
        return next::safe(path.map_or("/", |path| path.as_str())).to_owned();
    }
    came_from(parts).unwrap_or_else(|| "/".to_owned())
}

/// The page of this site that the request came from.
fn came_from(parts: &Parts) -> Option<String> {
    let referer = parts.headers.get(REFERER)?.to_str().ok()?;
    let url = Url::parse(referer).ok()?;
    let host = parts.headers.get(http::header::HOST)?.to_str().ok()?;
    let own = url.host_str().is_some_and(|name| {
        let named = url
            .port()
            .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        named.eq_ignore_ascii_case(host)
    });
    if !own {
        return None;
    }
    let path = url.query().map_or_else(
        || url.path().to_owned(),
        |query| format!("{}?{query}", url.path()),
    );
    (next::safe(&path) == path).then_some(path)
}

/// Whoever may not do something goes back to where they came from and is told (spec 09 §5); without
/// a page to go back to, they are told here.
async fn forbidden(
    server: &Server,
    parts: Parts,
    response: Response,
    refusal: Refusal,
) -> Response {
    let back = came_from(&parts);
    let elsewhere = back.filter(|back| {
        let path = back.split('?').next().unwrap_or_default();
        path != parts.uri.path()
    });
    match elsewhere {
        None => page(server, parts, response, &refusal).await,
        Some(back) => {
            let viewer = viewer(server, parts).await;
            let t = viewer.t();
            let text = if let Some(error) = refusal.form {
                t.say(form_text(error)).into_owned()
            } else {
                let detail = t.said(&refusal.detail);
                format!("{} ({detail})", t.say("frame-forbidden"))
            };
            viewer.back_to(back, Notice::warning(text))
        }
    }
}

async fn viewer(server: &Server, mut parts: Parts) -> Viewer {
    let Ok(visitor) = Visitor::from_request_parts(&mut parts, server).await;
    // Looking is what a frame needs, whatever was refused.
    parts.method = http::Method::GET;
    let actor = Credential::of(&parts).actor(&server.app).await;
    Viewer::of(&parts, server, actor.unwrap_or(Actor::Anonymous), &visitor)
}

/// The error as a page, with its status and its headers.
async fn page(server: &Server, parts: Parts, response: Response, refusal: &Refusal) -> Response {
    let status = response.status();
    let request = response.headers().get("x-request-id");
    let request = request
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let viewer = viewer(server, parts).await;
    let t = viewer.t();
    let found = status != StatusCode::NOT_FOUND;
    let title = refusal
        .form
        .map_or_else(|| title(status), |_| "frame-error-form");
    let page = ErrorPage {
        frame: viewer.frame(t.say(title), Vec::new()),
        status: status.as_u16(),
        detail: match refusal.form {
            Some(error) => t.say(form_text(error)).into_owned(),
            None if found => t.said(&refusal.detail).into_owned(),
            None => t.say("frame-error-404-text").into_owned(),
        },
        remedy: remedy(status, refusal, t),
        searches: !found && viewer.known().is_some(),
        needs_role: status == StatusCode::FORBIDDEN && refusal.form.is_none(),
        request: request.to_owned(),
    };
    match viewer.show(&page) {
        Err(error) => error.into_response(),
        Ok(mut shown) => {
            *shown.status_mut() = status;
            for name in [http::header::RETRY_AFTER, http::header::ALLOW] {
                if let Some(value) = response.headers().get(&name) {
                    shown.headers_mut().insert(name, value.clone());
                }
            }
            shown.extensions_mut().extend(response.extensions().clone());
            shown
        }
    }
}

/// What a browser can do about it. The remedies of errors are for programs too: what only those can
/// do is left out.
fn remedy(status: StatusCode, refusal: &Refusal, t: &Texts) -> String {
    match status {
        StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => String::new(),
        StatusCode::METHOD_NOT_ALLOWED => t.say("frame-error-405-text").into_owned(),
        _ => {
            let remedy = refusal.remedy.as_deref().unwrap_or_default();
            t.said(remedy).into_owned()
        }
    }
}

fn form_text(error: FormError) -> &'static str {
    match error {
        FormError::Token => "frame-error-form-token",
        FormError::Foreign => "frame-error-form-foreign",
    }
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "frame-error-404",
        StatusCode::FORBIDDEN => "frame-error-403",
        StatusCode::SERVICE_UNAVAILABLE => "frame-error-503",
        _ if status.is_client_error() => "frame-error-400",
        _ => "frame-error-500",
    }
}
