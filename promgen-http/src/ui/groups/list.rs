//! The groups that somebody is in; for superusers all of them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::groups::{self, Summary};
use promgen_core::store::GroupKey;

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Empty, Headings, Pager, Sheet};

/// Groups on a page; source: the original.
const SIZE: u64 = 20;

#[derive(Template)]
#[template(path = "groups/list.html")]
struct List {
    frame: Frame,
    /// What the names must hold.
    wanted: String,
    groups: Vec<Summary>,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

impl List {
    /// How many members are not named.
    fn more(&self, summary: &Summary) -> Option<String> {
        let named = summary.roster.first.len() as u64;
        let more = summary.roster.count.saturating_sub(named);
        (more > 0).then(|| self.frame.count("groups-more", more))
    }
}

/// `GET /group`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let wanted = sheet.filter("name");
    let listed = groups::summaries(
        &server.app,
        viewer.actor(),
        wanted,
        sheet.sort(),
        sheet.slice(SIZE),
    )
    .await?;
    let title = t.say("frame-groups");
    let empty = match wanted {
        Some(_) => Empty::new(t.say("groups-none-found")),
        None => Empty::new(t.say("groups-none")).next(t.say("groups-register"), "/group/new"),
    };
    viewer.show(&List {
        wanted: wanted.unwrap_or_default().to_owned(),
        empty,
        headings: Headings::new::<GroupKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        groups: listed.items,
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}
