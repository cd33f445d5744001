//! `/rest/v2/{services,projects}/{id}/{users,groups}`: who has which role.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::roles::{self, Assigned, Below};
use promgen_core::app::{Actor, App};
use promgen_core::model::{
    Grantee, Group, GroupId, ProjectId, Role, RoleOn, ServiceId, User, UserId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::roles::RoleWord;
use crate::Server;
use crate::extract::{Id, Ids};
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    services::routes().merge(projects::routes())
}

/// A user with their own role on an object.
#[derive(Debug, Serialize, ToSchema)]
struct UserWithRole {
    id: i32,
    username: String,
    email: String,
    role: RoleWord,
}

impl From<(User, Role)> for UserWithRole {
    fn from((user, role): (User, Role)) -> Self {
        Self {
            id: user.id.0,
            username: user.username,
            email: user.email,
            role: role.into(),
        }
    }
}

/// A group with its role on an object.
#[derive(Debug, Serialize, ToSchema)]
struct GroupWithRole {
    id: i32,
    name: String,
    role: RoleWord,
}

impl From<(Group, Role)> for GroupWithRole {
    fn from((group, role): (Group, Role)) -> Self {
        Self {
            id: group.id.0,
            name: group.name,
            role: role.into(),
        }
    }
}

/// A role to be given.
#[derive(Debug, Deserialize, ToSchema)]
struct RoleAssign {
    /// Id of the user or group.
    id: i32,
    role: RoleWord,
}

/// A role that a user has.
#[derive(Debug, Serialize, ToSchema)]
struct UserRole {
    id: i32,
    /// Name of the object.
    object: String,
    /// Codename of the role, such as `service_editor`.
    permission: String,
    /// User name.
    user: String,
}

/// A role that a group has.
#[derive(Debug, Serialize, ToSchema)]
struct GroupRole {
    id: i32,
    /// Name of the object.
    object: String,
    /// Codename of the role, such as `service_editor`.
    permission: String,
    /// Name of the group.
    group: String,
}

impl From<Assigned> for UserRole {
    fn from(assigned: Assigned) -> Self {
        let grant = assigned.grant;
        Self {
            id: grant.id.0,
            object: assigned.object.to_string(),
            permission: grant.on.codename(grant.role),
            user: assigned.holder,
        }
    }
}

impl From<Assigned> for GroupRole {
    fn from(assigned: Assigned) -> Self {
        let grant = assigned.grant;
        Self {
            id: grant.id.0,
            object: assigned.object.to_string(),
            permission: grant.on.codename(grant.role),
            group: assigned.holder,
        }
    }
}

/// The role that a list is cut to.
fn wanted(filters: &Filters) -> Result<Option<Role>, RestError> {
    let word = filters.choice("role", &["ADMIN", "EDITOR", "VIEWER"])?;
    Ok(word.and_then(|word| word.parse().ok()))
}

