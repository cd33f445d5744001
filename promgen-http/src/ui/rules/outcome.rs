//! What came of trying out what somebody writes: shown above the form, which comes again with what was
//! typed, or on a page of its own where nothing was.

use std::fmt;

use askama::Template;
use axum::response::Response;
use promgen_core::model::RuleId;

use super::check::Checked;
use super::trial::Tried;
use super::{edit, form_owner, register};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Form;
use crate::ui::frame::{Crumb, Frame, Viewer};

/// It, in one of its kinds.
pub(super) enum Outcome {
    Checked(Checked),
    Tried(Box<Tried>),
}

impl askama::filters::HtmlSafe for Outcome {}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checked(part) => part.fmt(f),
            Self::Tried(part) => part.fmt(f),
        }
    }
}

#[derive(Template)]
#[template(path = "rules/outcome.html")]
struct Alone {
    frame: Frame,
    outcome: Outcome,
}

/// The page with the form that was sent, if it was one that its sender may save; else with nothing
/// besides.
pub(super) async fn show(
    server: &Server,
    viewer: &Viewer,
    id: RuleId,
    sent: &Form,
    outcome: Outcome,
) -> Result<Response, HttpError> {
    if sent.given("clause").is_none() {
        return alone(viewer, outcome);
    }
    if id.0 > 0 {
        edit::again(server, viewer, id, sent, outcome).await
    } else {
        register::again(server, viewer, form_owner(sent)?, sent, outcome).await
    }
}

/// The page with nothing besides.
pub(super) fn alone(viewer: &Viewer, outcome: Outcome) -> Result<Response, HttpError> {
    let title = viewer.t().say(match outcome {
        Outcome::Checked(_) => "rules-checked",
        Outcome::Tried(_) => "rules-trial",
    });
    viewer.show(&Alone {
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
        outcome,
    })
}
