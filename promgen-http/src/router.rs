//! All routes in one place.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use http::Method;
use promgen_core::app::policy::Act;

use crate::error::HttpError;
use crate::routes::{RouteRow, Routes};
use crate::{Server, api, feed, middleware, proxy, rest, ui};

/// The routes with everything that stands in front of them.
///
/// Paths are those of the original: no slash at the end is put in or taken out. `extra` holds
/// further routes, which get the same limits, headers and answers to unknown paths.
pub fn router(server: Server, extra: Option<Router>) -> Router {
    let (routes, _, _) = all().finish();
    let routes = routes
        .with_state(server.clone())
        .merge(extra.unwrap_or_default());
    routes
        .fallback(async || HttpError::NoRoute)
        .method_not_allowed_fallback(async || HttpError::Method)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(server.clone(), middleware::deadline))
        .layer(from_fn(middleware::nul))
        .layer(from_fn_with_state(server.clone(), ui::errors))
        .layer(from_fn(middleware::log))
        .layer(from_fn(middleware::headers))
        .layer(from_fn_with_state(server, middleware::metrics))
}

/// Every route with the act of its use case, for whoever holds them against the policy.
pub fn route_rows() -> Vec<RouteRow> {
    all().finish().2
}

fn all() -> Routes {
    rest::routes()
        .on(Act::Ping, &Method::GET, "/healthz", ui::health)
        .on(Act::Ping, &Method::GET, "/readyz", ui::ready)
        .on(Act::ReadMetrics, &Method::GET, "/metrics", api::metrics)
        .on(
            Act::PostAlerts,
            &Method::POST,
            "/api/v1/alerts",
            api::alerts,
        )
        .on(
            Act::List,
            &Method::GET,
            "/api/v1/host/{hostname}",
            api::host,
        )
        .on(
            Act::ChangeSite,
            &Method::POST,
            "/api/v1/targets",
            api::targets,
        )
        .on(
            Act::ChangeSite,
            &Method::POST,
            "/api/v1/config",
            api::targets,
        )
        .on(Act::ChangeSite, &Method::POST, "/api/v1/urls", api::urls)
        .merge(feed::routes())
        .merge(proxy::routes())
        .merge(ui::routes())
}
