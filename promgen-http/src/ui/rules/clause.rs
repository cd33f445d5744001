//! A clause that runs itself when it is clicked.

use askama::Template;
use promgen_core::app::rules::RuleRow;

use super::{cut, full_name};
use crate::ui::frame::Frame;

/// Most letters of a clause in a list.
const LONGEST: usize = 2000;

/// A rule by its name, with its clause as a button: what it finds is shown where the page has an
/// element `tested`, else on a page of its own.
#[derive(Debug, Clone, Template)]
#[template(path = "rules/clause.html")]
pub(super) struct TriedClause {
    token: String,
    id: i32,
    name: String,
    /// What it belongs to.
    of: String,
    /// As Prometheus gets it; of a long one the beginning.
    effective: String,
    duration: String,
    title: String,
}

impl askama::filters::HtmlSafe for TriedClause {}

impl TriedClause {
    pub(super) fn of(frame: &Frame, row: &RuleRow, effective: &str) -> Self {
        Self {
            token: frame.token.clone(),
            id: row.rule.id.0,
            name: row.rule.name.to_string(),
            of: full_name(&row.owner),
            effective: cut(effective, LONGEST),
            duration: row.rule.duration.to_string(),
            title: frame.say("rules-run").into_owned(),
        }
    }
}
