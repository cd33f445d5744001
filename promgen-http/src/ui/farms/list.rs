//! All farms that somebody may see.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms::{self, FarmFilter, FarmRow};
use promgen_core::store::FarmKey;

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Choice, Empty, Headings, Pager, Sheet};

/// Farms on a page; source: the original.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "farms/list.html")]
struct List {
    frame: Frame,
    /// What the names must hold.
    wanted: String,
    sources: Vec<Choice>,
    farms: Vec<FarmRow>,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

/// `GET /farm`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let filter = FarmFilter {
        name: sheet.filter("name"),
        source: sheet.filter("source"),
    };
    let listed = farms::board(
        &server.app,
        viewer.actor(),
        filter,
        sheet.sort(),
        sheet.slice(SIZE),
    )
    .await?;
    let sources = farms::sources(&server.app, viewer.actor())?;
    let sources = sources.into_iter().map(|one| {
        let chosen = filter.source == Some(one.name.as_str());
        Choice::new(one.name.clone(), one.name, chosen)
    });
    let t = viewer.t();
    let title = t.say("frame-farms");
    let empty = if filter == FarmFilter::default() {
        Empty::new(t.say("farms-none")).next(t.say("farms-to-services"), "/service")
    } else {
        Empty::new(t.say("farms-none-found"))
    };
    viewer.show(&List {
        wanted: filter.name.unwrap_or_default().to_owned(),
        sources: sources.collect(),
        empty,
        headings: Headings::new::<FarmKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        farms: listed.items,
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}
