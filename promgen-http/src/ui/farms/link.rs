//! Letting a farm of a remote source serve a project: a grid to choose from.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms;
use promgen_core::app::policy::Act;
use promgen_core::app::projects;
use promgen_core::model::ProjectId;

use super::sync::notices;
use super::told;
use crate::Server;
use crate::error::HttpError;
use crate::extract::IdText;
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::parts::Empty;

#[derive(Template)]
#[template(path = "farms/link.html")]
struct Grid {
    frame: Frame,
    action: String,
    farms: Vec<String>,
    /// What is wrong with the source.
    told: Vec<String>,
    empty: Empty,
    /// The farm that the project has.
    current: Option<String>,
}

/// `GET /project/{id}/link/{source}`
pub(super) async fn choose(
    State(server): State<Server>,
    viewer: Viewer,
    IdText(id, source): IdText,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), ProjectId(id));
    let detail = projects::find_for(app, actor, Act::Edit, id).await?;
    let t = viewer.t();
    let (farms, failed) = match farms::linkable(app, actor, id, &source).await {
        Ok(offers) => {
            let failed = offers.warnings.iter().map(|one| t.told(one));
            (offers.farms, failed.collect())
        }
        Err(error) => (Vec::new(), vec![told(error, t)?]),
    };
    let title = t.name("farms-link-title", &source);
    let crumbs = crate::ui::projects::crumbs(t, &detail, Some(Crumb::here(t.say("farms-link"))));
    viewer.show(&Grid {
        frame: viewer.frame(title, crumbs),
        action: link_to(id, &source),
        farms: farms.iter().map(ToString::to_string).collect(),
        told: failed,
        empty: Empty::new(t.say("farms-none-offered")),
        current: detail.farm.map(|(farm, _)| farm.name.to_string()),
    })
}

/// `POST /project/{id}/link/{source}`
pub(super) async fn link(
    State(server): State<Server>,
    IdText(id, source): IdText,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let (app, actor, id) = (&server.app, viewer.actor(), ProjectId(id));
    let detail = projects::find_for(app, actor, Act::Edit, id).await?;
    let name = &detail.project.name;
    match farms::link(app, actor, name, &source, form.text("farm")).await {
        Ok(linked) => {
            let done = notices(&viewer, &linked.refreshed);
            Ok(viewer.back_with(format!("/project/{id}#hosts"), &done))
        }
        Err(error) => {
            let failed = Notice::error(told(error, viewer.t())?);
            Ok(viewer.back_to(link_to(id, &source), failed))
        }
    }
}

fn link_to(id: ProjectId, source: &str) -> String {
    let source: String = url::form_urlencoded::byte_serialize(source.as_bytes()).collect();
    format!("/project/{id}/link/{source}")
}
