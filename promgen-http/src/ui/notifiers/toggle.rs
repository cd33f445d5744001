//! Switching a notifier on or off.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use promgen_core::app::AppError;
use promgen_core::app::senders;
use promgen_core::model::SenderId;
use serde_json::json;

use super::whose;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::next;
use crate::ui::parts::{ConfirmPage, Field, Sheet};
use crate::ui::wants::Wants;

/// `GET /notifier/{id}/toggle`: asks before it is switched off.
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let page = senders::show(&server.app, viewer.actor(), SenderId(id)).await?;
    if !page.may_edit {
        let need = "the role editor".to_owned();
        return Err(AppError::Forbidden { need }.into());
    }
    let (t, sender) = (viewer.t(), page.sender);
    let words = whose::words(server.app.registry(), &sender, t);
    let mut crumbs = whose::crumb(sender.owner, &sender.owner_name, t);
    crumbs.push(Crumb::here(t.say("notifiers-switch-off")));
    let back = next::or(sheet.filter("next"), whose::page_of(sender.owner));
    let mut confirm = ConfirmPage::new(
        viewer.frame(t.name("notifiers-switch-off-title", &words), crumbs),
        format!("/notifier/{id}/toggle"),
        &back,
        t.say("notifiers-switch-off"),
        t.name("notifiers-switch-off-text", &sender.owner_name),
    );
    confirm.form.fields.push(Field::hidden("enabled", "off"));
    confirm.form.fields.push(Field::hidden("next", back));
    viewer.show(&confirm)
}

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
