//! The page of an import: one form, and what it would do.

use std::borrow::Cow;

use askama::Template;
use promgen_core::model::Problem;

use super::Report;
use crate::ui::frame::Frame;
use crate::ui::parts::{Field, Remark, remarks};

/// A form that imports something.
#[derive(Template)]
#[template(path = "imports/page.html")]
pub(super) struct ImportPage {
    /// The frame.
    pub(super) frame: Frame,
    /// Where it is posted to.
    pub(super) action: &'static str,
    /// What is imported, and how.
    pub(super) intro: Cow<'static, str>,
    /// What is sent.
    pub(super) fields: Vec<Field>,
    /// What is wrong, beyond the fields.
    pub(super) remarks: Vec<Remark>,
    /// What it would do.
    pub(super) report: Option<Report>,
    /// The page of the other import.
    pub(super) other: (Cow<'static, str>, &'static str),
}

impl ImportPage {
    /// With what is wrong: beside its field, or beside the text that it is about.
    pub(super) fn problems(mut self, text: &str, problems: &[Problem]) -> Self {
        let mut others = Vec::new();
        let mut placed = Vec::new();
        for problem in problems {
            if self.fields.iter().any(|field| field.owns(problem)) {
                placed.push(problem.clone());
            } else if problem.place.is_some() {
                placed.push(Problem {
                    field: text.to_owned(),
                    message: format!("{}: {}", problem.field, problem.message),
                    ..problem.clone()
                });
            } else {
                others.push(problem);
            }
        }
        self.remarks = remarks(others, &self.frame.t);
        let fields = self.fields.into_iter();
        let fields = fields.map(|field| field.problems(&placed, &self.frame.t));
        self.fields = fields.collect();
        self
    }
}
