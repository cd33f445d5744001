//! A URL more for a project, by the probe that its form names.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::policy::Act;
use promgen_core::app::registration::Registered;
use promgen_core::app::{AppError, Unread, probes, projects, urls};
use promgen_core::model::{ProbeId, ProjectId};

use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Notice, Posted, Viewer, redirect};
use crate::ui::projects::again;

/// `GET /url/{id}/new`: the form stands on the page of the project.
pub(super) async fn form(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
) -> Result<Response, HttpError> {
    projects::find_for(&server.app, viewer.actor(), Act::Edit, ProjectId(id)).await?;
    Ok(redirect(place(id)))
}

/// `POST /url/{id}/new`
pub(super) async fn register(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let back = place(id);
    match add(&server, &viewer, ProjectId(id), &form).await {
        Ok((url, Registered::Created)) => {
            let text = viewer.t().name("urls-registered", url);
            Ok(viewer.back_to(back, Notice::success(text)))
        }
        Ok((url, Registered::Found)) => {
            let text = viewer.t().name("urls-there", url);
            Ok(viewer.back_to(back, Notice::info(text)))
        }
        Err(error) => {
            let problems = error.problems()?;
            again(&server, viewer, ProjectId(id), &form, &problems).await
        }
    }
}

/// Where the form is.
fn place(project: i32) -> String {
    format!("/project/{project}#http-checks")
}

async fn add(
    server: &Server,
    viewer: &Viewer,
    project: ProjectId,
    form: &Form,
) -> Result<(String, Registered), AppError> {
    let (app, actor) = (&server.app, viewer.actor());
    projects::find_for(app, actor, Act::Edit, project).await?;
    let mut unread = Unread::default();
    let module = unread.or(module_of(server, viewer, form).await, String::new())?;
    let url = form.text("url").trim();
    let made = urls::register(&unread.app(app), actor, project, url, &module).await;
    let (made, registered) = unread.with(made)?;
    Ok((made.url.url, registered))
}

/// The module of the probe that is chosen.
async fn module_of(server: &Server, viewer: &Viewer, form: &Form) -> Result<String, AppError> {
    let chosen = form.text("probe").parse().map(ProbeId);
    let chosen = chosen.map_err(|_| AppError::invalid("probe", "is not chosen", "choose one"))?;
    let probe = probes::find(&server.app, viewer.actor(), chosen).await?;
    Ok(probe.module)
}
