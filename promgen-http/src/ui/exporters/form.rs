//! Registering an exporter of a project: typed, or one of the presets.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::exporters::{self, NewExporter};
use promgen_core::app::policy::Act;
use promgen_core::app::projects::{self, ProjectDetail};
use promgen_core::app::{AppError, Slice, Unread, presets};
use promgen_core::model::{Preset, Problem, ProjectId};

use super::read::{fields, place};
use super::test::{TestPart, alone};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormView};

/// Most presets that are offered: they are a list that superusers keep, and a few dozen.
const MOST_PRESETS: u64 = 100;

#[derive(Template)]
#[template(path = "exporters/form.html")]
struct ExporterForm {
    frame: Frame,
    form: FormView,
    presets: Vec<Preset>,
    /// Where an exporter is tried.
    test: String,
    has_farm: bool,
    /// What came of trying what is typed.
    tested: Option<TestPart>,
}

/// `GET /project/{id}/exporter`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let id = ProjectId(id);
    let detail = projects::find_for(&server.app, viewer.actor(), Act::Edit, id).await?;
    show(&server, &viewer, &detail, None, &[], None).await
}

/// `POST /project/{id}/exporter`
pub(super) async fn create(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let id = ProjectId(id);
    let detail = projects::find_for(&server.app, viewer.actor(), Act::Edit, id).await?;
    match register(&server, &viewer, id, &form).await {
        Ok(()) => {
            let text = viewer.t().name("exporters-registered", form.text("job"));
            let back = format!("/project/{id}#exporters");
            Ok(viewer.back_to(back, Notice::success(text)))
        }
        Err(error) => {
            let problems = error.problems()?;
            show(&server, &viewer, &detail, Some(&form), &problems, None).await
        }
    }
}

async fn register(
    server: &Server,
    viewer: &Viewer,
    project: ProjectId,
    form: &Form,
) -> Result<(), AppError> {
    let mut unread = Unread::default();
    let (port, scheme) = place(form, &mut unread)?;
    let new = NewExporter {
        job: form.text("job"),
        port,
        path: form.text("path"),
        scheme,
        enabled: form.flag("enabled"),
    };
    let app = unread.app(&server.app);
    let made = exporters::register(&app, viewer.actor(), project, &new).await;
    unread.with(made).map(drop)
}

/// The form as it was sent, below what came of trying it, for whoever may save it.
pub(super) async fn again(
    server: &Server,
    viewer: &Viewer,
    detail: &ProjectDetail,
    sent: &Form,
    tested: TestPart,
) -> Result<Response, HttpError> {
    let id = detail.project.id;
    match projects::find_for(&server.app, viewer.actor(), Act::Edit, id).await {
        Ok(_) => show(server, viewer, detail, Some(sent), &[], Some(tested)).await,
        // Whoever sees a project may try, and save nothing.
        Err(AppError::Forbidden { .. }) => alone(viewer, detail, tested),
        Err(error) => Err(error.into()),
    }
}

async fn show(
    server: &Server,
    viewer: &Viewer,
    detail: &ProjectDetail,
    sent: Option<&Form>,
    problems: &[Problem],
    tested: Option<TestPart>,
) -> Result<Response, HttpError> {
    let few = Slice {
        offset: 0,
        limit: MOST_PRESETS,
    };
    let presets = presets::list(&server.app, viewer.actor(), few).await?;
    let t = viewer.t();
    let id = detail.project.id;
    let title = t.say("exporters-register");
    let here = Crumb::here(title.clone());
    let crumbs = crate::ui::projects::crumbs(t, detail, Some(here));
    let frame = viewer.frame(
        t.name("exporters-register-title", &detail.project.name),
        crumbs,
    );
    let nothing = Form::default();
    let mut fields = fields(t, sent.unwrap_or(&nothing), None);
    let enabled = sent.is_none_or(|form| form.flag("enabled"));
    fields.push(Field::tick("enabled", t.say("exporters-enabled"), enabled));
    let form = FormView::new(&frame, format!("/project/{id}/exporter"), title, fields)
        .problems(problems)
        .cancel(&frame, format!("/project/{id}#exporters"));
    let test = format!("/project/{id}/scrape");
    let has_farm = detail.farm.is_some();
    viewer.show(&ExporterForm {
        form: if has_farm {
            form.test(t.say("exporters-test"), &test)
        } else {
            form
        },
        frame,
        presets: presets.items,
        test,
        has_farm,
        tested,
    })
}
