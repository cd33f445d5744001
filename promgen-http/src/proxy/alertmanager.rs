//! `/proxy/v1/alerts`, `/proxy/v1/silences`, `/proxy/v2/silences`: Alertmanager for people.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use promgen_core::app::policy::Act;
use promgen_core::app::silences::{self, LabelRequest, MatcherRequest, Merged, Written};
use promgen_core::app::{Actor, AppError};
use serde_json::{Value, json};

use super::form::Form;
use super::messages::{V1, V2};
use super::warning::warn;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Credential, PathText};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    let silences = "/proxy/v1/silences";
    Routes::default()
        .on(Act::ListSilences, &Method::GET, "/proxy/v1/alerts", alerts)
        .on(Act::ListSilences, &Method::GET, silences, list)
        .on(Act::Silence, &Method::POST, silences, create_by_labels)
        .on(
            Act::Silence,
            &Method::DELETE,
            "/proxy/v1/silences/{id}",
            expire,
        )
        .on(
            Act::Silence,
            &Method::POST,
            "/proxy/v2/silences",
            put_by_matchers,
        )
}

async fn alerts(State(server): State<Server>, credential: Credential) -> Result<Response, V1> {
    let actor = known(&server, &credential).await?;
    let alerts = silences::alerts(&server.app, &actor).await?;
    Ok(plain(alerts, |alert| alert))
}

async fn list(State(server): State<Server>, credential: Credential) -> Result<Response, V1> {
    let actor = known(&server, &credential).await?;
    let silences = silences::list(&server.app, &actor).await?;
    Ok(plain(silences, |silence| silence.json))
}

async fn create_by_labels(
    State(server): State<Server>,
    credential: Credential,
    form: Result<Form, HttpError>,
) -> Result<Json<Value>, V1> {
    let actor = known(&server, &credential).await?;
    let request: LabelRequest = form?.parse()?;
    let written = silences::create_by_labels(&server.app, &actor, request).await?;
    Ok(accepted(&written))
}

async fn put_by_matchers(
    State(server): State<Server>,
    credential: Credential,
    form: Result<Form, HttpError>,
) -> Result<Json<Value>, V2> {
    let actor = known(&server, &credential).await?;
    let request: MatcherRequest = form?.parse()?;
    let written = silences::put_by_matchers(&server.app, &actor, request).await?;
    Ok(accepted(&written))
}

async fn expire(
    State(server): State<Server>,
    credential: Credential,
    id: Result<PathText, HttpError>,
) -> Result<StatusCode, V1> {
    let actor = known(&server, &credential).await?;
    let PathText(id) = id?;
    silences::expire(&server.app, &actor, &id).await?;
    Ok(StatusCode::OK)
}

/// Whoever asks. Somebody unknown is told to log in before anything is said about what they sent.
async fn known(server: &Server, credential: &Credential) -> Result<Actor, AppError> {
    match credential.actor(&server.app).await? {
        Actor::Anonymous => Err(AppError::Unauthenticated),
        actor => Ok(actor),
    }
}

/// The plain list of API v2.
fn plain<T>(merged: Merged<T>, each: impl Fn(T) -> Value) -> Response {
    let items: Vec<Value> = merged.items.into_iter().map(each).collect();
    let mut response = Json(items).into_response();
    warn(response.headers_mut(), &merged.warnings);
    response
}

/// Alertmanager's answer; where there are several, with the id at each.
fn accepted(written: &Written) -> Json<Value> {
    let mut body = json!({"silenceID": written.id});
    if let (true, Some(map)) = (written.outcomes.len() > 1, body.as_object_mut()) {
        map.insert("alertmanagers".to_owned(), json!(written.outcomes));
    }
    Json(body)
}
