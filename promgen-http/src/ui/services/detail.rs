//! One service, with what belongs to it in tabs.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::policy::May;
use promgen_core::app::rules;
use promgen_core::app::services::{self, ServicePage};
use promgen_core::model::{RoleOn, RuleOwner, Service, ServiceId};
use promgen_core::store::Tally;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::members::MembersTab;
use crate::ui::parts::Sheet;
use crate::ui::rules::RulesPart;

#[derive(Template)]
#[template(path = "services/detail.html")]
struct Detail {
    frame: Frame,
    service: Service,
    owner: Option<String>,
    tally: Tally,
    may: May,
    rules: RulesPart,
    members: MembersTab,
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
    let on = RoleOn::Service(detail.service.id);
    let members = MembersTab::load(&server, &viewer, on, &sheet).await?;
    let name = detail.service.name.to_string();
    let crumbs = vec![super::crumb(viewer.t()), Crumb::here(&name)];
    let tab = rules::tab(
        &server.app,
        viewer.actor(),
        RuleOwner::Service(ServiceId(id)),
    )
    .await?;
    let frame = viewer.frame(name, crumbs);
    viewer.show(&Detail {
        rules: RulesPart::of(&frame, tab),
        frame,
        service: detail.service,
        owner: detail.owner,
        tally,
        may,
        members,
    })
}
