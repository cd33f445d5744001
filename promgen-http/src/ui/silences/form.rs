//! The form of a silence, new or changed.

use askama::Template;
use axum::response::Response;
use promgen_core::app::AppError;
use promgen_core::app::silences::{self, MatcherRequest, SilenceError, Written};
use promgen_core::model::{Problem, Timestamp};

use super::matchers::{self, MatcherRow};
use super::preview::PreviewPart;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Form;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::next;
use crate::ui::parts::{Field, Sheet};
use crate::ui::text::Texts;

/// How long a silence holds when nothing else is said.
const DURATION: &str = "1h";

/// Rows that are there to go on with, and that a press on "more" adds.
const BLANK: usize = 1;
const MORE: usize = 3;

/// What is in the form.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    pub(super) rows: Vec<MatcherRow>,
    /// How many rows are shown that say nothing yet.
    pub(super) blank: usize,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) duration: String,
    pub(super) comment: String,
    /// Where it goes on.
    pub(super) next: String,
}

/// What the form is for.
pub(super) struct Purpose {
    /// The silence that is changed.
    pub(super) id: Option<String>,
}

#[derive(Template)]
#[template(path = "silences/form.html")]
struct Page {
    frame: Frame,
    action: String,
    submit: String,
    remarks: Vec<String>,
    rows: Vec<MatcherRow>,
    total: usize,
    fields: Vec<Field>,
    /// The silence that is changed.
    id: String,
    /// Where it goes on.
    next: String,
    preview: Option<PreviewPart>,
}

impl Sent {
    pub(super) fn new(form: &Form) -> Self {
        let rows = matchers::sent(form);
        let unused = matchers::count(form).saturating_sub(rows.len());
        Self {
            blank: if wants_more(form) {
                unused + MORE
            } else {
                BLANK
            },
            rows,
            start: form.text("startsAt").trim().to_owned(),
            end: form.text("endsAt").trim().to_owned(),
            duration: form.text("duration").trim().to_owned(),
            comment: form.text("comment").to_owned(),
            next: onward(form.given(matchers::NEXT)),
        }
    }

    /// One for these matchers, which goes on where the link says.
    pub(super) fn of(rows: Vec<MatcherRow>, sheet: &Sheet) -> Self {
        Self {
            rows,
            blank: BLANK,
            next: onward(sheet.filter(matchers::NEXT)),
            ..Self::default()
        }
    }

    /// The same, for so long.
    pub(super) fn for_a_while(self) -> Self {
        Self {
            duration: DURATION.to_owned(),
            ..self
        }
    }

    /// What it asks for. Times are on the clocks of whoever typed them.
    pub(super) fn request(&self, id: Option<String>, t: &Texts) -> MatcherRequest {
        let time = |text: &str| {
            let at = t.zone.read(text);
            // What is no time is refused by whoever takes it, with a word about why.
            Some(at.map_or_else(|| text.to_owned(), Timestamp::rfc3339))
        };
        MatcherRequest {
            id,
            matchers: self.rows.iter().map(MatcherRow::matcher).collect(),
            duration: Some(self.duration.clone()),
            starts_at: time(&self.start),
            ends_at: time(&self.end),
            comment: Some(self.comment.clone()),
        }
    }
}

/// Where it goes on: to the page that was asked for, else to the silences.
pub(super) fn onward(next: Option<&str>) -> String {
    next::or(next, "/silence")
}

/// Whether nothing is asked for but more rows.
pub(super) fn wants_more(form: &Form) -> bool {
    form.flag("more")
}

/// Shows the form, with what is wrong with it.
pub(super) fn show(
    viewer: &Viewer,
    purpose: &Purpose,
    sent: &Sent,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    show_with(viewer, purpose, sent, problems, None)
}

