//! `/rest/v2/schema` and `/rest/v2/docs`: the `OpenAPI` document, and a page to try it.

use std::sync::LazyLock;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, Method, header};
use promgen_core::app::policy::Act;
use promgen_core::app::{Actor, AppError, Right};
use utoipa::openapi::OpenApi;

use super::{Caller, RestError, document};
use crate::Server;
use crate::rest::Filters;
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .on(Act::SeeSite, &Method::GET, "/rest/v2/schema", schema)
        .on(Act::SeeSite, &Method::GET, "/rest/v2/docs", to_page)
        .on(Act::SeeSite, &Method::GET, "/rest/v2/docs/", page)
        .on(Act::SeeSite, &Method::GET, "/rest/v2/docs/{file}", asset)
}

/// The document in both forms, made when it is first asked for.
static DOCUMENT: LazyLock<(String, String)> = LazyLock::new(|| {
    let document: OpenApi = document::whole(super::routes().finish().1);
    let json = document.to_json().unwrap_or_default();
    let yaml = document.to_yaml().unwrap_or_default();
    (json, yaml)
});

/// Name, type and content of the page and of what it loads.
const FILES: &[(&str, &str, Content)] = &[
    (
        "index.html",
        "text/html; charset=utf-8",
        Content::Plain(include_bytes!("../../static/docs/index.html")),
    ),
    (
        "start.js",
        "text/javascript; charset=utf-8",
        Content::Plain(include_bytes!("../../static/docs/start.js")),
    ),
    (
        "swagger-ui-bundle.js",
        "text/javascript; charset=utf-8",
        Content::Packed(include_bytes!(concat!(
            env!("OUT_DIR"),
            "/swagger-ui-bundle.js.gz"
        ))),
    ),
    (
        "swagger-ui.css",
        "text/css; charset=utf-8",
        Content::Packed(include_bytes!(concat!(
            env!("OUT_DIR"),
            "/swagger-ui.css.gz"
        ))),
    ),
];

/// A file in the program. What is packed, with gzip, stays so: browsers, for whom it is, all take it.
#[derive(Clone, Copy)]
enum Content {
    Plain(&'static [u8]),
    Packed(&'static [u8]),
}

/// What the page may do beyond other pages: Swagger UI styles elements, draws small images of its
/// own, and asks this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Answers with YAML, or with JSON when that is asked for by `Accept` or `?format=json`.
async fn schema(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    admit(&server, &actor)?;
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|value| value.to_str().ok()).unwrap_or("");
    let format = filters.choice("format", &["json", "yaml"])?;
    let json = match format {
        Some(format) => format == "json",
        None => accept.contains("json") && !accept.contains("yaml"),
    };
    let (kind, text) = if json {
        ("application/json", &DOCUMENT.0)
    } else {
        ("application/yaml", &DOCUMENT.1)
    };
    let kind = HeaderValue::from_static(kind);
    Ok(([(header::CONTENT_TYPE, kind)], text.as_str()).into_response())
}

async fn to_page(_: Caller) -> Redirect {
    Redirect::permanent("/rest/v2/docs/")
}

async fn page(State(server): State<Server>, Caller(actor): Caller) -> Result<Response, RestError> {
    admit(&server, &actor)?;
    file("index.html")
}

async fn asset(
    State(server): State<Server>,
    Caller(actor): Caller,
    Path(name): Path<String>,
) -> Result<Response, RestError> {
    admit(&server, &actor)?;
    file(&name)
}

fn admit(server: &Server, actor: &Actor) -> Result<(), RestError> {
    Ok(actor.require(Right::Look, server.app.settings())?)
}

/// A file of the page, found by comparing names in one table (anchor S19).
fn file(name: &str) -> Result<Response, RestError> {
    let found = FILES.iter().find(|(known, _, _)| *known == name);
    let (_, kind, content) = found.ok_or_else(|| AppError::not_found("file", name))?;
    let mut response = match *content {
        Content::Plain(bytes) => bytes.into_response(),
        Content::Packed(bytes) => {
            let gzip = HeaderValue::from_static("gzip");
            ([(header::CONTENT_ENCODING, gzip)], bytes).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    Ok(response)
}
