//! Deleting a rule, after asking.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, Slice, rules};
use promgen_core::model::RuleId;

use super::{crumbs, rules_of};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::ConfirmPage;

/// Overrides that are named; of more there is the number.
const NAMED: Slice = Slice {
    offset: 0,
    limit: 20,
};

/// `GET /rule/{id}/delete`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let page = rules::page(&server.app, viewer.actor(), RuleId(id), NAMED).await?;
    if !page.row.may_edit {
        let need = "the role editor".to_owned();
        return Err(AppError::Forbidden { need }.into());
    }
    let t = viewer.t();
    let name = &page.row.rule.name;
    let here = format!("/rule/{id}");
    let mut way = crumbs(t, &page.row.owner);
    way.push(Crumb::new(name.to_string(), &here));
    way.push(Crumb::here(t.say("rules-delete")));
    let frame = viewer.frame(t.name("rules-delete-title", name), way);
    let text = if page.children.count == 0 {
        t.name("rules-delete-text", name)
    } else {
        t.count("rules-delete-children", page.children.count)
    };
    let left = page.children.items.iter();
    let left = left.map(|child| child.row.rule.name.to_string());
    let action = format!("{here}/delete");
    let confirm = ConfirmPage::new(frame, action, here, t.say("rules-delete"), text);
    viewer.show(&confirm.goes(left))
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
