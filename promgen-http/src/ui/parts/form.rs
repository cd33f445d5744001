//! Forms, and pages that are one form.

use std::borrow::Cow;

use askama::Template;
use promgen_core::model::{Problem, Severity};

use super::Field;
use crate::ui::frame::Frame;
use crate::ui::text::Texts;

/// Something that is said about what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    /// Place, message and remedy.
    pub(crate) text: String,
    /// Whether it kept the form from being taken.
    pub(crate) stops: bool,
}

pub(super) fn remark(problem: &Problem, t: &Texts) -> Remark {
    Remark {
        text: t.advice(problem),
        stops: problem.severity == Severity::Error,
    }
}

/// Problems as they are said where no field is there for them: with the field's name.
pub(crate) fn remarks<'p>(
    problems: impl IntoIterator<Item = &'p Problem>,
    t: &Texts,
) -> Vec<Remark> {
    let named = |problem: &Problem| Remark {
        text: t.told(problem),
        ..remark(problem, t)
    };
    problems.into_iter().map(named).collect()
}

/// A form that is posted.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/form.html")]
pub(crate) struct FormView {
    /// In which language what is wrong is told.
    t: Texts,
    /// Where it is posted to.
    pub(crate) action: String,
    /// The form token.
    pub(crate) token: String,
    /// Its fields.
    pub(crate) fields: Vec<Field>,
    /// What the button says.
    pub(crate) submit: Cow<'static, str>,
    /// A link to leave it without sending; with its words.
    pub(crate) cancel: Option<(Cow<'static, str>, String)>,
    /// What is wrong and belongs to no field.
    pub(crate) remarks: Vec<Remark>,
    /// A button that tries what is typed, and saves nothing: its words, and where it is posted to.
    pub(crate) test: Option<(Cow<'static, str>, String)>,
    /// Whether it sends files.
    pub(crate) files: bool,
    /// Whether the button destroys something.
    pub(crate) danger: bool,
}

impl FormView {
    /// A form of a page.
    pub(crate) fn new(
        frame: &Frame,
        action: impl Into<String>,
        submit: impl Into<Cow<'static, str>>,
        fields: Vec<Field>,
    ) -> Self {
        Self {
            t: frame.t.clone(),
            action: action.into(),
            token: frame.token.clone(),
            fields,
            submit: submit.into(),
            cancel: None,
            remarks: Vec::new(),
            test: None,
            files: false,
            danger: false,
        }
    }

    /// With a button that tries what is typed; the answer is shown in the element `#tested`.
    #[must_use]
    pub(crate) fn test(
        mut self,
        label: impl Into<Cow<'static, str>>,
        action: impl Into<String>,
    ) -> Self {
        self.test = Some((label.into(), action.into()));
        self
    }

    /// With what is wrong: each problem beside its field, and the rest above.
    #[must_use]
    pub(crate) fn problems(mut self, problems: &[Problem]) -> Self {
        let others: Vec<&Problem> = problems
            .iter()
            .filter(|problem| !self.fields.iter().any(|field| field.owns(problem)))
            .collect();
        self.remarks.extend(remarks(others, &self.t));
        let fields = self.fields.into_iter();
        let fields = fields.map(|field| field.problems(problems, &self.t));
        self.fields = fields.collect();
        self
    }

    /// With a way out.
    #[must_use]
    pub(crate) fn cancel(mut self, frame: &Frame, to: impl Into<String>) -> Self {
        self.cancel = Some((frame.say("parts-cancel"), to.into()));
        self
    }
}

/// A page that is one form.
#[derive(Debug, Template)]
#[template(path = "parts/form_page.html")]
pub(crate) struct FormPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// What stands before the form, in paragraphs.
    pub(crate) intro: Vec<Cow<'static, str>>,
    /// The form.
    pub(crate) form: FormView,
}

impl FormPage {
    /// A page with nothing before its form.
    pub(crate) fn new(frame: Frame, form: FormView) -> Self {
        Self {
            frame,
            intro: Vec::new(),
            form,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_said_exactly_once() {
        let form = FormView {
            t: Texts::default(),
            action: "/x".to_owned(),
            token: "t0ken".to_owned(),
            fields: vec![Field::text("name", "Name"), Field::text("labels", "Labels")],
            submit: Cow::Borrowed("Save"),
            cancel: None,
            remarks: Vec::new(),
            test: None,
            files: false,
            danger: false,
        };
        let problems = [
            Problem::error("name", "is taken", "choose another"),
            Problem::error("labels.severity", "is odd", "mend it"),
            Problem::error("names", "is nobody's", "leave it"),
            Problem::warning("", "is late", "hurry"),
        ];
        let html = form.problems(&problems).to_string();
        for text in ["is taken", "is odd", "names: is nobody", "is late"] {
            assert_eq!(html.matches(text).count(), 1, "{text}: {html}");
        }
        assert!(html.contains("name=\"csrfmiddlewaretoken\" value=\"t0ken\""));
    }
}
