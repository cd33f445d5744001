//! All URLs that somebody may see, below their services and projects.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::urls::{self, UrlRow};
use promgen_core::model::ProjectId;
use promgen_core::store::{Sort, UrlKey};

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Empty, Headings, Odd, Pager, Sheet};

/// URLs on a page.
const SIZE: u64 = 100;

#[derive(Template)]
#[template(path = "urls/list.html")]
struct List {
    frame: Frame,
    groups: Vec<Vec<UrlRow>>,
    /// Whether the URLs of a project do not stand together.
    flat: bool,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

/// `GET /url`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let mut odd = Odd::default();
    let project = odd.parse(&sheet, "project").map(ProjectId);
    let sort: Sort<UrlKey> = sheet.sort();
    let slice = sheet.slice(SIZE);
    let listed = urls::rows(&server.app, viewer.actor(), project, sort, slice).await?;
    let listed = odd.narrow(listed);
    let t = viewer.t();
    let title = t.say("frame-urls");
    let mut groups: Vec<Vec<UrlRow>> = Vec::new();
    for row in listed.items {
        let same = |group: &&mut Vec<UrlRow>| {
            let first = group.first();
            first.is_some_and(|first| first.project.id == row.project.id)
        };
        match groups.last_mut().filter(same) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    let empty = Empty::new(t.say("urls-none")).next(t.say("urls-to-services"), "/service");
    viewer.show(&List {
        groups,
        flat: sort.key != UrlKey::Project,
        headings: Headings::new::<UrlKey>(viewer.here(), &sheet),
        empty: odd.empty(t, viewer.here(), empty),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}
