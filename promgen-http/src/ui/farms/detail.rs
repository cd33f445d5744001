//! One farm, with its hosts.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::farms::{self, FarmOverview};
use promgen_core::model::FarmId;
use promgen_core::store::NameKey;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::frame::{Frame, Viewer};
use crate::ui::parts::{Empty, Headings, Pager, Sheet};

/// Hosts on a page.
const SIZE: u64 = 100;

#[derive(Template)]
#[template(path = "farms/detail.html")]
struct Detail {
    frame: Frame,
    page: FarmOverview,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

/// `GET /farm/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    Id(id): Id,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let part = sheet.sorted::<NameKey>(SIZE);
    let page = farms::overview(&server.app, viewer.actor(), FarmId(id), part).await?;
    let t = viewer.t();
    let local = page.served.farm.is_local();
    let empty = Empty::new(t.say("farms-no-hosts"));
    let empty = match (page.may_edit, local) {
        (true, true) => empty.next(t.say("farms-add-hosts"), format!("/farm/{id}/hosts")),
        (true, false) => empty.next(t.say("farms-sync"), format!("/farm/{id}/refresh")),
        (false, _) => empty,
    };
    viewer.show(&Detail {
        empty,
        headings: Headings::new::<NameKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, page.hosts.count, SIZE),
        frame: viewer.frame(
            page.served.farm.name.to_string(),
            super::crumbs(t, &page, None),
        ),
        page,
    })
}
