//! All probes.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::{probes, site};
use promgen_core::model::Probe;
use promgen_core::store::NameKey;

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Frame, Viewer};
use crate::ui::parts::{Empty, Headings, Pager, Sheet};

/// Probes on a page.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "probes/list.html")]
struct List {
    frame: Frame,
    probes: Vec<Probe>,
    may_edit: bool,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

/// `GET /probe`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor) = (&server.app, viewer.actor());
    let listed = probes::list(app, actor, None, sheet.sort(), sheet.slice(SIZE)).await?;
    let t = viewer.t();
    viewer.show(&List {
        probes: listed.items,
        may_edit: site::may_change(app, actor),
        empty: Empty::new(t.say("probes-none")),
        headings: Headings::new::<NameKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        frame: viewer.frame(t.say("frame-probes"), super::crumbs(t, None)),
    })
}
