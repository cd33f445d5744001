//! Switching a rule on and off.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use promgen_core::app::AppError;
use promgen_core::app::rules::{self, RuleChange};
use promgen_core::model::RuleId;
use serde_json::json;

use super::crumbs;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::next;
use crate::ui::parts::{ConfirmPage, Field, Sheet};
use crate::ui::wants::Wants;

/// `GET /rule/{id}/toggle`: asks before it is switched off.
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let row = rules::one(&server.app, viewer.actor(), RuleId(id)).await?;
    if !row.may_edit {
        let need = "the role editor".to_owned();
        return Err(AppError::Forbidden { need }.into());
    }
    let (t, name) = (viewer.t(), &row.rule.name);
    let here = format!("/rule/{id}");
    let mut way = crumbs(t, &row.owner);
    way.push(Crumb::new(name.to_string(), &here));
    way.push(Crumb::here(t.say("rules-switch-off")));
    let back = next::or(sheet.filter("next"), here.as_str());
    let mut confirm = ConfirmPage::new(
        viewer.frame(t.name("rules-switch-off-title", name), way),
        format!("{here}/toggle"),
        &back,
        t.say("rules-switch-off"),
        t.name("rules-switch-off-text", name),
    );
    confirm.form.fields.push(Field::hidden("enabled", "off"));
    confirm.form.fields.push(Field::hidden("next", back));
    let gap = row.rule.parent.map(|_| t.say("rules-switch-off-override"));
    viewer.show(&confirm.goes(gap.map(Into::into)))
}

/// `POST /rule/{id}/toggle`: switches to what the field `enabled` says (`on` or `off`), without it to
/// the other state, and leads back to `next` or the rule. Programs get where to go, as from the
/// original.
pub(super) async fn toggle(
    State(server): State<Server>,
    Id(id): Id,
    wants: Wants,
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
    let back = next::or(form.given("next"), format!("/rule/{id}"));
    if !wants.page {
        return Ok(Json(json!({ "redirect": back })).into_response());
    }
    let text = if enabled {
        "rules-switched-on"
    } else {
        "rules-switched-off"
    };
    let text = viewer.t().name(text, &saved.rule.name);
    let mut notices = vec![Notice::success(text)];
    // A switched off override means that nobody alerts there.
    let said = saved.warnings.iter().filter(|one| one.field == "enabled");
    notices.extend(said.map(|one| Notice::warning(viewer.t().advice(one))));
    Ok(viewer.back_with(back, &notices))
}
