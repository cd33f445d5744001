//! `/rest/v2/sites/info`. The rules of the site are in [`rules`](super::rules).

use axum::Json;
use axum::extract::State;
use promgen_core::app::policy::Act;
use promgen_core::app::site;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::rest::{Caller, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default().documented(Act::SeeSite, routes!(info))
}

/// The installation.
#[derive(Debug, Serialize, ToSchema)]
struct SiteInfo {
    /// Always 1.
    id: i32,
    /// Host, and port where there is one, of every link.
    domain: String,
    name: String,
}

/// What the installation is called, and where it is.
#[utoipa::path(
    get, path = "/rest/v2/sites/info", tag = "sites",
    responses((status = 200, body = SiteInfo)),
)]
async fn info(
    State(server): State<Server>,
    Caller(actor): Caller,
) -> Result<Json<SiteInfo>, RestError> {
    let site = site::find(&server.app, &actor).await?;
    Ok(Json(SiteInfo {
        id: 1,
        domain: site.domain,
        name: site.name,
    }))
}
