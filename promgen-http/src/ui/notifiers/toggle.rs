//! Switching a notifier on or off.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use http::header::ACCEPT;
use promgen_core::app::senders;
use promgen_core::model::SenderId;
use serde_json::json;

use super::whose;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted};

/// `POST /notifier/{id}/toggle`: to the page that it came from; to whoever takes no page, where that is
/// (spec 04 §8).
pub(super) async fn toggle(
    State(server): State<Server>,
    Id(id): Id,
    headers: HeaderMap,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), SenderId(id));
    let before = senders::show(app, actor, id).await?.sender;
    let after = senders::enable(app, actor, id, Some(!before.enabled)).await?;
    let to = whose::after(&form, after.owner);
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if !accepted.is_some_and(|accepted| accepted.contains("text/html")) {
        return Ok(Json(json!({ "redirect": to })).into_response());
    }
    let text = if after.enabled {
        viewer.t().say("notifiers-switched-on")
    } else {
        viewer.t().say("notifiers-switched-off")
    };
    Ok(viewer.back_to(to, Notice::success(text)))
}
