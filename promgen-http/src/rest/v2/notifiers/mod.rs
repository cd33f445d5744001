//! `/rest/v2/notifiers`, and the notifiers of services, projects and people.

mod answer;
mod drivers;
mod filters;
mod of;
mod test;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::senders::{self, SenderFilter};
use promgen_core::model::SenderId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use self::answer::Notifier;
use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

/// What a notifier can belong to.
const OWNERS: [&str; 3] = ["project", "service", "user"];

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::List, routes!(list))
        .documented(Act::Edit, routes!(replace))
        .documented(Act::Edit, routes!(update))
        .documented(Act::Edit, routes!(delete))
        .merge(drivers::routes())
        .merge(filters::routes())
        .merge(of::routes())
        .merge(test::routes())
}

/// What can be changed of a notifier.
#[derive(Debug, Deserialize, ToSchema)]
struct UpdatedNotifier {
    enabled: Option<bool>,
}

/// Notifiers that one may see, by what is shown of their values: those of services and projects,
/// and one's own.
#[utoipa::path(
    get, path = "/rest/v2/notifiers", tag = "notifiers",
    params(
        PageQuery,
        ("sender" = Option<String>, Query, description = "key of the driver"),
        ("value" = Option<String>, Query, description = "part of the alias, or of a value that is shown"),
        ("content_type" = Option<String>, Query, description = "service, project or user"),
        ("object_id" = Option<i32>, Query, description = "id of what they belong to"),
        ("owner" = Option<String>, Query, description = "login name of who added them"),
    ),
    responses((status = 200, body = PageOf<Notifier>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<Notifier>>, RestError> {
    let drivers = server.app.registry().notifiers();
    let keys: Vec<&str> = drivers.map(|driver| driver.key).collect();
    let filter = SenderFilter {
        driver: filters.choice("sender", &keys)?,
        shown: filters.text("value"),
        owner_kind: filters.choice("content_type", &OWNERS)?,
        owner_id: filters.number("object_id")?,
        added_by: filters.text("owner"),
        ..SenderFilter::default()
    };
    let listed = senders::list(&server.app, &actor, &filter, page.slice()).await?;
    Ok(Json(page.answer(listed, Notifier::from)?))
}

/// Turns a notifier on or off. Everything else of it stays as it was made.
#[utoipa::path(
    put, path = "/rest/v2/notifiers/{id}", tag = "notifiers",
    params(("id" = i32, Path)),
    request_body = UpdatedNotifier,
    responses((status = 200, body = Notifier)),
)]
async fn replace(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(wanted): Body<UpdatedNotifier>,
) -> Result<Json<Notifier>, RestError> {
    let notifier = senders::enable(&server.app, &actor, SenderId(id), wanted.enabled).await?;
    Ok(Json(notifier.into()))
}

/// Turns a notifier on or off. Everything else of it stays as it was made.
#[utoipa::path(
    patch, path = "/rest/v2/notifiers/{id}", tag = "notifiers",
    params(("id" = i32, Path)),
    request_body = UpdatedNotifier,
    responses((status = 200, body = Notifier)),
)]
async fn update(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(wanted): Body<UpdatedNotifier>,
) -> Result<Json<Notifier>, RestError> {
    let notifier = senders::enable(&server.app, &actor, SenderId(id), wanted.enabled).await?;
    Ok(Json(notifier.into()))
}

/// Deletes a notifier with its filters.
#[utoipa::path(
    delete, path = "/rest/v2/notifiers/{id}", tag = "notifiers",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    senders::delete(&server.app, &actor, SenderId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
