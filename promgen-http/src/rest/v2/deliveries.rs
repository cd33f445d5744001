//! `/rest/v2/deliveries`: messages on their way to one destination each.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::alerts::{self, DeliveryFilter};
use promgen_core::app::policy::Act;
use promgen_core::model::{Attempt, Delivery, DeliveryId, DeliveryState, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::BigId;
use crate::rest::cursor::{Cursor, CursorQuery, Newest};
use crate::rest::{Caller, Filters, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::List, routes!(list))
        .documented(Act::See, routes!(show))
        .documented(Act::Edit, routes!(retry))
}

/// A delivery in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliverySimple {
    id: i64,
    /// Id of the alert that it carries.
    alert: i64,
    /// Which part of a split message.
    part: u32,
    /// Key of the driver.
    sender: String,
    /// Where it goes, as it may be shown: the alias where there is one, no secrets.
    shown: String,
    /// `pending`, `sent`, `dead` or `superseded`.
    state: String,
    /// Attempts that were begun.
    attempts_count: u32,
    /// When the next attempt is due.
    due: String,
    /// When it ended.
    #[schema(required)]
    finished: Option<String>,
}

impl From<&Delivery> for DeliverySimple {
    fn from(delivery: &Delivery) -> Self {
        let shown = match delivery.alias.as_str() {
            "" => &delivery.value,
            alias => alias,
        };
        Self {
            id: delivery.id.0,
            alert: delivery.alert.0,
            part: delivery.part,
            sender: delivery.driver.clone(),
            shown: shown.to_owned(),
            state: delivery.state.as_str().to_owned(),
            attempts_count: delivery.attempts,
            due: delivery.due.rfc3339(),
            finished: delivery.finished.map(Timestamp::rfc3339),
        }
    }
}

/// One try of a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AttemptMade {
    /// Counted from 1.
    number: u32,
    started: String,
    took_ms: u32,
    /// `sent`, `retry` or `permanent`.
    outcome: String,
    /// What went wrong, or what the destination answered.
    message: String,
}

impl From<&Attempt> for AttemptMade {
    fn from(attempt: &Attempt) -> Self {
        Self {
            number: attempt.number,
            started: attempt.started.rfc3339(),
            took_ms: attempt.took_ms,
            outcome: attempt.outcome.as_str().to_owned(),
            message: attempt.message.clone(),
        }
    }
}

/// A delivery with its attempts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliveryWhole {
    #[serde(flatten)]
    head: DeliverySimple,
    attempts: Vec<AttemptMade>,
}

pub(super) fn whole((delivery, attempts): &(Delivery, Vec<Attempt>)) -> DeliveryWhole {
    DeliveryWhole {
        head: delivery.into(),
        attempts: attempts.iter().map(AttemptMade::from).collect(),
    }
}

/// Deliveries of alerts that one may see, newest first.
#[utoipa::path(
    get, path = "/rest/v2/deliveries", tag = "alerts",
    params(
        CursorQuery,
        ("state" = Option<String>, Query, description = "pending, sent, dead or superseded"),
        ("sender" = Option<String>, Query, description = "key of the driver"),
    ),
    responses((status = 200, body = Newest<DeliverySimple>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    cursor: Cursor,
) -> Result<Json<Newest<DeliverySimple>>, RestError> {
    let filter = DeliveryFilter {
        before: cursor.before().map(DeliveryId),
        state: state(&filters)?,
        driver: filters.text("sender").map(ToOwned::to_owned),
        naming: None,
    };
    let found = alerts::deliveries(&server.app, &actor, filter, cursor.limit()).await?;
    Ok(Json(cursor.answer(
        &found,
        |one| one.id.0,
        DeliverySimple::from,
    )))
}

fn state(filters: &Filters) -> Result<Option<DeliveryState>, RestError> {
    let states = [
        DeliveryState::Pending,
        DeliveryState::Sent,
        DeliveryState::Dead,
        DeliveryState::Superseded,
    ];
    let words = states.map(DeliveryState::as_str);
    let word = filters.choice("state", &words)?;
    Ok(states
        .into_iter()
        .find(|state| Some(state.as_str()) == word))
}

/// One delivery with its attempts.
#[utoipa::path(
    get, path = "/rest/v2/deliveries/{id}", tag = "alerts",
    params(("id" = i64, Path)),
    responses((status = 200, body = DeliveryWhole)),
)]
async fn show(
    State(server): State<Server>,
    Caller(actor): Caller,
    BigId(id): BigId,
) -> Result<Json<DeliveryWhole>, RestError> {
    let found = alerts::delivery(&server.app, &actor, DeliveryId(id)).await?;
    Ok(Json(whole(&found)))
}

/// Makes a delivery that was given up once more.
#[utoipa::path(
    post, path = "/rest/v2/deliveries/{id}/retry", tag = "alerts",
    params(("id" = i64, Path)),
    responses((status = 202, description = "it is due again")),
)]
async fn retry(
    State(server): State<Server>,
    Caller(actor): Caller,
    BigId(id): BigId,
) -> Result<StatusCode, RestError> {
    alerts::retry(&server.app, &actor, DeliveryId(id)).await?;
    Ok(StatusCode::ACCEPTED)
}
