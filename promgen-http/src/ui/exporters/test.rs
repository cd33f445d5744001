//! Trying an exporter on every host of a project.

use std::collections::BTreeMap;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use promgen_core::app::projects::{self, ProjectDetail};
use promgen_core::app::scrape::{self, Place, Tested, TestedTarget};
use promgen_core::app::{AppError, Unread};
use promgen_core::model::{Problem, ProjectId};
use serde_json::{Value, json};

use super::read::place;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Frame, Posted, Viewer};
use crate::ui::parts::{Badge, Tone};
use crate::ui::text::Texts;
use crate::ui::wants::Wants;

#[derive(Template)]
#[template(path = "exporters/test.html")]
struct TestPage {
    frame: Frame,
    tested: TestPart,
}

/// What came of it.
#[derive(Template)]
#[template(path = "exporters/tested.html")]
pub(super) struct TestPart {
    t: Texts,
    /// Why nothing was tried.
    refused: Vec<String>,
    targets: Vec<TestedTarget>,
    /// How many hosts there are.
    hosts: u64,
}

impl askama::filters::HtmlSafe for TestPart {}

/// `POST /project/{id}/scrape`
///
/// A browser gets a page, with the form again where that says so (`again`); programs get what the
/// original answers: for each URL its status and how many samples it has, or an error.
pub(super) async fn test(
    State(server): State<Server>,
    Id(id): Id,
    wants: Wants,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let id = ProjectId(id);
    let detail = projects::find(&server.app, viewer.actor(), id).await?;
    let tested = run(&server, &viewer, id, &form).await;
    let tested = match tested {
        Ok(tested) => Ok(tested),
        Err(error) => Err(error.problems()?),
    };
    if !wants.page {
        return Ok(match tested {
            Ok(tested) => Json(as_original(&tested)).into_response(),
            Err(problems) => {
                let told: Vec<String> = problems.iter().map(Problem::told).collect();
                Json(json!({ "error": told.join("\n") })).into_response()
            }
        });
    }
    let t = viewer.t();
    let (tested, problems) = match tested {
        Ok(tested) => (tested, Vec::new()),
        Err(problems) => {
            let (targets, hosts) = (Vec::new(), 0);
            (Tested { targets, hosts }, problems)
        }
    };
    let refused = problems.iter().map(|one| t.told(one));
    let tested = TestPart {
        refused: refused.collect(),
        targets: tested.targets,
        hosts: tested.hosts,
        t: t.clone(),
    };
    if form.flag("again") {
        return super::form::again(&server, &viewer, &detail, &form, tested).await;
    }
    alone(&viewer, &detail, tested)
}

/// The page with nothing besides.
pub(super) fn alone(
    viewer: &Viewer,
    detail: &ProjectDetail,
    tested: TestPart,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("exporters-tested");
    let crumbs = crate::ui::projects::crumbs(t, detail, Some(Crumb::here(title.clone())));
    let frame = viewer.frame(title, crumbs);
    viewer.show(&TestPage { frame, tested })
}

async fn run(
    server: &Server,
    viewer: &Viewer,
    id: ProjectId,
    form: &Form,
) -> Result<Tested, AppError> {
    let mut unread = Unread::default();
    let (port, scheme) = place(form, &mut unread)?;
    let path = form.text("path");
    let place = Place { port, path, scheme };
    unread.with(scrape::check(place))?;
    scrape::test(&server.app, viewer.actor(), id, place).await
}

fn as_original(tested: &Tested) -> BTreeMap<&str, Value> {
    let one = |target: &'_ TestedTarget| match &target.answer {
        Ok(answer) => json!({
            "status_code": answer.status,
            "metric_count": answer.body.map_or(0, |body| body.samples),
        }),
        Err(message) => json!(message),
    };
    let targets = tested.targets.iter();
    targets
        .map(|target| (target.url.as_str(), one(target)))
        .collect()
}

impl TestPart {
    fn badge(&self, target: &TestedTarget) -> Badge {
        if target.is_good() {
            Badge::new(Tone::Good, self.t.say("exporters-works"))
        } else {
            Badge::new(Tone::Bad, self.t.say("exporters-fails"))
        }
    }

    /// How many hosts were not tried.
    fn left_out(&self) -> u64 {
        self.hosts.saturating_sub(self.targets.len() as u64)
    }
}
