//! Changing a notifier: its filters, and its alias.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::AppError;
use promgen_core::app::senders;
use promgen_core::model::{FilterId, SenderId};

use super::view;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted};
use crate::ui::next;

/// `POST /notifier/{id}`: `filter.name` and `filter.value` add a filter, `filter.pk` removes one, `alias`
/// gives it another name.
pub(super) async fn change(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, sender) = (&server.app, viewer.actor(), SenderId(id));
    let t = viewer.t();
    let (changed, text) = if let Some(filter) = form.given("filter.pk") {
        let filter = filter.parse().map(FilterId);
        let filter = filter.map_err(|_| AppError::not_found("filter", form.text("filter.pk")))?;
        let removed = senders::remove_filter(app, actor, sender, filter).await;
        (removed, t.say("notifiers-filter-removed"))
    } else if let Some(alias) = form.given("alias") {
        let named = senders::set_alias(app, actor, sender, alias.trim()).await;
        (named, t.say("notifiers-alias-saved"))
    } else {
        let (name, value) = (
            form.text("filter.name").trim(),
            form.text("filter.value").trim(),
        );
        let added = senders::add_filter(app, actor, sender, name, value).await;
        (added, t.say("notifiers-filter-added"))
    };
    match changed {
        Ok(_) => {
            let to = next::or(form.given("next"), format!("/notifier/{id}"));
            Ok(viewer.back_to(to, Notice::success(text)))
        }
        Err(error) => view::page(&server, &viewer, sender, &form, &error.problems()?).await,
    }
}
