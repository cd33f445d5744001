//! `/import/rules`: rule files of Prometheus, each rule for what its labels name.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::import::{self, Mode, RulesFor};
use promgen_core::app::{AppError, Right};
use promgen_core::model::Problem;

use super::page::ImportPage;
use super::{Report, sent};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Form;
use crate::ui::frame::{Crumb, Posted, Viewer};
use crate::ui::parts::Field;

/// The field with the text.
const TEXT: &str = "rules";

/// `GET /import/rules`
pub(super) async fn ask(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    viewer
        .actor()
        .require(Right::Change, server.app.settings())?;
    show(&viewer, &Form::default(), &[], None)
}

/// `POST /import/rules`
pub(super) async fn import(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    viewer
        .actor()
        .require(Right::Change, server.app.settings())?;
    let (app, actor) = (&server.app, viewer.actor());
    let preview = form.flag("preview");
    let mode = if preview { Mode::DryRun } else { Mode::Import };
    let imported = async {
        let text = sent::text(app, actor, &form, TEXT).await?;
        let report = import::rules(app, actor, &text, &RulesFor::Labels, mode).await?;
        Ok::<_, AppError>((text, report))
    };
    match imported.await {
        Ok((text, report)) if preview => {
            let report = Report::preview(viewer.t(), &report);
            let (pairs, said) = sent::again(&form, TEXT, text, viewer.t());
            show(&viewer, &Form::of(pairs), &said, Some(report))
        }
        Ok((_, report)) => {
            let notices = Report::notices(viewer.t(), &report);
            Ok(viewer.back_with("/import/rules", &notices))
        }
        Err(error) => show(&viewer, &form, &error.problems()?, None),
    }
}

fn show(
    viewer: &Viewer,
    form: &Form,
    problems: &[Problem],
    report: Option<Report>,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("imports-rules");
    let crumbs = vec![
        Crumb::new(t.say("frame-import"), "/import"),
        Crumb::here(title.clone()),
    ];
    let page = ImportPage {
        frame: viewer.frame(title, crumbs),
        action: "/import/rules",
        intro: t.say("imports-rules-intro"),
        fields: vec![
            Field::code(TEXT, t.say("imports-text"), 16).value(form.text(TEXT)),
            Field::file("file_field", t.say("imports-file")),
        ],
        remarks: Vec::new(),
        report,
        other: (t.say("imports-targets"), "/import"),
    };
    viewer.show(&page.problems(TEXT, problems))
}
