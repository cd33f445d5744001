//! Deleting a rule, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{losses, rules};
use promgen_core::model::RuleId;

use super::{crumbs, rules_of};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::losses::told;
use crate::ui::parts::ConfirmPage;

/// `GET /rule/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    let losses = losses::of_rule(app, actor, RuleId(id)).await?;
    let row = rules::one(app, actor, RuleId(id)).await?;
    let name = &row.rule.name;
    let here = format!("/rule/{id}");
    let mut way = crumbs(t, &row.owner);
    way.push(Crumb::new(name.to_string(), &here));
    way.push(Crumb::here(t.say("rules-delete")));
    let confirm = ConfirmPage::new(
        viewer.frame(t.name("rules-delete-title", name), way),
        format!("{here}/delete"),
        here,
        t.say("rules-delete"),
        t.name("rules-delete-text", name),
    );
    viewer.show(&confirm.things(told(losses, app.registry(), t)))
}

/// `POST /rule/{id}/delete`
pub(super) async fn delete(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    let rule = rules::find(&server.app, viewer.actor(), RuleId(id))
        .await?
        .rule;
    rules::delete(&server.app, viewer.actor(), RuleId(id)).await?;
    let text = viewer.t().name("rules-deleted", &rule.name);
    Ok(viewer.back_to(rules_of(rule.owner), Notice::success(text)))
}
