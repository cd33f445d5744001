//! The routes.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::get;
use promgen_core::app::App;
use tokio_util::task::TaskTracker;

use super::{error, feed, headers, home, intake};

/// What every handler gets.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) app: App,
    /// Work that outlives its request and that the server waits for when it stops.
    pub(super) tasks: TaskTracker,
    pub(super) body_timeout: Duration,
}

pub(super) fn router(state: State, extra: Option<Router>) -> Router {
    let routes = Router::new()
        .route("/", get(home::page))
        .route("/healthz", get(home::alive))
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
        .route("/api/v1/alerts", axum::routing::post(intake::alerts))
        .with_state(state);
    let routes = match extra {
        Some(extra) => routes.merge(extra),
        None => routes,
    };
    routes
        .fallback(error::no_such_path)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::map_response(headers::secure))
}
