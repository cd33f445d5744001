//! `/`: what somebody is subscribed to, and the way to the first alert for as long as there is none.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::hours::Whose;
use promgen_core::app::services::{self, ServiceCard};
use promgen_core::app::silences::{About, ActiveAlert, Around};
use promgen_core::app::{guide, silences};

use super::chart::{self, ChartOrWords};
use super::frame::{Frame, Viewer};
use super::guide::Steps;
use super::parts::{Badge, Empty, Linked, Pager, Sheet, Tone};
use super::text::Texts;
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
    /// Nothing is said where no Alertmanager is set up.
    alerts: Option<Badge>,
    /// Whether there are any.
    active: bool,
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
    let around = silences::around(app, actor, &About::Mine).await?;
    let block = |card: ServiceCard| {
        let count = count(&around, &card.service.name);
        Block {
            description: Linked::new(&card.service.description),
            projects: t.count("home-projects", card.tally.projects),
            rules: t.count("home-rules", card.tally.rules),
            notifiers: t.count("home-notifiers", card.tally.senders),
            alerts: around.configured.then(|| badge(t, count)),
            active: count.is_some_and(|count| count > 0),
            card,
        }
    };
    viewer.show(&Home {
        frame: viewer.frame(t.say("home-title"), Vec::new()),
        firing: chart::firing(&server, &viewer, Whose::Mine).await?,
        steps: guide.map(|guide| Steps::of(&guide, t)),
        empty: Empty::new(t.say("home-empty-next")).next(t.say("home-services"), "/service"),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        blocks: listed.items.into_iter().map(block).collect(),
    })
}

/// How many alerts of a service are active; `None` while no Alertmanager says so.
fn count(around: &Around, service: &str) -> Option<u64> {
    let named = |alert: &&ActiveAlert| alert.labels.get("service").is_some_and(|s| s == service);
    let count = around.alerts.iter().filter(named).count();
    let known = around.configured && around.trouble.is_empty();
    (known || count > 0).then(|| u64::try_from(count).unwrap_or(u64::MAX))
}

/// How many alerts are active, in a word and a colour.
fn badge(t: &Texts, count: Option<u64>) -> Badge {
    match count {
        None => Badge::new(Tone::Plain, t.say("home-unknown")),
        Some(0) => Badge::new(Tone::Good, t.say("home-quiet")),
        Some(count) => Badge::new(Tone::Bad, t.count("home-active", count)),
    }
}
