//! All shards, the one with the most projects first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::datasources::{self, Datasource};
use promgen_core::app::site;
use promgen_core::store::{ShardKey, ShardService};

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Empty, Headings, Pager, Sheet};

/// Shards on a page.
const SIZE: u64 = 20;

/// Services that a card names; the page of the shard has all.
const SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "shards/list.html")]
struct List {
    frame: Frame,
    cards: Vec<Card>,
    may_edit: bool,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

struct Card(Datasource);

impl Card {
    fn services(&self) -> &[ShardService] {
        let services = &self.0.services;
        services.get(..SHOWN).unwrap_or(services)
    }

    /// How many services are not named.
    fn more(&self) -> u64 {
        self.0.services.len().saturating_sub(SHOWN) as u64
    }
}

/// `GET /datasource`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let listed = datasources::list(app, actor, sheet.sort(), sheet.slice(SIZE)).await?;
    let t = viewer.t();
    let may_edit = site::may_change(app, actor);
    let title = t.say("frame-datasource");
    let empty = Empty::new(t.say("shards-none"));
    viewer.show(&List {
        cards: listed.items.into_iter().map(Card).collect(),
        empty: if may_edit {
            empty.next(t.say("shards-new"), "/datasource/new")
        } else {
            empty
        },
        may_edit,
        headings: Headings::new::<ShardKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}
