//! Switching a rule on and off.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::rules::{self, RuleChange};
use promgen_core::model::RuleId;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Notice, Posted};
use crate::ui::next;

/// `POST /rule/{id}/toggle`: switches to what the field `enabled` says (`on` or `off`), without it to
/// the other state, and leads back to `next` or the rule.
pub(super) async fn toggle(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), RuleId(id));
    let enabled = match form.given("enabled") {
        Some(wanted) => wanted == "on",
        None => !rules::find(app, actor, id).await?.rule.enabled,
    };
    let change = RuleChange {
        enabled: Some(enabled),
        ..RuleChange::default()
    };
    let saved = rules::update(app, actor, id, &change).await?;
    let text = if enabled {
        "rules-switched-on"
    } else {
        "rules-switched-off"
    };
    let text = viewer.t().name(text, &saved.rule.name);
    let mut notices = vec![Notice::success(text)];
    // A switched off override means that nobody alerts there.
    let said = saved.warnings.iter().filter(|one| one.field == "enabled");
    notices.extend(said.map(|one| Notice::warning(format!("{}; {}", one.message, one.remedy))));
    let next = next::or(form.given("next"), format!("/rule/{id}"));
    Ok(viewer.back_with(next, &notices))
}
