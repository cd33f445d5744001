//! `/rest/v2/groups`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::groups;
use promgen_core::app::policy::Act;
use promgen_core::model::{Group, GroupId};
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
        .documented(Act::List, routes!(list_groups))
        .documented(Act::Found, routes!(create_group))
        .documented(Act::SeeGroup, routes!(find_group))
        .documented(Act::ManageGroup, routes!(replace_group))
        .documented(Act::ManageGroup, routes!(change_group))
        .documented(Act::ManageGroup, routes!(delete_group))
}

/// A group of users.
#[derive(Debug, Serialize, ToSchema)]
struct GroupRetrieve {
    id: i32,
    name: String,
}

impl From<Group> for GroupRetrieve {
    fn from(group: Group) -> Self {
        Self {
            id: group.id.0,
            name: group.name,
        }
    }
}

/// A group to be, or in the place of the one that is there.
#[derive(Debug, Deserialize, ToSchema)]
struct GroupCreate {
    name: String,
}

/// What is to be otherwise.
#[derive(Debug, Deserialize, ToSchema)]
struct GroupPatch {
    name: Option<String>,
}

/// Groups that one is in, by name; all of them for a superuser.
#[utoipa::path(
    get, path = "/rest/v2/groups", tag = "groups",
    params(PageQuery, ("name" = Option<String>, Query, description = "part of the name")),
    responses((status = 200, body = PageOf<GroupRetrieve>)),
)]
async fn list_groups(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<GroupRetrieve>>, RestError> {
    let listed = groups::list(&server.app, &actor, filters.text("name"), page.slice()).await?;
    Ok(Json(page.answer(listed, GroupRetrieve::from)?))
}

/// Founds a group; whoever does becomes its first admin.
#[utoipa::path(
    post, path = "/rest/v2/groups", tag = "groups",
    request_body = GroupCreate,
    responses((status = 201, body = GroupRetrieve)),
)]
async fn create_group(
    State(server): State<Server>,
    Caller(actor): Caller,
    Body(body): Body<GroupCreate>,
) -> Result<(StatusCode, Json<GroupRetrieve>), RestError> {
    let group = groups::create(&server.app, &actor, &body.name).await?;
    Ok((StatusCode::CREATED, Json(group.into())))
}

/// One group.
#[utoipa::path(
    get, path = "/rest/v2/groups/{id}", tag = "groups",
    params(("id" = i32, Path)),
    responses((status = 200, body = GroupRetrieve)),
)]
async fn find_group(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<GroupRetrieve>, RestError> {
    let group = groups::find(&server.app, &actor, GroupId(id)).await?;
    Ok(Json(group.into()))
}

/// Gives a group another name.
#[utoipa::path(
    put, path = "/rest/v2/groups/{id}", tag = "groups",
    params(("id" = i32, Path)), request_body = GroupCreate,
    responses((status = 200, body = GroupRetrieve)),
)]
async fn replace_group(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<GroupCreate>,
) -> Result<Json<GroupRetrieve>, RestError> {
    let group = groups::rename(&server.app, &actor, GroupId(id), Some(&body.name)).await?;
    Ok(Json(group.into()))
}

/// Changes what is sent of a group.
#[utoipa::path(
    patch, path = "/rest/v2/groups/{id}", tag = "groups",
    params(("id" = i32, Path)), request_body = GroupPatch,
    responses((status = 200, body = GroupRetrieve)),
)]
async fn change_group(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<GroupPatch>,
) -> Result<Json<GroupRetrieve>, RestError> {
    let group = groups::rename(&server.app, &actor, GroupId(id), body.name.as_deref()).await?;
    Ok(Json(group.into()))
}

/// Deletes a group and its roles.
#[utoipa::path(
    delete, path = "/rest/v2/groups/{id}", tag = "groups",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete_group(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    groups::delete(&server.app, &actor, GroupId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
