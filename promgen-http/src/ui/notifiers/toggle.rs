//! Switching a notifier on or off.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use promgen_core::app::senders;
use promgen_core::model::SenderId;
use serde_json::json;

use super::whose;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted};
use crate::ui::wants::Wants;

/// `POST /notifier/{id}/toggle`: to the page that it came from; to whoever takes no page, where that is
/// (spec 04 §8).
///
/// The page says what it wants (`enabled`, `on` or `off`), so that a second click does not undo the
/// first; without a word it is the other one.
pub(super) async fn toggle(
    State(server): State<Server>,
    Id(id): Id,
    wants: Wants,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), SenderId(id));
    let wanted = match form.given("enabled") {
        Some(given) => given == "on",
        None => !senders::show(app, actor, id).await?.sender.enabled,
    };
    let after = senders::enable(app, actor, id, Some(wanted)).await?;
    let to = whose::after(&form, after.owner);
    if !wants.page {
        return Ok(Json(json!({ "redirect": to })).into_response());
    }
    let text = if after.enabled {
        viewer.t().say("notifiers-switched-on")
    } else {
        viewer.t().say("notifiers-switched-off")
    };
    Ok(viewer.back_to(to, Notice::success(text)))
}
