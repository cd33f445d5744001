//! All services that somebody may see.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::services::{self, ServiceCard};
use promgen_core::store::ServiceKey;

use super::Beat;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Empty, Headings, Linked, Pager, Sheet};

/// Services on a page; source: the original.
const SIZE: u64 = 20;

#[derive(Template)]
#[template(path = "services/list.html")]
struct List {
    frame: Frame,
    /// What the names must hold.
    wanted: String,
    /// Each with what fires and what is silenced.
    services: Vec<(ServiceCard, Beat)>,
    /// Whether there is an Alertmanager.
    watched: bool,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

impl List {
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn description(&self, card: &ServiceCard) -> Linked {
        Linked::new(&card.service.description)
    }
}

/// `GET /service`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let wanted = sheet.filter("name");
    let listed = services::cards(
        &server.app,
        viewer.actor(),
        wanted,
        sheet.sort(),
        sheet.slice(SIZE),
    )
    .await?;
    let beats = Beat::of(&server, &viewer, &listed.items).await?;
    let title = t.say("frame-services");
    let empty = match wanted {
        Some(_) => Empty::new(t.say("services-none-found")),
        None => Empty::new(t.say("services-none")).next(t.say("services-register"), "/new/service"),
    };
    viewer.show(&List {
        wanted: wanted.unwrap_or_default().to_owned(),
        empty,
        headings: Headings::new::<ServiceKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        watched: beats.iter().any(Beat::is_known),
        services: listed.items.into_iter().zip(beats).collect(),
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}
