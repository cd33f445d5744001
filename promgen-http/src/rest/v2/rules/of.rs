//! Rules below services, projects and the site.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::{Actor, AppError, rules};
use promgen_core::model::{ProjectId, RuleId, RuleOwner, ServiceId};
use utoipa_axum::routes;

use super::answer::{RuleSimple, RuleWhole};
use super::body::{OverriddenRule, WrittenRule};
use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::See, routes!(of_service))
        .documented(Act::Edit, routes!(add_to_service))
        .documented(Act::Edit, routes!(override_for_service))
        .documented(Act::See, routes!(of_project))
        .documented(Act::Edit, routes!(add_to_project))
        .documented(Act::Edit, routes!(override_for_project))
        .documented(Act::SeeSite, routes!(of_site))
        .documented(Act::ChangeSite, routes!(add_to_site))
}

type Listed = Result<Json<PageOf<RuleSimple>>, RestError>;
type Made = Result<(StatusCode, Json<RuleWhole>), RestError>;

async fn list(server: &Server, actor: &Actor, owner: RuleOwner, page: &Page) -> Listed {
    let listed = rules::list_of(&server.app, actor, owner, page.slice()).await?;
    Ok(Json(page.answer(listed, RuleSimple::from)?))
}

async fn create(server: &Server, actor: &Actor, owner: RuleOwner, written: WrittenRule) -> Made {
    let rule = rules::create(&server.app, actor, owner, &written.whole()?).await?;
    Ok((StatusCode::CREATED, Json(rule.into())))
}

async fn derive(server: &Server, actor: &Actor, owner: RuleOwner, body: OverriddenRule) -> Made {
    let original = RuleId(body.original_rule_id);
    let fields = body.overrides.unwrap_or_default().into();
    let rule = rules::override_rule(&server.app, actor, original, owner, &fields).await?;
    Ok((StatusCode::CREATED, Json(rule.into())))
}

/// There is one site.
fn site(id: i32) -> Result<RuleOwner, RestError> {
    if id == RuleOwner::Site.id() {
        Ok(RuleOwner::Site)
    } else {
        Err(AppError::not_found("site", &id).into())
    }
}

/// The rules of a service, by name.
#[utoipa::path(
    get, path = "/rest/v2/services/{id}/rules", tag = "rules",
    params(("id" = i32, Path), PageQuery),
    responses((status = 200, body = PageOf<RuleSimple>)),
)]
async fn of_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    page: Page,
) -> Listed {
    list(&server, &actor, RuleOwner::Service(ServiceId(id)), &page).await
}

/// Makes a rule of a service.
#[utoipa::path(
    post, path = "/rest/v2/services/{id}/rules", tag = "rules",
    params(("id" = i32, Path)),
    request_body = WrittenRule,
    responses((status = 201, body = RuleWhole)),
)]
async fn add_to_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(written): Body<WrittenRule>,
) -> Made {
    create(&server, &actor, RuleOwner::Service(ServiceId(id)), written).await
}

/// Overrides a rule of the site for a service. Where there is such an override, it stays as it is.
#[utoipa::path(
    post, path = "/rest/v2/services/{id}/rules/override", tag = "rules",
    params(("id" = i32, Path)),
    request_body = OverriddenRule,
    responses((status = 201, body = RuleWhole)),
)]
async fn override_for_service(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<OverriddenRule>,
) -> Made {
    derive(&server, &actor, RuleOwner::Service(ServiceId(id)), body).await
}

/// The rules of a project, by name.
#[utoipa::path(
    get, path = "/rest/v2/projects/{id}/rules", tag = "rules",
    params(("id" = i32, Path), PageQuery),
    responses((status = 200, body = PageOf<RuleSimple>)),
)]
async fn of_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    page: Page,
) -> Listed {
    list(&server, &actor, RuleOwner::Project(ProjectId(id)), &page).await
}

/// Makes a rule of a project.
#[utoipa::path(
    post, path = "/rest/v2/projects/{id}/rules", tag = "rules",
    params(("id" = i32, Path)),
    request_body = WrittenRule,
    responses((status = 201, body = RuleWhole)),
)]
async fn add_to_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(written): Body<WrittenRule>,
) -> Made {
    create(&server, &actor, RuleOwner::Project(ProjectId(id)), written).await
}

/// Overrides a rule of the site or of its service for a project. Where there is such an override, it stays as it is.
#[utoipa::path(
    post, path = "/rest/v2/projects/{id}/rules/override", tag = "rules",
    params(("id" = i32, Path)),
    request_body = OverriddenRule,
    responses((status = 201, body = RuleWhole)),
)]
async fn override_for_project(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<OverriddenRule>,
) -> Made {
    derive(&server, &actor, RuleOwner::Project(ProjectId(id)), body).await
}

/// The rules of the site, by name.
#[utoipa::path(
    get, path = "/rest/v2/sites/{id}/rules", tag = "rules",
    params(("id" = i32, Path), PageQuery),
    responses((status = 200, body = PageOf<RuleSimple>)),
)]
async fn of_site(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    page: Page,
) -> Listed {
    list(&server, &actor, site(id)?, &page).await
}

/// Makes a rule of the site; superusers only.
#[utoipa::path(
    post, path = "/rest/v2/sites/{id}/rules", tag = "rules",
    params(("id" = i32, Path)),
    request_body = WrittenRule,
    responses((status = 201, body = RuleWhole)),
)]
async fn add_to_site(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(written): Body<WrittenRule>,
) -> Made {
    create(&server, &actor, site(id)?, written).await
}
