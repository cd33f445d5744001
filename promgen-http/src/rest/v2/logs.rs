//! `/rest/v2/logs`: who changed what.

use axum::Json;
use axum::extract::State;
use promgen_core::app::audit::{self, AuditFilter, AuditView};
use promgen_core::app::policy::Act;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::rest::page::PageQuery;
use crate::rest::{Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

/// Kinds of objects whose entries can be asked for.
const KINDS: [&str; 18] = [
    "delivery", "exporter", "farm", "group", "host", "preset", "probe", "project", "role", "rule",
    "sender", "server", "service", "shard", "site", "token", "url", "user",
];

/// Kinds of objects that have others below them.
const PARENTS: [&str; 7] = [
    "farm", "group", "project", "service", "shard", "site", "user",
];

pub(super) fn routes() -> Routes {
    Routes::default().documented(Act::List, routes!(list))
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
struct LogEntry {
    id: i64,
    /// Login name of whoever did it; null for the command line, for Promgen itself, and for users
    /// who are gone.
    #[schema(required)]
    user: Option<String>,
    /// Who it was in full, such as `user:maria`, `cli:root` or `system`.
    actor: String,
    content_type: String,
    object_id: i64,
    /// What happened, such as `Updated Rule HostDown`.
    log: String,
    /// When, as RFC 3339 in UTC.
    created: String,
    /// The object afterwards as JSON; empty when it was deleted. Secrets are masked.
    new: String,
    /// The object before as JSON; empty when it was made. Secrets are masked.
    old: String,
    /// Kind of the object above it.
    #[schema(required)]
    parent_content_type: Option<String>,
    /// Id of the object above it; 0 without one.
    parent_object_id: i64,
}

impl From<AuditView> for LogEntry {
    fn from(AuditView { entry, username }: AuditView) -> Self {
        let (parent_content_type, parent_object_id) = entry.parent.unzip();
        Self {
            id: entry.id.0,
            user: username,
            actor: entry.actor,
            content_type: entry.kind,
            object_id: entry.object,
            log: entry.body,
            created: entry.created.rfc3339(),
            new: entry.after,
            old: entry.before,
            parent_content_type,
            parent_object_id: parent_object_id.unwrap_or_default(),
        }
    }
}

/// Entries about what one may see, newest first.
#[utoipa::path(
    get, path = "/rest/v2/logs", tag = "logs",
    params(
        PageQuery,
        ("content_type" = Option<String>, Query, description = "kind of the object, such as rule or service"),
        ("object_id" = Option<i64>, Query, description = "id of the object"),
        ("parent_content_type" = Option<String>, Query, description = "kind of the object above it"),
        ("parent_object_id" = Option<i64>, Query, description = "id of the object above it"),
        ("user" = Option<String>, Query, description = "login name of who did it"),
    ),
    responses((status = 200, body = PageOf<LogEntry>)),
)]
async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<LogEntry>>, RestError> {
    let filter = AuditFilter {
        kind: filters.choice("content_type", &KINDS)?,
        object: filters.number("object_id")?,
        parent_kind: filters.choice("parent_content_type", &PARENTS)?,
        parent_object: filters.number("parent_object_id")?,
        user: filters.text("user"),
        ..AuditFilter::default()
    };
    let listed = audit::list(&server.app, &actor, &filter, page.slice()).await?;
    Ok(Json(page.answer(listed, LogEntry::from)?))
}
