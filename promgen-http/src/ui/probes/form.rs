//! Making a probe, and changing one.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{AppError, probes, site};
use promgen_core::model::{Probe, ProbeId, Problem};

use super::HERE;
use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Crumb, Notice, Posted, Viewer};
use crate::ui::parts::{Field, FormPage, FormView};

/// `GET /probe/new`
pub(super) async fn new(
    State(server): State<Server>,
    viewer: Viewer,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    show(&viewer, None, &Form::default(), &[])
}

/// `POST /probe/new`
pub(super) async fn create(
    State(server): State<Server>,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let (module, description) = (form.text("module").trim(), form.text("description"));
    let made = probes::create(&server.app, viewer.actor(), module, description).await;
    saved(&viewer, None, &form, made)
}

/// `GET /probe/{id}/update`
pub(super) async fn edit(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let probe = probes::find(&server.app, viewer.actor(), ProbeId(id)).await?;
    show(&viewer, Some(&probe), &Form::default(), &[])
}

/// `POST /probe/{id}/update`
pub(super) async fn update(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    site::require_change(&server.app, viewer.actor())?;
    let (app, actor) = (&server.app, viewer.actor());
    let before = probes::find(app, actor, ProbeId(id)).await?;
    let (module, description) = (form.given("module"), form.given("description"));
    let made = probes::update(app, actor, before.id, module, description).await;
    saved(&viewer, Some(&before), &form, made)
}

fn saved(
    viewer: &Viewer,
    before: Option<&Probe>,
    form: &Form,
    made: Result<Probe, AppError>,
) -> Result<Response, HttpError> {
    match made {
        Ok(probe) => {
            let text = viewer.t().name("probes-saved", &probe.module);
            Ok(viewer.back_to(HERE, Notice::success(text)))
        }
        Err(error) => show(viewer, before, form, &error.problems()?),
    }
}

fn show(
    viewer: &Viewer,
    before: Option<&Probe>,
    sent: &Form,
    problems: &[Problem],
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let (title, action) = match before {
        None => (t.say("probes-new"), format!("{HERE}/new")),
        Some(probe) => (t.say("probes-edit"), format!("{HERE}/{}/update", probe.id)),
    };
    let crumbs = super::crumbs(t, Some(Crumb::here(title.clone())));
    let frame = viewer.frame(title, crumbs);
    let module = before.map_or("", |probe| probe.module.as_str());
    let description = before.map_or("", |probe| probe.description.as_str());
    let fields = vec![
        Field::text("module", t.say("probes-module"))
            .value(sent.given("module").unwrap_or(module))
            .required()
            .longest(128)
            .placeholder("http_2xx")
            .help(t.say("probes-module-help")),
        Field::area("description", t.say("probes-description"), 3)
            .value(sent.given("description").unwrap_or(description)),
    ];
    let form = FormView::new(&frame, action, t.say("probes-save"), fields)
        .problems(problems)
        .cancel(&frame, HERE);
    viewer.show(&FormPage::new(frame, form))
}
