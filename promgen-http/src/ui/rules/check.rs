//! What there is to say about a rule that somebody is writing.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::rules;
use promgen_core::model::{Problem, RuleId, RuleOwner};

use super::outcome::{self, Outcome};
use super::{form, form_owner};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::Posted;
use crate::ui::parts::{Code, Remark, remarks};
use crate::ui::text::Texts;

/// What there is to say.
#[derive(Template)]
#[template(path = "rules/checked.html")]
pub(super) struct Checked {
    t: Texts,
    remarks: Vec<Remark>,
    expanded: Code,
}

impl askama::filters::HtmlSafe for Checked {}

/// `POST /rule/{id}/check`: looks at what the form says without saving it. The id 0 is that of a rule
/// to be, of what `content_type` and `object_id` name.
pub(super) async fn check(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let (fields, mut problems): (_, Vec<Problem>) = form::read(&form);
    let checked = if id > 0 {
        rules::check(app, actor, RuleOwner::Site, Some(RuleId(id)), &fields).await?
    } else {
        rules::check(app, actor, form_owner(&form)?, None, &fields).await?
    };
    problems.extend(checked.problems);
    let t = viewer.t();
    let checked = Checked {
        remarks: remarks(&problems, t),
        expanded: Code::new("expanded", t.say("rules-effective"), checked.expanded, t),
        t: t.clone(),
    };
    let outcome = Outcome::Checked(checked);
    outcome::show(&server, &viewer, RuleId(id), &form, outcome).await
}
