//! A URL more for a project, by the probe that its form names.

use axum::extract::State;
use axum::response::Response;
use promgen_core::app::policy::Act;
use promgen_core::app::registration::Registered;
use promgen_core::app::{AppError, probes, projects, urls};
use promgen_core::model::{ProbeId, ProjectId};

use crate::Server;
use crate::error::HttpError;
use crate::extract::{Form, Id};
use crate::ui::frame::{Notice, Posted, Viewer};

/// Longest value that is shown again; an address that is longer is none that somebody typed.
const LONGEST: usize = 1024;

/// `POST /url/{id}/new`
pub(super) async fn register(
    State(server): State<Server>,
    Id(id): Id,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let back = format!("/project/{id}#http-checks");
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
            let told = Notice::refused(error)?;
            Ok(viewer.back_to(again(id, &form), told))
        }
    }
}

/// The form with what was typed, which stands on the page of the project.
fn again(project: i32, form: &Form) -> String {
    let typed = |name| (name, form.text(name));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(
            ["url", "probe"]
                .map(typed)
                .iter()
                .filter(|(_, value)| value.len() <= LONGEST),
        )
        .finish();
    format!("/project/{project}?{query}#http-checks")
}

async fn add(
    server: &Server,
    viewer: &Viewer,
    project: ProjectId,
    form: &Form,
) -> Result<(String, Registered), AppError> {
    let (app, actor) = (&server.app, viewer.actor());
    projects::find_for(app, actor, Act::Edit, project).await?;
    let chosen = form.text("probe").parse().map(ProbeId);
    let chosen = chosen.map_err(|_| AppError::invalid("probe", "is not chosen", "choose one"))?;
    let probe = probes::find(app, actor, chosen).await?;
    let url = form.text("url").trim();
    let (made, registered) = urls::register(app, actor, project, url, &probe.module).await?;
    Ok((made.url.url, registered))
}
