//! A local farm for a project that has none.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms::{self, NewFarm};
use promgen_core::app::policy::Act;
use promgen_core::app::projects::{self, ProjectDetail};
use promgen_core::app::{AppError, Unread};
use promgen_core::model::{LOCAL_SOURCE, Problem, ProjectId};

use super::{beside_hosts, some_hosts};
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormPage, FormView};

/// `GET /project/{id}/newfarm`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    let detail = editable(&server, &viewer, ProjectId(id)).await?;
    show(&viewer, &detail, &Form::default(), &[])
}

/// `POST /project/{id}/newfarm`
pub(super) async fn create(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let detail = editable(&server, &viewer, ProjectId(id)).await?;
    match make(&server, &viewer, ProjectId(id), &form).await {
        Ok(name) => {
            let text = viewer.t().name("farms-registered", name);
            Ok(viewer.back_to(format!("/project/{id}#hosts"), Notice::success(text)))
        }
        Err(error) => show(&viewer, &detail, &form, &beside_hosts(error.problems()?)),
    }
}

async fn editable(
    server: &Server,
    viewer: &Viewer,
    id: ProjectId,
) -> Result<ProjectDetail, AppError> {
    projects::find_for(&server.app, viewer.actor(), Act::Edit, id).await
}

async fn make(
    server: &Server,
    viewer: &Viewer,
    project: ProjectId,
    form: &Form,
) -> Result<String, AppError> {
    let mut unread = Unread::default();
    let hosts = unread.or(some_hosts(form.text("hosts")), Vec::new())?;
    let new = NewFarm {
        name: form.text("name"),
        source: LOCAL_SOURCE,
        hosts: &hosts,
    };
    let app = unread.app(&server.app);
    let made = unread.with(farms::register(&app, viewer.actor(), project, &new).await)?;
    Ok(made.farm.name.to_string())
}

fn show(
    viewer: &Viewer,
    detail: &ProjectDetail,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let title = t.say("farms-register");
    let crumbs = crate::ui::projects::crumbs(t, detail, Some(Crumb::here(title.clone())));
    let id = detail.project.id;
    let frame = viewer.frame(t.name("farms-register-title", &detail.project.name), crumbs);
    let name = sent.given("name").unwrap_or(detail.project.name.as_str());
    let fields = vec![
        Field::text("name", t.say("farms-name"))
            .value(name)
            .required()
            .longest(128),
        Field::area("hosts", t.say("farms-hosts"), 8)
            .value(sent.text("hosts"))
            .required()
            .help(t.say("farms-hosts-help")),
    ];
    let form = FormView::new(&frame, format!("/project/{id}/newfarm"), title, fields)
        .problems(problems)
        .cancel(&frame, format!("/project/{id}#hosts"));
    viewer.show(&FormPage::new(frame, form))
}
