//! The rules of the site, which everybody shares.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::rules;
use promgen_core::model::RuleOwner;
use promgen_core::store::RuleKey;

use super::RuleTable;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Empty, Headings, Pager, Sheet};

/// Rules on a page.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "rules/site.html")]
struct SitePage {
    frame: Frame,
    domain: String,
    may_edit: bool,
    table: Option<RuleTable>,
    empty: Empty,
    pager: Pager,
}

/// `GET /site`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let part = sheet.sorted::<RuleKey>(SIZE);
    let owned = rules::owned(&server.app, viewer.actor(), RuleOwner::Site, part).await?;
    let title = t.say("frame-site");
    let frame = viewer.frame(title.clone(), vec![Crumb::here(title.clone())]);
    let empty = Empty::new(t.say("rules-none-site"));
    let empty = if owned.may_edit {
        empty.next(t.say("rules-register"), "/site/1/rule")
    } else {
        empty
    };
    let count = owned.rules.count;
    let headings = Headings::new::<RuleKey>(viewer.here(), &sheet).in_effect("name");
    let table =
        (count > 0).then(|| RuleTable::plain(&frame, title, owned.rules.items).sorted(headings));
    viewer.show(&SitePage {
        domain: owned.owner.name,
        may_edit: owned.may_edit,
        table,
        empty,
        pager: Pager::new(t, viewer.here(), &sheet, count, SIZE),
        frame,
    })
}