/// The same, with what it would hide.
pub(super) fn show_with(
    viewer: &Viewer,
    purpose: &Purpose,
    sent: &Sent,
    problems: &[Problem],
    preview: Option<PreviewPart>,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let (title, action, submit) = match &purpose.id {
        None => (
            t.say("silences-new"),
            "/silence/new".to_owned(),
            t.say("silences-create"),
        ),
        Some(id) => (
            t.say("silences-edit-title"),
            format!("/silence/{id}/edit"),
            t.say("silences-save"),
        ),
    };
    let crumbs = vec![super::crumb(t), Crumb::here(title.clone())];
    let fields = fields(sent, problems, t);
    let unnamed = problems
        .iter()
        .filter(|problem| !fields.iter().any(|field| field.name == problem.field))
        .filter(|problem| matchers::place(problem).is_none_or(|at| at >= sent.rows.len()));
    let mut rows = sent.rows.clone();
    matchers::remark(&mut rows, problems, t);
    rows.extend((0..sent.blank).map(|_| MatcherRow::default()));
    viewer.show(&Page {
        action,
        submit: submit.into_owned(),
        remarks: unnamed.map(|problem| t.told(problem)).collect(),
        total: rows.len(),
        rows,
        fields,
        id: purpose.id.clone().unwrap_or_default(),
        next: sent.next.clone(),
        preview,
        frame: viewer.frame(title, crumbs),
    })
}

fn fields(sent: &Sent, problems: &[Problem], t: &Texts) -> Vec<Field> {
    let fields = [
        Field::text("duration", t.say("silences-duration"))
            .value(&sent.duration)
            .help(t.say("silences-duration-help")),
        Field::line("datetime-local", "startsAt", t.say("silences-starts")).value(&sent.start),
        Field::line("datetime-local", "endsAt", t.say("silences-ends"))
            .value(&sent.end)
            .help(t.with("silences-times-help", &[("zone", t.zone.name().into())])),
        Field::area("comment", t.say("silences-comment"), 2).value(&sent.comment),
    ];
    fields
        .into_iter()
        .map(|field| field.problems(problems, t))
        .collect()
}

/// A time as the input of a form has it.
pub(super) fn input_time(at: Timestamp, t: &Texts) -> String {
    let written = t.zone.write(at);
    let minutes: String = written.chars().take("2026-01-02 03:04".len()).collect();
    minutes.replacen(' ', "T", 1)
}

/// Makes or changes a silence. One that could never silence anything is a mistake.
pub(super) async fn put(
    server: &Server,
    viewer: &Viewer,
    request: MatcherRequest,
) -> Result<Written, AppError> {
    let problems = silences::findings(&server.app, &request);
    if !problems.is_empty() {
        return Err(AppError::Invalid { problems });
    }
    silences::put_by_matchers(&server.app, viewer.actor(), request).await
}

/// What is said about a silence that did not come about: in the form; any other error goes on.
pub(super) fn refused(error: AppError, t: &Texts) -> Result<Vec<Problem>, HttpError> {
    match error {
        AppError::Silence(SilenceError::Forbidden(sentences)) => {
            Ok(forbidden(&sentences, t).into_iter().collect())
        }
        AppError::Silence(error) => {
            let remedy = error.remedy();
            Ok(vec![Problem::error("", error.to_string(), remedy)])
        }
        error => Ok(error.problems()?),
    }
}

/// What somebody may not do, as one problem; none where there are no sentences about it.
pub(super) fn forbidden(sentences: &[String], t: &Texts) -> Option<Problem> {
    let remedy = SilenceError::Forbidden(Vec::new()).remedy();
    // Each is looked up alone: together they are no sentence that anybody knows.
    let told: Vec<_> = sentences.iter().map(|one| t.said(one)).collect();
    (!told.is_empty()).then(|| Problem::error("", told.join(" "), remedy))
}

/// What was done, where there are several that did it.
pub(super) fn told(written: &Written, done: String, t: &Texts) -> String {
    if written.outcomes.len() < 2 {
        return done;
    }
    let outcomes: Vec<String> = written.outcomes.iter().map(ToString::to_string).collect();
    format!("{done} {}", t.said(&outcomes.join("; ")))
}
