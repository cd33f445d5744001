//! The page.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::guide::{self, Guide};
use promgen_core::model::Problem;

use super::Steps;
use super::snippets::{Site, Snippets};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Visitor};
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Field, FormView};

#[derive(Template)]
#[template(path = "guide/page.html")]
struct GuidePage {
    frame: Frame,
    steps: Steps,
    /// Whether an alert came in and nothing is left.
    done: bool,
    hidden: bool,
    /// The form that makes all of the tree in one go, while there is no service.
    start: Option<FormView>,
    snippets: Snippets,
    /// Whether a token stands in the snippets, this once.
    made: bool,
}

/// `GET /guide`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    visitor: Visitor,
) -> Result<Response, HttpError> {
    let guide = guide::look(&server.app, viewer.actor()).await?;
    page(&server, &viewer, &visitor, &guide, &Shown::default())
}

/// What the page shows besides.
#[derive(Default)]
pub(super) struct Shown<'a> {
    /// A token that was just made.
    pub(super) token: Option<&'a str>,
    /// What was typed into the form.
    pub(super) sent: Form,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

pub(super) fn page(
    server: &Server,
    viewer: &Viewer,
    visitor: &Visitor,
    guide: &Guide,
    shown: &Shown<'_>,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("guide-title");
    let frame = viewer.frame(title.clone(), vec![Crumb::here(title)]);
    let site = Site::of(server.app.settings(), &visitor.base);
    let wanted = !guide.done.service || !shown.problems.is_empty();
    viewer.show(&GuidePage {
        steps: Steps::of(guide, t),
        done: guide.is_done(),
        hidden: guide.hidden,
        start: wanted.then(|| form(&frame, shown)),
        snippets: Snippets::new(guide, site, shown.token, t),
        made: shown.token.is_some(),
        frame,
    })
}

/// The form that makes all of the tree in one go.
fn form(frame: &Frame, shown: &Shown<'_>) -> FormView {
    let value = |name: &str, first: &str| shown.sent.given(name).unwrap_or(first).to_owned();
    let text = |name: &'static str, label, help, first: &str| {
        Field::text(name, frame.say(label))
            .help(frame.say(help))
            .value(value(name, first))
            .required()
    };
    let port = Field::line("number", "port", frame.say("guide-start-port"))
        .help(frame.say("guide-start-port-help"))
        .value(value("port", "9100"))
        .required();
    let hosts = Field::area("hosts", frame.say("guide-start-hosts"), 3)
        .help(frame.say("guide-start-hosts-help"))
        .value(value("hosts", ""))
        .required();
    let fields = vec![
        text(
            "prometheus",
            "guide-start-prometheus",
            "guide-start-prometheus-help",
            "http://localhost:9090",
        ),
        text(
            "shard",
            "guide-start-shard",
            "guide-start-shard-help",
            "main",
        ),
        text(
            "service",
            "guide-start-service",
            "guide-start-service-help",
            "",
        ),
        text(
            "project",
            "guide-start-project",
            "guide-start-project-help",
            "",
        ),
        hosts,
        text("job", "guide-start-job", "guide-start-job-help", "node"),
        port,
    ];
    let submit = frame.say("guide-start-submit");
    FormView::new(frame, "/guide/start", submit, fields).problems(&shown.problems)
}
