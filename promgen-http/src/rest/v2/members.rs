//! `/rest/v2/groups/{id}/members` and `…/resources`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::groups;
use promgen_core::app::policy::Act;
use promgen_core::app::roles::Resource;
use promgen_core::model::{GroupId, GroupRole, User, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::roles::{GroupRoleWord, RoleWord};
use crate::Server;
use crate::extract::{Id, Ids};
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::SeeGroup, routes!(list_members))
        .documented(Act::ManageGroup, routes!(add_members))
        .documented(Act::ManageGroup, routes!(change_member))
        .documented(Act::ManageGroup, routes!(remove_member))
        .documented(Act::SeeGroup, routes!(list_resources))
}

/// A member of a group.
#[derive(Debug, Serialize, ToSchema)]
struct MemberRetrieve {
    /// Id of the user.
    id: i32,
    username: String,
    email: String,
    role: GroupRoleWord,
}

impl From<(User, GroupRole)> for MemberRetrieve {
    fn from((user, role): (User, GroupRole)) -> Self {
        Self {
            id: user.id.0,
            username: user.username,
            email: user.email,
            role: role.into(),
        }
    }
}

/// Members to be.
#[derive(Debug, Deserialize, ToSchema)]
struct MembersAdd {
    /// Ids of users, all of whom are put in, or none.
    user_ids: Vec<i32>,
    group_role: GroupRoleWord,
}

/// What a member shall be.
#[derive(Debug, Deserialize, ToSchema)]
struct MemberChange {
    group_role: GroupRoleWord,
}

/// Something that a group has a role on.
#[derive(Debug, Serialize, ToSchema)]
struct ResourceRetrieve {
    /// `service` or `project`.
    content_type: &'static str,
    object_id: i32,
    name: String,
    role: RoleWord,
}

impl From<Resource> for ResourceRetrieve {
    fn from(resource: Resource) -> Self {
        Self {
            content_type: resource.on.kind(),
            object_id: resource.on.id(),
            name: resource.name,
            role: resource.role.into(),
        }
    }
}

/// Members of a group, by user name.
#[utoipa::path(
    get, path = "/rest/v2/groups/{id}/members", tag = "groups",
    params(
        PageQuery, ("id" = i32, Path),
        ("name" = Option<String>, Query, description = "part of the user name"),
    ),
    responses((status = 200, body = PageOf<MemberRetrieve>)),
)]
async fn list_members(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<MemberRetrieve>>, RestError> {
    let (id, name) = (GroupId(id), filters.text("name"));
    let listed = groups::members(&server.app, &actor, id, name, page.slice()).await?;
    Ok(Json(page.answer(listed, MemberRetrieve::from)?))
}

/// Puts users into a group.
#[utoipa::path(
    post, path = "/rest/v2/groups/{id}/members", tag = "groups",
    params(("id" = i32, Path)), request_body = MembersAdd,
    responses((status = 204)),
)]
async fn add_members(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<MembersAdd>,
) -> Result<StatusCode, RestError> {
    let users: Vec<UserId> = body.user_ids.into_iter().map(UserId).collect();
    let role = body.group_role.into();
    groups::add(&server.app, &actor, GroupId(id), &users, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a member another role in the group.
#[utoipa::path(
    put, path = "/rest/v2/groups/{id}/members/{user}", tag = "groups",
    params(("id" = i32, Path), ("user" = i32, Path)), request_body = MemberChange,
    responses((status = 204)),
)]
async fn change_member(
    State(server): State<Server>,
    Caller(actor): Caller,
    Ids(id, user): Ids,
    Body(body): Body<MemberChange>,
) -> Result<StatusCode, RestError> {
    let (id, user) = (GroupId(id), UserId(user));
    groups::set_role(&server.app, &actor, id, user, body.group_role.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a user out of a group.
#[utoipa::path(
    delete, path = "/rest/v2/groups/{id}/members/{user}", tag = "groups",
    params(("id" = i32, Path), ("user" = i32, Path)),
    responses((status = 204)),
)]
async fn remove_member(
    State(server): State<Server>,
    Caller(actor): Caller,
    Ids(id, user): Ids,
) -> Result<StatusCode, RestError> {
    groups::remove(&server.app, &actor, GroupId(id), UserId(user)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a group has roles on: services, then projects.
#[utoipa::path(
    get, path = "/rest/v2/groups/{id}/resources", tag = "groups",
    params(PageQuery, ("id" = i32, Path)),
    responses((status = 200, body = PageOf<ResourceRetrieve>)),
)]
async fn list_resources(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    page: Page,
) -> Result<Json<PageOf<ResourceRetrieve>>, RestError> {
    let listed = groups::resources(&server.app, &actor, GroupId(id), page.slice()).await?;
    Ok(Json(page.answer(listed, ResourceRetrieve::from)?))
}
