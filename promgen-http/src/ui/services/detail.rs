//! One service, with what belongs to it in tabs.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::hours::Whose;
use promgen_core::app::policy::May;
use promgen_core::app::rules;
use promgen_core::app::services::{self, ServicePage};
use promgen_core::app::silences::About;
use promgen_core::model::{RuleOwner, SenderOwner, Service, ServiceId};
use promgen_core::store::Tally;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::alerts::ActivePanel;
use crate::ui::chart::{self, ChartOrWords};
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Empty, Sheet};
use crate::ui::projects::ProjectTable;
use crate::ui::notifiers::NotifierTable;
use crate::ui::rules::RulesPart;

#[derive(Template)]
#[template(path = "services/detail.html")]
struct Detail {
    frame: Frame,
    service: Service,
    owner: Option<String>,
    tally: Tally,
    may: May,
    projects: ProjectTable,
    no_projects: Empty,
    rules: RulesPart,
    active: ActivePanel,
    notifiers: NotifierTable,
    firing: ChartOrWords,
}

/// `GET /service/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let page = services::page(&server.app, viewer.actor(), ServiceId(id)).await?;
    let ServicePage { detail, tally, may } = page;
    let sheet = sheet.part("page", "projects");
    let t = viewer.t();
    let no_projects = Empty::new(t.say("services-no-projects"));
    let name = detail.service.name.to_string();
    let crumbs = vec![super::crumb(viewer.t()), Crumb::here(&name)];
    let tab = rules::tab(
        &server.app,
        viewer.actor(),
        RuleOwner::Service(ServiceId(id)),
    )
    .await?;
    let id = ServiceId(id);
    let active = ActivePanel::of(&server, &viewer, &About::Service(id)).await?;
    let notifiers = NotifierTable::of(&server, &viewer, SenderOwner::Service(id)).await?;
    let firing = chart::firing(&server, &viewer, Whose::Service(id)).await?;
    let frame = viewer.frame(name, crumbs);
    viewer.show(&Detail {
        rules: RulesPart::of(&frame, tab),
        frame,
        service: detail.service,
        owner: detail.owner,
        tally,
        projects: ProjectTable::of_service(&server, &viewer, ServiceId(id), &sheet).await?,
        no_projects: if may.edit {
            no_projects.next(t.say("services-add-project"), format!("/service/{id}/new"))
        } else {
            no_projects
        },
        may,
        active,
        notifiers,
        firing,
    })
}
