//! The numbers beside "Alerts" and "Silences".

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::CACHE_CONTROL;
use promgen_core::app::silences::{self, About};
use serde::Serialize;

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::Viewer;

/// How many there are; nothing where no Alertmanager could be asked.
#[derive(Serialize)]
struct Badges {
    alerts: Option<usize>,
    silences: Option<usize>,
}

/// `GET /badges`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    let found = silences::around(&server.app, viewer.actor(), &About::Mine).await?;
    let known = found.configured && (found.trouble.is_empty() || !found.alerts.is_empty());
    let loud = found.alerts.iter().filter(|alert| alert.loud).count();
    let badges = Badges {
        alerts: known.then_some(loud),
        silences: known.then_some(found.silences.len()),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(badges)).into_response())
}
