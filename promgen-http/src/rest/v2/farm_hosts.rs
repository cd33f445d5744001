//! `/rest/v2/farms/{id}/hosts`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use promgen_core::app::farms;
use promgen_core::app::policy::Act;
use promgen_core::model::{FarmId, Host, HostId, Hostname};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::extract::{Id, Ids};
use crate::rest::page::PageQuery;
use crate::rest::{Body, Caller, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::See, routes!(list))
        .documented(Act::Edit, routes!(add))
        .documented(Act::Edit, routes!(remove))
}

/// A host of a farm.
#[derive(Debug, Serialize, ToSchema)]
struct HostView {
    id: i32,
    name: String,
    /// Id of the farm.
    farm: i32,
}

impl From<Host> for HostView {
    fn from(host: Host) -> Self {
        Self {
            id: host.id.0,
            name: host.name,
            farm: host.farm.0,
        }
    }
}

/// Hosts to add.
#[derive(Debug, Deserialize, ToSchema)]
struct HostList {
    /// Addresses or DNS names, without ports.
    hosts: Vec<String>,
}

/// The hosts of a farm, by name.
#[utoipa::path(
    get, path = "/rest/v2/farms/{id}/hosts", tag = "farms",
    params(PageQuery, ("id" = i32, Path)),
    responses((status = 200, body = PageOf<HostView>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    page: Page,
) -> Result<Json<PageOf<HostView>>, RestError> {
    let listed = farms::hosts(&server.app, &actor, FarmId(id), page.slice()).await?;
    Ok(Json(page.answer(listed, HostView::from)?))
}

/// Adds hosts to a local farm, all of them or none.
#[utoipa::path(
    post, path = "/rest/v2/farms/{id}/hosts", tag = "farms",
    params(("id" = i32, Path)),
    request_body = HostList,
    responses((status = 204)),
)]
async fn add(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id,
    Body(body): Body<HostList>,
) -> Result<StatusCode, RestError> {
    let added = farms::add_hosts(&server.app, &actor, FarmId(id), &body.hosts).await;
    added.map_err(|error| refused(error.into(), &body.hosts))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The refusal with the hosts that cannot be, where there are any, in the original's place.
fn refused(error: RestError, hosts: &[String]) -> RestError {
    let wrong = hosts.iter().filter(|host| Hostname::parse(host).is_err());
    let wrong: Vec<&String> = wrong.collect();
    if wrong.is_empty() {
        return error;
    }
    error
        .with("detail", json!("Invalid hostnames."))
        .with("extras", json!({ "invalid_hosts": wrong }))
}

/// Takes a host from a local farm.
#[utoipa::path(
    delete, path = "/rest/v2/farms/{id}/hosts/{host_id}", tag = "farms",
    params(("id" = i32, Path), ("host_id" = i32, Path)),
    responses((status = 204)),
)]
async fn remove(
    State(server): State<Server>,
    Caller(actor): Caller,
    Ids(farm, host): Ids,
) -> Result<StatusCode, RestError> {
    farms::remove_host(&server.app, &actor, FarmId(farm), HostId(host)).await?;
    Ok(StatusCode::NO_CONTENT)
}
