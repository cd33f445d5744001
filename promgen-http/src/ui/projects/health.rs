//! How the targets of a project are, from the Prometheus that scrapes them.
//!
//! A page of its own, so that no other waits for Prometheus. The page of the project puts its table in
//! the place of the one without health.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::projects::{self, Parts};
use promgen_core::app::proxy;
use promgen_core::model::ProjectId;

use super::HostTable;
use super::detail::SIZE;
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::Sheet;

#[derive(Template)]
#[template(path = "projects/health.html")]
struct Health {
    frame: Frame,
    hosts: HostTable,
}

/// `GET /project/{id}/health`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let id = ProjectId(id);
    let sheet = sheet.part("hosts", "hosts");
    let parts = Parts {
        hosts: sheet.sorted(SIZE),
        ..Parts::none()
    };
    let page = projects::overview(&server.app, viewer.actor(), id, parts).await?;
    let health = proxy::project_health(&server.app, viewer.actor(), id).await?;
    let t = viewer.t();
    let title = t.name("projects-health-title", &page.detail.project.name);
    let crumbs = super::crumbs(t, &page.detail, Some(Crumb::here(t.say("projects-health"))));
    let hosts = HostTable::new(&viewer, &page.detail, &page.hosts, &sheet, page.may.edit);
    viewer.show(&Health {
        hosts: hosts.with(health),
        frame: viewer.frame(title, crumbs),
    })
}
