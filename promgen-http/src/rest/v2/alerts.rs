//! `/rest/v2/alerts`: what came in, who was told, and why others were not.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::alert::Routing;
use promgen_core::app::alerts::{self, AlertFilter};
use promgen_core::app::policy::Act;
use promgen_core::model::{Alert, AlertId, AlertState};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::deliveries::{DeliveryWhole, whole};
use crate::Server;
use crate::extract::BigId;
use crate::rest::cursor::{Cursor, CursorQuery, Newest};
use crate::rest::{Body, Caller, Filters, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::List, routes!(list))
        .documented(Act::SeeAll, routes!(explain_labels))
        .documented(Act::See, routes!(show))
        .documented(Act::See, routes!(explain))
        .documented(Act::Edit, routes!(retry))
}

/// An alert in a list: one message of an Alertmanager.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AlertSimple {
    id: i64,
    /// When it was accepted, as RFC 3339 in UTC.
    created: String,
    /// `pending`, `routed`, `dropped` or `failed`.
    state: String,
    /// Deliveries that arrived.
    sent_count: u32,
    /// Deliveries that were given up.
    error_count: u32,
}

impl From<&Alert> for AlertSimple {
    fn from(alert: &Alert) -> Self {
        Self {
            id: alert.id.0,
            created: alert.created.rfc3339(),
            state: alert.state.as_str().to_owned(),
            sent_count: alert.sent_count,
            error_count: alert.error_count,
        }
    }
}

/// A label of an alert.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Label {
    name: String,
    value: String,
}

/// Everything about one alert.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AlertWhole {
    #[serde(flatten)]
    head: AlertSimple,
    /// The message as it was posted.
    #[schema(value_type = Object)]
    body: Value,
    /// What it is found by.
    labels: Vec<Label>,
    /// Who was chosen, and a reason for every candidate; nothing until it is routed.
    #[schema(value_type = Option<Object>, required)]
    routing: Option<Value>,
    deliveries: Vec<DeliveryWhole>,
}

/// The labels of an alert to be.
#[derive(Debug, Deserialize, ToSchema)]
struct ExplainLabels {
    /// Label names and values, such as `{"service": "shop"}`.
    labels: BTreeMap<String, String>,
}

/// How many deliveries are made again.
#[derive(Debug, Serialize, ToSchema)]
struct Again {
    deliveries: u64,
}

/// Alerts that one may see, newest first.
#[utoipa::path(
    get, path = "/rest/v2/alerts", tag = "alerts",
    params(
        CursorQuery,
        ("state" = Option<String>, Query, description = "pending, routed, dropped or failed"),
        ("label" = Option<Vec<String>>, Query, description = "NAME=VALUE; may be repeated, and all must be there"),
    ),
    responses((status = 200, body = Newest<AlertSimple>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    cursor: Cursor,
) -> Result<Json<Newest<AlertSimple>>, RestError> {
    let filter = AlertFilter {
        before: cursor.before().map(AlertId),
        state: state(&filters)?,
        labels: labels(&filters)?,
        naming: None,
    };
    let found = alerts::list(&server.app, &actor, filter, cursor.limit()).await?;
    Ok(Json(cursor.answer(
        &found,
        |alert| alert.id.0,
        AlertSimple::from,
    )))
}

fn state(filters: &Filters) -> Result<Option<AlertState>, RestError> {
    let states = [
        AlertState::Pending,
        AlertState::Routed,
        AlertState::Dropped,
        AlertState::Failed,
    ];
    let words = states.map(AlertState::as_str);
    let word = filters.choice("state", &words)?;
    Ok(states
        .into_iter()
        .find(|state| Some(state.as_str()) == word))
}

fn labels(filters: &Filters) -> Result<Vec<(String, String)>, RestError> {
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            RestError::field("label", format!("{text:?} is no label"), "write NAME=VALUE")
        })?;
        Ok((name.to_owned(), value.to_owned()))
    };
    filters.all("label").map(pair).collect()
}

/// One alert with its labels, decisions, deliveries and attempts.
#[utoipa::path(
    get, path = "/rest/v2/alerts/{id}", tag = "alerts",
    params(("id" = i64, Path)),
    responses((status = 200, body = AlertWhole)),
)]
async fn show(
    State(server): State<Server>,
    Caller(actor): Caller,
    BigId(id): BigId,
) -> Result<Json<AlertWhole>, RestError> {
    let report = alerts::show(&server.app, &actor, AlertId(id)).await?;
    let body = serde_json::from_str(&report.alert.body);
    let label = |(name, value)| Label { name, value };
    Ok(Json(AlertWhole {
        head: (&report.alert).into(),
        body: body.unwrap_or_else(|_| report.alert.body.clone().into()),
        labels: report.labels.into_iter().map(label).collect(),
        routing: report.routing.as_ref().map(trace),
        deliveries: report.deliveries.iter().map(whole).collect(),
    }))
}

/// Who would hear about a stored alert if it came at this moment, and why others would not.
#[utoipa::path(
    get, path = "/rest/v2/alerts/{id}/explain", tag = "alerts",
    params(("id" = i64, Path)),
    responses((status = 200, body = Object)),
)]
async fn explain(
    State(server): State<Server>,
    Caller(actor): Caller,
    BigId(id): BigId,
) -> Result<Json<Value>, RestError> {
    let routing = alerts::explain(&server.app, &actor, AlertId(id)).await?;
    Ok(Json(trace(&routing)))
}

/// Who would hear about an alert with these labels, and why others would not.
#[utoipa::path(
    post, path = "/rest/v2/alerts/explain", tag = "alerts",
    request_body = ExplainLabels,
    responses((status = 200, body = Object)),
)]
async fn explain_labels(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(asked): Body<ExplainLabels>,
) -> Result<Json<Value>, RestError> {
    let routing = alerts::explain_labels(&server.app, &actor, &asked.labels).await?;
    Ok(Json(trace(&routing)))
}

/// Makes all deliveries of an alert that were given up once more.
#[utoipa::path(
    post, path = "/rest/v2/alerts/{id}/retry", tag = "alerts",
    params(("id" = i64, Path)),
    responses((status = 202, body = Again)),
)]
async fn retry(
    State(server): State<Server>,
    Caller(actor): Caller,
    BigId(id): BigId,
) -> Result<(StatusCode, Json<Again>), RestError> {
    let deliveries = alerts::retry_alert(&server.app, &actor, AlertId(id)).await?;
    Ok((StatusCode::ACCEPTED, Json(Again { deliveries })))
}

/// A trace, which is a document of its own: it is shown as it is stored.
fn trace(routing: &Routing) -> Value {
    serde_json::to_value(routing).unwrap_or_default()
}
