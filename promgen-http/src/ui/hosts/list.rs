//! All hosts that somebody may see, each once.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::hosts::{self, ListedHost};
use promgen_core::store::NameKey;

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Empty, Headings, Pager, Sheet};

/// Hosts on a page; source: the original.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "hosts/list.html")]
struct List {
    frame: Frame,
    /// What the names must hold.
    wanted: String,
    hosts: Vec<ListedHost>,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

/// `GET /host/`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let wanted = sheet.filter("name");
    let listed = hosts::list(
        &server.app,
        viewer.actor(),
        wanted,
        sheet.sort(),
        sheet.slice(SIZE),
    )
    .await?;
    let t = viewer.t();
    let title = t.say("frame-hosts");
    let empty = match wanted {
        Some(_) => Empty::new(t.say("hosts-none-found")),
        None => Empty::new(t.say("hosts-none")).next(t.say("hosts-to-farms"), "/farm"),
    };
    viewer.show(&List {
        wanted: wanted.unwrap_or_default().to_owned(),
        empty,
        headings: Headings::new::<NameKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        hosts: listed.items,
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}
