//! A clause that runs itself when it is clicked.

use askama::Template;
use promgen_core::app::rules::RuleRow;
use promgen_core::model::RuleOwner;

use super::full_name;
use crate::ui::frame::Frame;

/// A rule by its name, with its clause as a button: what it finds is shown where the page has an
/// element `tested`, else on a page of its own.
#[derive(Debug, Clone, Template)]
#[template(path = "rules/clause.html")]
pub(super) struct TriedClause {
    token: String,
    id: i32,
    owner: RuleOwner,
    name: String,
    /// What it belongs to.
    of: String,
    /// As it was written: the macro is expanded where it is tried.
    clause: String,
    /// As Prometheus gets it.
    effective: String,
    duration: String,
    title: String,
}

impl askama::filters::HtmlSafe for TriedClause {}

impl TriedClause {
    pub(super) fn of(frame: &Frame, row: &RuleRow, effective: String) -> Self {
        Self {
            token: frame.token.clone(),
            id: row.rule.id.0,
            owner: row.rule.owner,
            name: row.rule.name.to_string(),
            of: full_name(&row.owner),
            clause: row.rule.clause.clone(),
            effective,
            duration: row.rule.duration.to_string(),
            title: frame.say("rules-run").into_owned(),
        }
    }
}
