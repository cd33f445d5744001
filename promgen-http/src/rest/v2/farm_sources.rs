//! `/rest/v2/farms/sources` and `/rest/v2/farms/remotes/{source}`: where farms come from

use axum::Json;
use axum::extract::{Path, State};
use promgen_core::app::farms::{self, FarmSource};
use promgen_core::app::policy::Act;
use promgen_core::app::{Actor, AppError, Listed};
use promgen_core::model::{LOCAL_SOURCE, Name};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::Server;
use crate::rest::page::PageQuery;
use crate::rest::{Caller, Filters, Page, PageOf, RestError};
use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .documented(Act::SeeSite, routes!(sources))
        .documented(Act::SeeSite, routes!(remotes))
}

/// A source of farms.
#[derive(Debug, Serialize, ToSchema)]
struct FarmSourceView {
    /// Its key.
    name: String,
    /// Whether hosts come from elsewhere.
    remote: bool,
}

impl From<FarmSource> for FarmSourceView {
    fn from(source: FarmSource) -> Self {
        Self {
            name: source.name,
            remote: source.remote,
        }
    }
}

/// A farm that a source offers.
#[derive(Debug, Serialize, ToSchema)]
struct RemoteFarmView {
    name: String,
}

impl From<Name> for RemoteFarmView {
    fn from(name: Name) -> Self {
        Self { name: name.into() }
    }
}

/// The sources that this program has, by name.
#[utoipa::path(
    get, path = "/rest/v2/farms/sources", tag = "farms",
    params(
        PageQuery,
        ("name" = Option<String>, Query, description = "part of the name, in any case"),
        ("remote" = Option<bool>, Query, description = "only remote ones, or only the local one"),
    ),
    responses((status = 200, body = PageOf<FarmSourceView>)),
)]
async fn sources(
    State(server): State<Server>,
    Caller(actor): Caller,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<FarmSourceView>>, RestError> {
    let remote = filters.flag("remote")?;
    let part = filters.text("name").unwrap_or_default().to_lowercase();
    let mut sources = farms::sources(&server.app, &actor)?;
    sources.retain(|source| {
        remote.is_none_or(|remote| source.remote == remote)
            && source.name.to_lowercase().contains(&part)
    });
    let listed = Listed::cut(sources, page.slice());
    Ok(Json(page.answer(listed, FarmSourceView::from)?))
}

/// The farms that a remote source offers, by name, in any case.
#[utoipa::path(
    get, path = "/rest/v2/farms/remotes/{source}", tag = "farms",
    params(
        PageQuery,
        ("source" = String, Path, description = "key of the source"),
        ("name" = Option<String>, Query, description = "part of the name"),
    ),
    responses((status = 200, body = PageOf<RemoteFarmView>)),
)]
async fn remotes(
    State(server): State<Server>,
    Caller(actor): Caller,
    Path(source): Path<String>,
    filters: Filters,
    page: Page,
) -> Result<Json<PageOf<RemoteFarmView>>, RestError> {
    if source == LOCAL_SOURCE {
        let remedy = "GET /rest/v2/farms lists local farms";
        return Err(AppError::invalid("", "only remote sources offer farms", remedy).into());
    }
    let mut offers = farms::offered(&server.app, &actor, &source).await?.farms;
    if let Some(part) = filters.text("name") {
        offers.retain(|name| name.contains(part));
    }
    offers.sort_by_cached_key(|name| (name.to_lowercase(), name.clone()));
    let listed = Listed::cut(offers, page.slice());
    Ok(Json(page.answer(listed, RemoteFarmView::from)?))
}

/// The keys of all sources.
pub(in crate::rest) fn names_of(server: &Server, actor: &Actor) -> Result<Vec<String>, RestError> {
    let sources = farms::sources(&server.app, actor)?;
    Ok(sources.into_iter().map(|source| source.name).collect())
}
