//! Notifiers of services, projects and oneself.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::senders::{self, NewSender};
use promgen_core::app::{Actor, AppError};
use promgen_core::model::{ProjectId, Secret, SenderOwner, ServiceId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::answer::Notifier;
use super::filters::NewFilter;
use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::See, routes!(of_service))
        .documented(Act::Edit, routes!(add_to_service))
        .documented(Act::See, routes!(of_project))
        .documented(Act::Edit, routes!(add_to_project))
        .documented(Act::SeeSelf, routes!(own))
        .documented(Act::ChangeSelf, routes!(add_own))
}

/// A notifier to be.
#[derive(Debug, Deserialize, ToSchema)]
struct NewNotifier {
    /// Key of the driver; `/rest/v2/notifiers/drivers` lists them with their forms.
    sender: String,
    /// Where messages go; for `promgen.notification.user` the id of a user.
    value: String,
    /// What is shown instead of the value.
    alias: Option<String>,
    /// True unless given.
    enabled: Option<bool>,
    /// Key of signatures, for drivers that sign. It is never shown again.
    secret: Option<String>,
    /// Any of them lets a message through.
    filters: Option<Vec<NewFilter>>,
}

type Listed = Result<Json<PageOf<Notifier>>, RestError>;
type Made = Result<(StatusCode, Json<Notifier>), RestError>;

async fn list(server: &Server, actor: &Actor, owner: SenderOwner, page: &Page) -> Listed {
    let listed = senders::list_of(&server.app, actor, owner, page.slice()).await?;
    Ok(Json(page.answer(listed, Notifier::from)?))
}

/// Makes a notifier of an owner, or, without one, of whoever asks.
async fn create(
    server: &Server,
    actor: &Actor,
    owner: Option<SenderOwner>,
    body: NewNotifier,
) -> Made {
    let pairs = body.filters.unwrap_or_default().into_iter();
    let filters: Vec<(String, String)> = pairs.map(|one| (one.name, one.value)).collect();
    let secret = body.secret.map(Secret::new);
    let new = NewSender {
        driver: &body.sender,
        value: &body.value,
        alias: body.alias.as_deref().unwrap_or_default(),
        enabled: body.enabled.unwrap_or(true),
        secret: secret.as_ref(),
        filters: &filters,
    };
    let (made, _) = match owner {
        Some(owner) => senders::create(&server.app, actor, owner, &new).await?,
        None => senders::create_own(&server.app, actor, &new).await?,
    };
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// The notifiers of a service.
#[utoipa::path(
    get, path = "/rest/v2/services/{id}/notifiers", tag = "notifiers",
    params(("id" = i32, Path), PageQuery),
    responses((status = 200, body = PageOf<Notifier>)),
)]
async fn of_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    page: Page,
) -> Listed {
    list(&server, &actor, SenderOwner::Service(ServiceId(id)), &page).await
}

/// Adds a notifier to a service. To subscribe oneself, one only has to see it.
#[utoipa::path(
    post, path = "/rest/v2/services/{id}/notifiers", tag = "notifiers",
    params(("id" = i32, Path)),
    request_body = NewNotifier,
    responses((status = 201, body = Notifier)),
)]
async fn add_to_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<NewNotifier>,
) -> Made {
    create(
        &server,
        &actor,
        Some(SenderOwner::Service(ServiceId(id))),
        body,
    )
    .await
}

/// The notifiers of a project.
#[utoipa::path(
    get, path = "/rest/v2/projects/{id}/notifiers", tag = "notifiers",
    params(("id" = i32, Path), PageQuery),
    responses((status = 200, body = PageOf<Notifier>)),
)]
async fn of_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    page: Page,
) -> Listed {
    list(&server, &actor, SenderOwner::Project(ProjectId(id)), &page).await
}

/// Adds a notifier to a project. To subscribe oneself, one only has to see it.
#[utoipa::path(
    post, path = "/rest/v2/projects/{id}/notifiers", tag = "notifiers",
    params(("id" = i32, Path)),
    request_body = NewNotifier,
    responses((status = 201, body = Notifier)),
)]
async fn add_to_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<NewNotifier>,
) -> Made {
    create(
        &server,
        &actor,
        Some(SenderOwner::Project(ProjectId(id))),
        body,
    )
    .await
}

/// The ways in which one hears of what one is subscribed to.
#[utoipa::path(
    get, path = "/rest/v2/users/me/notifiers", tag = "notifiers",
    params(PageQuery),
    responses((status = 200, body = PageOf<Notifier>)),
)]
async fn own(State(server): State<Server>, Caller(actor): Caller, page: Page) -> Listed {
    let user = actor.user().ok_or(AppError::Unauthenticated)?;
    list(&server, &actor, SenderOwner::User(user.id), &page).await
}

/// Adds a way in which one hears of what one is subscribed to.
#[utoipa::path(
    post, path = "/rest/v2/users/me/notifiers", tag = "notifiers",
    request_body = NewNotifier,
    responses((status = 201, body = Notifier)),
)]
async fn add_own(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(body): Body<NewNotifier>,
) -> Made {
    create(&server, &actor, None, body).await
}
