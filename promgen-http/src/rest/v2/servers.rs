//! `/rest/v2/servers`: how the Prometheus servers stand.

use axum::Json;
use axum::extract::State;
use promgen_core::app::policy::Act;
use promgen_core::app::servers::{self, ServerReport, ServerStatus};
use promgen_core::model::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::rest::page::PageQuery;
use crate::rest::{Caller, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default().documented(Act::SeeSite, routes!(list))
}

/// A Prometheus server and how it stands.
#[derive(Debug, Serialize, ToSchema)]
struct ServerStanding {
    id: i32,
    /// Name of its shard.
    shard: String,
    host: String,
    port: u16,
    /// `in-sync`, `behind`, `failing` or `never-seen`.
    status: String,
    /// The revision that it should have.
    current_revision: i64,
    /// The one that it was last brought to.
    #[schema(required)]
    applied_revision: Option<i64>,
    #[schema(required)]
    applied_at: Option<String>,
    /// Last look of a worker, or pull.
    #[schema(required)]
    seen_at: Option<String>,
    /// Last pull over HTTP.
    #[schema(required)]
    pulled_at: Option<String>,
    /// Why the last try failed.
    #[schema(required)]
    error: Option<String>,
    #[schema(required)]
    failed_at: Option<String>,
}

impl From<ServerReport> for ServerStanding {
    fn from(report: ServerReport) -> Self {
        let ServerReport {
            server,
            shard,
            state,
            status,
            current_revision,
        } = report;
        Self {
            id: server.id.0,
            shard: shard.to_string(),
            host: server.host,
            port: server.port,
            status: status_word(status).to_owned(),
            current_revision,
            applied_revision: state.applied_revision,
            applied_at: state.applied_at.map(Timestamp::rfc3339),
            seen_at: state.seen_at.map(Timestamp::rfc3339),
            pulled_at: state.pulled_at.map(Timestamp::rfc3339),
            error: state.error,
            failed_at: state.failed_at.map(Timestamp::rfc3339),
        }
    }
}

fn status_word(status: ServerStatus) -> &'static str {
    match status {
        ServerStatus::InSync => "in-sync",
        ServerStatus::Behind => "behind",
        ServerStatus::Failing => "failing",
        ServerStatus::NeverSeen => "never-seen",
    }
}

/// All Prometheus servers, by shard, host and port.
#[utoipa::path(
    get, path = "/rest/v2/servers", tag = "shards",
    params(PageQuery),
    responses((status = 200, body = PageOf<ServerStanding>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<PageOf<ServerStanding>>, RestError> {
    let all = servers::list(&server.app, &actor).await?;
    let listed = promgen_core::app::Listed::cut(all, page.slice());
    Ok(Json(page.answer(listed, ServerStanding::from)?))
}
