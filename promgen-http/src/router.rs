//! All routes in one place.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::error::HttpError;
use crate::{Server, api, feed, middleware, ui};

/// The routes with everything that stands in front of them.
///
/// Paths are those of the original: no slash at the end, and none is put in or taken out. `extra`
/// holds further routes, which get the same limits, headers and answers to unknown paths.
pub fn router(server: Server, extra: Option<Router>) -> Router {
    let routes = Router::new()
        .route("/", get(ui::home))
        .route("/healthz", get(ui::health))
        .route("/api/v1/targets", get(feed::targets))
        .route("/api/v1/config", get(feed::targets))
        .route("/api/v1/rules", get(feed::rules))
        .route("/api/v1/urls", get(feed::urls))
        .route("/service/{id}/targets", get(feed::service_targets))
        .route("/service/{id}/rules", get(feed::service_rules))
        .route("/service/{id}/urls", get(feed::service_urls))
        .route("/project/{id}/targets", get(feed::project_targets))
        .route("/project/{id}/rules", get(feed::project_rules))
        .route("/project/{id}/urls", get(feed::project_urls))
        .route("/api/v1/alerts", post(api::alerts))
        .with_state(server.clone())
        .merge(extra.unwrap_or_default());
    routes
        .fallback(async || HttpError::NoRoute)
        .method_not_allowed_fallback(async || HttpError::Method)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(server, middleware::deadline))
        .layer(from_fn(middleware::log))
        .layer(from_fn(middleware::headers))
}
