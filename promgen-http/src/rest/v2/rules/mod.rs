//! `/rest/v2/rules`, and the rules below services, projects and the site.

mod answer;
mod body;
mod check;
mod of;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::policy::Act;
use promgen_core::app::rules::{self, RuleFilter};
use promgen_core::model::RuleId;
use utoipa_axum::routes;

use self::answer::{RuleSimple, RuleWhole};
use self::body::{PatchedRule, WrittenRule};
use crate::Server;
use crate::extract::Id;
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

/// What a rule can belong to.
const OWNERS: [&str; 3] = ["project", "service", "site"];

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::List, routes!(list))
        .documented(Act::See, routes!(find))
        .documented(Act::Edit, routes!(replace))
        .documented(Act::Edit, routes!(update))
        .documented(Act::Edit, routes!(delete))
        .merge(check::routes())
        .merge(of::routes())
}

/// Rules that one may see: those of the site, of services, of projects, each by owner and name.
#[utoipa::path(
    get, path = "/rest/v2/rules", tag = "rules",
    params(
        PageQuery,
        ("name" = Option<String>, Query, description = "part of the name"),
        ("parent_rule_id" = Option<i32>, Query, description = "the rule that they override"),
        ("enabled" = Option<bool>, Query),
        ("content_type" = Option<String>, Query, description = "site, service or project"),
        ("object_id" = Option<i32>, Query, description = "id of what they belong to"),
    ),
    responses((status = 200, body = PageOf<RuleSimple>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<RuleSimple>>, RestError> {
    let filter = RuleFilter {
        name: filters.text("name"),
        parent: filters.number("parent_rule_id")?.map(RuleId),
        enabled: filters.flag("enabled")?,
        owner_kind: filters.choice("content_type", &OWNERS)?,
        owner_id: filters.number("object_id")?,
    };
    let listed = rules::list(&server.app, &actor, &filter, page.slice()).await?;
    Ok(Json(page.answer(listed, RuleSimple::from)?))
}

/// One rule. Its clause is as it was written, macro included.
#[utoipa::path(
    get, path = "/rest/v2/rules/{id}", tag = "rules",
    params(("id" = i32, Path)),
    responses((status = 200, body = RuleWhole)),
)]
async fn find(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<Json<RuleWhole>, RestError> {
    let rule = rules::find(&server.app, &actor, RuleId(id)).await?;
    Ok(Json(rule.into()))
}

/// Replaces what can be written of a rule. `kind` and `keep_firing_for`, which the original does not
/// have, stay as they are when they are left out.
#[utoipa::path(
    put, path = "/rest/v2/rules/{id}", tag = "rules",
    params(("id" = i32, Path)),
    request_body = WrittenRule,
    responses((status = 200, body = RuleWhole)),
)]
async fn replace(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(written): Body<WrittenRule>,
) -> Result<Json<RuleWhole>, RestError> {
    let change = written.whole()?;
    let rule = rules::update(&server.app, &actor, RuleId(id), &change).await?;
    Ok(Json(rule.into()))
}

/// Changes some of a rule.
#[utoipa::path(
    patch, path = "/rest/v2/rules/{id}", tag = "rules",
    params(("id" = i32, Path)),
    request_body = PatchedRule,
    responses((status = 200, body = RuleWhole)),
)]
async fn update(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(wanted): Body<PatchedRule>,
) -> Result<Json<RuleWhole>, RestError> {
    let rule = rules::update(&server.app, &actor, RuleId(id), &wanted.into()).await?;
    Ok(Json(rule.into()))
}

/// Deletes a rule. Those that override it keep existing, without a parent.
#[utoipa::path(
    delete, path = "/rest/v2/rules/{id}", tag = "rules",
    params(("id" = i32, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<StatusCode, RestError> {
    rules::delete(&server.app, &actor, RuleId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
