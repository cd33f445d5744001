//! One service, with what belongs to it in tabs.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::hours::Whose;
use promgen_core::app::policy::May;
use promgen_core::app::rules;
use promgen_core::app::services::{self, ServicePage};
use promgen_core::app::silences::About;
use promgen_core::model::{RoleOn, RuleOwner, SenderOwner, Service, ServiceId};
use promgen_core::store::Tally;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::alerts::ActivePanel;
use crate::ui::chart::{self, ChartOrWords};
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::members::MembersTab;
use crate::ui::notifiers::NotifierTable;
use crate::ui::parts::{Empty, Linked, Sheet};
use crate::ui::projects::ProjectTable;
use crate::ui::rules::RulesPart;

#[derive(Template)]
#[template(path = "services/detail.html")]
struct Detail {
    frame: Frame,
    service: Service,
    description: Linked,
    owner: Option<String>,
    tally: Tally,
    may: May,
    projects: ProjectTable,
    no_projects: Empty,
    rules: RulesPart,
    active: ActivePanel,
    notifiers: NotifierTable,
    firing: ChartOrWords,
    members: MembersTab,
}

/// `GET /service/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let id = ServiceId(id);
    let page = services::page(&server.app, viewer.actor(), id).await?;
    let ServicePage { detail, tally, may } = page;
    let (owner, sort) = (RuleOwner::Service(id), RulesPart::sheet(&sheet).sort());
    let tab = rules::tab(&server.app, viewer.actor(), owner, sort).await?;
    let name = detail.service.name.to_string();
    let crumbs = vec![super::crumb(viewer.t()), Crumb::here(&name)];
    let frame = viewer.frame(name, crumbs);
    let below = sheet.part("page", "projects");
    viewer.show(&Detail {
        projects: ProjectTable::of_service(&server, &viewer, id, &below).await?,
        no_projects: no_projects(&frame, id, may),
        rules: RulesPart::of(&viewer, &frame, tab, &sheet),
        notifiers: NotifierTable::of(&server, &viewer, SenderOwner::Service(id), &sheet).await?,
        members: MembersTab::load(&server, &viewer, RoleOn::Service(id), &sheet).await?,
        active: ActivePanel::of(&server, &viewer, &About::Service(id)).await?,
        firing: chart::firing(&server, &viewer, Whose::Service(id)).await?,
        description: Linked::new(&detail.service.description),
        service: detail.service,
        owner: detail.owner,
        tally,
        may,
        frame,
    })
}

fn no_projects(frame: &Frame, id: ServiceId, may: May) -> Empty {
    let empty = Empty::new(frame.say("services-no-projects"));
    if may.edit {
        empty.next(
            frame.say("services-add-project"),
            format!("/service/{id}/new"),
        )
    } else {
        empty
    }
}
