//! Changing a rule.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::rules::{self, ChildRule, RulePage};
use promgen_core::app::{AppError, Slice};
use promgen_core::model::{Problem, RuleId};

use super::clause::TriedClause;
use super::form::{self, RuleForm};
use super::outcome::{self, Outcome};
use super::{crumbs, number};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::parts::{Remark, remarks};

/// Overrides that are listed for comparison.
const CHILDREN: Slice = Slice {
    offset: 0,
    limit: 50,
};

#[derive(Template)]
#[template(path = "rules/edit.html")]
struct Edit {
    frame: Frame,
    /// What came of trying out what is typed.
    outcome: Option<Outcome>,
    form: RuleForm,
    warnings: Vec<Remark>,
    /// What it overrides, for comparison.
    parent: Option<TriedClause>,
    children: Vec<TriedClause>,
    more: u64,
}

/// `GET /rule/{id}/edit`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    show(&server, &viewer, RuleId(id), None, &[], None).await
}

/// `POST /rule/{id}/edit`
pub(super) async fn save(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    if form.flag("more") {
        return show(&server, &viewer, RuleId(id), Some(&form), &[], None).await;
    }
    let (fields, problems) = form::read(&form);
    if !problems.is_empty() {
        return show(&server, &viewer, RuleId(id), Some(&form), &problems, None).await;
    }
    match rules::update(&server.app, viewer.actor(), RuleId(id), &fields).await {
        Ok(saved) => {
            let text = viewer.t().name("rules-saved", &saved.rule.name);
            let mut notices = vec![Notice::success(text)];
            notices.extend(Notice::warnings(&saved.warnings, viewer.t()));
            Ok(viewer.back_with(format!("/rule/{id}"), &notices))
        }
        Err(error) => {
            let problems = error.problems()?;
            show(&server, &viewer, RuleId(id), Some(&form), &problems, None).await
        }
    }
}

/// The form as it was sent, below what came of trying it out.
pub(super) async fn again(
    server: &Server,
    viewer: &Viewer,
    id: RuleId,
    sent: &Form,
    outcome: Outcome,
) -> Result<Response, HttpError> {
    show(server, viewer, id, Some(sent), &[], Some(outcome)).await
}

async fn show(
    server: &Server,
    viewer: &Viewer,
    id: RuleId,
    sent: Option<&Form>,
    problems: &[Problem],
    outcome: Option<Outcome>,
) -> Result<Response, HttpError> {
    let page = rules::page(&server.app, viewer.actor(), id, CHILDREN).await?;
    if !page.row.may_edit {
        // Whoever sees a rule may try other clauses, and save nothing.
        if let Some(outcome) = outcome {
            return outcome::alone(viewer, outcome);
        }
        let need = "the role editor".to_owned();
        return Err(AppError::Forbidden { need }.into());
    }
    let t = viewer.t();
    let RulePage {
        row,
        warnings,
        parent,
        children,
        ..
    } = page;
    let here = format!("/rule/{id}");
    let mut way = crumbs(t, &row.owner);
    way.push(Crumb::new(row.rule.name.to_string(), &here));
    way.push(Crumb::here(t.say("rules-edit")));
    let frame = viewer.frame(t.name("rules-edit-title", &row.rule.name), way);
    let form = RuleForm::of(&frame, format!("{here}/edit"), &row.rule, here);
    let form = match sent {
        Some(sent) => form.sent(sent).problems(problems),
        None => form,
    };
    let clause = |one: &ChildRule| TriedClause::of(&frame, &one.row, &one.effective);
    let shown = number(children.items.len());
    viewer.show(&Edit {
        more: children.count.saturating_sub(shown),
        parent: parent.as_ref().map(clause),
        children: children.items.iter().map(clause).collect(),
        // What is said beside the fields already need not be said twice.
        warnings: if sent.is_none() {
            remarks(&warnings, t)
        } else {
            Vec::new()
        },
        outcome,
        form,
        frame,
    })
}
