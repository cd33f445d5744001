//! `/rest/v2/notifiers/{id}/filters`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::senders;
use promgen_core::model::{FilterId, SenderId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::answer::Notifier;
use crate::Server;
use crate::extract::{Id, Ids};
use crate::rest::{Body, Caller, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::Edit, routes!(add))
        .documented(Act::Edit, routes!(remove))
}

/// A label that a message must have.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct NewFilter {
    /// Name of the label.
    pub(super) name: String,
    /// Its value, compared exactly.
    pub(super) value: String,
}

/// Adds a filter to a notifier.
#[utoipa::path(
    post, path = "/rest/v2/notifiers/{id}/filters", tag = "notifiers",
    params(("id" = i32, Path)),
    request_body = NewFilter,
    responses((status = 201, body = Notifier)),
)]
async fn add(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(new): Body<NewFilter>,
) -> Result<(StatusCode, Json<Notifier>), RestError> {
    let NewFilter { name, value } = new;
    let notifier = senders::add_filter(&server.app, &actor, SenderId(id), &name, &value).await?;
    Ok((StatusCode::CREATED, Json(notifier.into())))
}

/// Takes a filter from its notifier.
#[utoipa::path(
    delete, path = "/rest/v2/notifiers/{id}/filters/{filter_id}", tag = "notifiers",
    params(("id" = i32, Path), ("filter_id" = i32, Path)),
    responses((status = 204)),
)]
async fn remove(
    State(server): State<Server>,
    Caller(actor): Caller,
    Ids(id, filter): Ids,
) -> Result<StatusCode, RestError> {
    senders::remove_filter(&server.app, &actor, SenderId(id), FilterId(filter)).await?;
    Ok(StatusCode::NO_CONTENT)
}
