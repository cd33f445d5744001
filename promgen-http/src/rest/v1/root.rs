//! `/rest/`: which collections there are

use axum::Json;
use http::request::Parts;
use serde::Serialize;

use crate::rest::Caller;
use crate::rest::page::origin;

/// Links to the collections.
#[derive(Debug, Serialize)]
pub(super) struct Collections {
    service: String,
    shard: String,
    project: String,
    farm: String,
}

/// The collections below the path that is asked.
pub(super) async fn root(_: Caller, parts: Parts) -> Json<Collections> {
    let here = format!("{}{}", origin(&parts), parts.uri.path());
    let link = |kind: &str| format!("{here}{kind}/");
    Json(Collections {
        service: link("service"),
        shard: link("shard"),
        project: link("project"),
        farm: link("farm"),
    })
}
