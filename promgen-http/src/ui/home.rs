//! `/`: what somebody is subscribed to, and the way to the first alert for as long as there is none.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::guide;
use promgen_core::app::hours::Whose;
use promgen_core::app::services::{self, ServiceCard};

use super::chart::{self, ChartOrWords};
use super::frame::{Frame, Viewer};
use super::guide::Steps;
use super::parts::{Empty, Linked, Pager, Sheet};
use super::services::Beat;
use crate::Server;
use crate::error::HttpError;

/// Services on a page; as in their list.
const SIZE: u64 = 20;

#[derive(Template)]
#[template(path = "home/page.html")]
struct Home {
    frame: Frame,
    /// The way to the first alert, while it is not done.
    steps: Option<Steps>,
    blocks: Vec<Block>,
    empty: Empty,
    pager: Pager,
    firing: ChartOrWords,
}

/// A service that somebody hears of.
struct Block {
    card: ServiceCard,
    description: Linked,
    projects: String,
    rules: String,
    notifiers: String,
    beat: Beat,
}

/// `GET /`
pub(crate) async fn home(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    let listed = services::subscribed(app, actor, sheet.slice(SIZE)).await?;
    let guide = guide::glance(app, actor).await?;
    let beats = Beat::of(&server, &viewer, &listed.items).await?;
    let block = |(card, beat): (ServiceCard, Beat)| Block {
        description: Linked::new(&card.service.description),
        projects: t.count("home-projects", card.tally.projects),
        rules: t.count("home-rules", card.tally.rules),
        notifiers: t.count("home-notifiers", card.tally.senders),
        beat,
        card,
    };
    viewer.show(&Home {
        frame: viewer.frame(t.say("home-title"), Vec::new()),
        firing: chart::firing(&server, &viewer, Whose::Mine).await?,
        steps: guide.map(|guide| Steps::of(&guide, t)),
        empty: Empty::new(t.say("home-empty-next")).next(t.say("home-services"), "/service"),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        blocks: listed.items.into_iter().zip(beats).map(block).collect(),
    })
}
