//! `/rest/v2/users`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::people::{self, NewUser, UserChange};
use promgen_core::app::policy::Act;
use promgen_core::model::{User, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::SeeSite, routes!(list_users))
        .documented(Act::Administer, routes!(create_user))
        .documented(Act::Administer, routes!(change_user))
        .documented(Act::Administer, routes!(merge_users))
        .documented(Act::SeeSelf, routes!(find_me))
        .documented(Act::ChangeSelf, routes!(change_me))
}

/// A user in a list.
#[derive(Debug, Serialize, ToSchema)]
struct UserSimple {
    id: i32,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
}

impl From<User> for UserSimple {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
        }
    }
}

/// Whoever asks.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    id: i32,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    /// As `is_superuser`; for clients of the original.
    is_staff: bool,
    /// May do everything.
    is_superuser: bool,
    /// When the account was made.
    #[schema(format = DateTime)]
    date_joined: String,
}

impl From<User> for Me {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            is_staff: user.superuser,
            is_superuser: user.superuser,
            date_joined: user.created.rfc3339(),
        }
    }
}

/// A user as superusers see them.
#[derive(Debug, Serialize, ToSchema)]
struct Account {
    id: i32,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    /// May do everything.
    superuser: bool,
    /// May do anything.
    active: bool,
    /// When the account was made.
    #[schema(format = DateTime)]
    date_joined: String,
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            superuser: user.superuser,
            active: user.active,
            date_joined: user.created.rfc3339(),
        }
    }
}

/// A user to be, without a password.
#[derive(Debug, Deserialize, ToSchema)]
struct UserCreate {
    username: String,
    /// It becomes their first personal notifier.
    #[serde(default)]
    email: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    superuser: bool,
}

/// What is to be otherwise with a user.
#[derive(Debug, Deserialize, ToSchema)]
struct UserPatch {
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    superuser: Option<bool>,
    active: Option<bool>,
}

/// What is to be otherwise with oneself.
#[derive(Debug, Deserialize, ToSchema)]
struct MePatch {
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
}

/// Who is to have everything.
#[derive(Debug, Deserialize, ToSchema)]
struct UserMerge {
    /// Id of the user who is kept.
    into: i32,
}

/// Active users, by user name.
#[utoipa::path(
    get, path = "/rest/v2/users", tag = "users",
    params(
        PageQuery,
        ("q" = Option<String>, Query, description = "part of the user name, address or names"),
    ),
    responses((status = 200, body = PageOf<UserSimple>)),
)]
async fn list_users(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<UserSimple>>, RestError> {
    let listed = people::list(&server.app, &actor, filters.text("q"), page.slice()).await?;
    Ok(Json(page.answer(listed, UserSimple::from)?))
}

/// Makes a user. For superusers.
#[utoipa::path(
    post, path = "/rest/v2/users", tag = "users",
    request_body = UserCreate,
    responses((status = 201, body = Account)),
)]
async fn create_user(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(body): Body<UserCreate>,
) -> Result<(StatusCode, Json<Account>), RestError> {
    let new = NewUser {
        username: &body.username,
        email: &body.email,
        first_name: &body.first_name,
        last_name: &body.last_name,
        superuser: body.superuser,
    };
    let user = people::create(&server.app, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(user.into())))
}

/// Changes what is sent of a user. For superusers.
#[utoipa::path(
    patch, path = "/rest/v2/users/{id}", tag = "users",
    params(("id" = i32, Path)), request_body = UserPatch,
    responses((status = 200, body = Account)),
)]
async fn change_user(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<UserPatch>,
) -> Result<Json<Account>, RestError> {
    let wanted = UserChange {
        email: body.email.as_deref(),
        first_name: body.first_name.as_deref(),
        last_name: body.last_name.as_deref(),
        superuser: body.superuser,
        active: body.active,
        ..UserChange::default()
    };
    let user = people::update(&server.app, &actor, UserId(id), wanted).await?;
    Ok(Json(user.into()))
}

/// Gives everything of a user to another one and deletes the first; answers who is kept. For
/// superusers.
#[utoipa::path(
    post, path = "/rest/v2/users/{id}/merge", tag = "users",
    params(("id" = i32, Path)), request_body = UserMerge,
    responses((status = 200, body = Account)),
)]
async fn merge_users(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<UserMerge>,
) -> Result<Json<Account>, RestError> {
    let merged = people::merge(&server.app, &actor, UserId(id), UserId(body.into)).await?;
    Ok(Json(merged.into.into()))
}

/// Whoever asks.
#[utoipa::path(
    get, path = "/rest/v2/users/me", tag = "users",
    responses((status = 200, body = Me)),
)]
async fn find_me(
    State(server): State<Server>,
    Caller(actor): Caller,
) -> Result<Json<Me>, RestError> {
    Ok(Json(people::me(&server.app, &actor).await?.into()))
}

/// Changes what is sent of oneself.
#[utoipa::path(
    patch, path = "/rest/v2/users/me", tag = "users",
    request_body = MePatch,
    responses((status = 200, body = Me)),
)]
async fn change_me(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(body): Body<MePatch>,
) -> Result<Json<Me>, RestError> {
    let wanted = UserChange {
        email: body.email.as_deref(),
        first_name: body.first_name.as_deref(),
        last_name: body.last_name.as_deref(),
        ..UserChange::default()
    };
    let user = people::update_own(&server.app, &actor, wanted).await?;
    Ok(Json(user.into()))
}