async fn take(
    app: &App,
    actor: &Actor,
    on: RoleOn,
    from: Grantee,
    filters: &Filters,
) -> Result<StatusCode, RestError> {
    let below = match filters.flag("remove_sub_permissions")? {
        Some(false) => Below::Kept,
        _ => Below::Taken,
    };
    roles::revoke(app, actor, on, from, below).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The routes of one kind of object.
macro_rules! holders {
    ($module:ident, $tag:literal, $on:expr,
     $users:literal $list_users:ident $assign_user:ident, $user:literal $remove_user:ident,
     $groups:literal $list_groups:ident $assign_group:ident, $group:literal $remove_group:ident) => {
        mod $module {
            use super::*;

            pub(super) fn routes() -> Routes {
                Routes::default()
                    .documented(Act::See, routes!($list_users))
                    .documented(Act::Manage, routes!($assign_user))
                    .documented(Act::Manage, routes!($remove_user))
                    .documented(Act::See, routes!($list_groups))
                    .documented(Act::Manage, routes!($assign_group))
                    .documented(Act::Manage, routes!($remove_group))
            }

            /// Users with a role of their own, by user name.
            #[utoipa::path(
                get, path = $users, tag = $tag,
                params(
                    PageQuery, ("id" = i32, Path),
                    ("role" = Option<RoleWord>, Query, description = "only this role"),
                ),
                responses((status = 200, body = PageOf<UserWithRole>)),
            )]
            async fn $list_users(
                State(server): State<Server>,
                Caller(actor): Caller,
                Id(id): Id,
                filters: Filters,
                page: Page,
            ) -> Result<Json<PageOf<UserWithRole>>, RestError> {
                let (on, role) = ($on(id), wanted(&filters)?);
                let listed = roles::users(&server.app, &actor, on, role, page.slice()).await?;
                Ok(Json(page.answer(listed, UserWithRole::from)?))
            }

            /// Gives a user a role, in the place of the one that they have.
            #[utoipa::path(
                post, path = $users, tag = $tag,
                params(("id" = i32, Path)), request_body = RoleAssign,
                responses((status = 201, body = UserRole)),
            )]
            async fn $assign_user(
                State(server): State<Server>,
                Caller(actor): Caller,
                Id(id): Id,
                Body(body): Body<RoleAssign>,
            ) -> Result<(StatusCode, Json<UserRole>), RestError> {
                let to = Grantee::User(UserId(body.id));
                let role = body.role.into();
                let assigned = roles::assign(&server.app, &actor, $on(id), to, role).await?;
                Ok((StatusCode::CREATED, Json(assigned.into())))
            }

            /// Takes the role of a user.
            #[utoipa::path(
                delete, path = $user, tag = $tag,
                params(
                    ("id" = i32, Path), ("user" = i32, Path),
                    ("remove_sub_permissions" = Option<bool>, Query,
                     description = "of a service: also on its projects, which go to its owner; true unless told otherwise"),
                ),
                responses((status = 204)),
            )]
            async fn $remove_user(
                State(server): State<Server>,
                Caller(actor): Caller,
                Ids(id, user): Ids,
                filters: Filters,
            ) -> Result<StatusCode, RestError> {
                let from = Grantee::User(UserId(user));
                take(&server.app, &actor, $on(id), from, &filters).await
            }

            /// Groups with a role, by name.
            #[utoipa::path(
                get, path = $groups, tag = $tag,
                params(
                    PageQuery, ("id" = i32, Path),
                    ("role" = Option<RoleWord>, Query, description = "only this role"),
                ),
                responses((status = 200, body = PageOf<GroupWithRole>)),
            )]
            async fn $list_groups(
                State(server): State<Server>,
                Caller(actor): Caller,
                Id(id): Id,
                filters: Filters,
                page: Page,
            ) -> Result<Json<PageOf<GroupWithRole>>, RestError> {
                let (on, role) = ($on(id), wanted(&filters)?);
                let listed = roles::groups(&server.app, &actor, on, role, page.slice()).await?;
                Ok(Json(page.answer(listed, GroupWithRole::from)?))
            }

            /// Gives a group a role, in the place of the one that it has.
            #[utoipa::path(
                post, path = $groups, tag = $tag,
                params(("id" = i32, Path)), request_body = RoleAssign,
                responses((status = 201, body = GroupRole)),
            )]
            async fn $assign_group(
                State(server): State<Server>,
                Caller(actor): Caller,
                Id(id): Id,
                Body(body): Body<RoleAssign>,
            ) -> Result<(StatusCode, Json<GroupRole>), RestError> {
                let to = Grantee::Group(GroupId(body.id));
                let role = body.role.into();
                let assigned = roles::assign(&server.app, &actor, $on(id), to, role).await?;
                Ok((StatusCode::CREATED, Json(assigned.into())))
            }

            /// Takes the role of a group.
            #[utoipa::path(
                delete, path = $group, tag = $tag,
                params(
                    ("id" = i32, Path), ("group" = i32, Path),
                    ("remove_sub_permissions" = Option<bool>, Query,
                     description = "of a service: also on its projects; true unless told otherwise"),
                ),
                responses((status = 204)),
            )]
            async fn $remove_group(
                State(server): State<Server>,
                Caller(actor): Caller,
                Ids(id, group): Ids,
                filters: Filters,
            ) -> Result<StatusCode, RestError> {
                let from = Grantee::Group(GroupId(group));
                take(&server.app, &actor, $on(id), from, &filters).await
            }
        }
    };
}

holders! {
    services, "services", (|id| RoleOn::Service(ServiceId(id))),
    "/rest/v2/services/{id}/users" list_service_users assign_service_user,
    "/rest/v2/services/{id}/users/{user}" remove_service_user,
    "/rest/v2/services/{id}/groups" list_service_groups assign_service_group,
    "/rest/v2/services/{id}/groups/{group}" remove_service_group
}

holders! {
    projects, "projects", (|id| RoleOn::Project(ProjectId(id))),
    "/rest/v2/projects/{id}/users" list_project_users assign_project_user,
    "/rest/v2/projects/{id}/users/{user}" remove_project_user,
    "/rest/v2/projects/{id}/groups" list_project_groups assign_project_group,
    "/rest/v2/projects/{id}/groups/{group}" remove_project_group
}
