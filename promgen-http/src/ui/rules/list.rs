//! All rules that somebody may see.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::rules::{self, RuleFilter};
use promgen_core::model::RuleId;
use promgen_core::store::RuleKey;

use super::RuleTable;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Empty, Headings, Odd, Pager, Sheet};

/// Rules on a page; source: the original.
const SIZE: u64 = 50;

/// What a rule can belong to.
const OWNERS: [&str; 3] = ["site", "service", "project"];

#[derive(Template)]
#[template(path = "rules/list.html")]
struct List {
    frame: Frame,
    /// What the names must hold.
    wanted: String,
    /// Whether anything narrows the list.
    narrowed: bool,
    headings: Headings,
    table: Option<RuleTable>,
    empty: Empty,
    pager: Pager,
}

/// `GET /rule`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let mut odd = Odd::default();
    let filter = RuleFilter {
        name: sheet.filter("name"),
        parent: odd.parse(&sheet, "parent").map(RuleId),
        enabled: odd.switch(&sheet, "enabled"),
        owner_kind: odd.one_of(&sheet, "content_type", OWNERS),
        owner_id: odd.parse(&sheet, "object_id"),
    };
    let listed = rules::table(
        &server.app,
        viewer.actor(),
        &filter,
        sheet.sorted::<RuleKey>(SIZE),
    )
    .await?;
    let listed = odd.narrow(listed);
    let narrowed = filter != RuleFilter::default();
    let empty = if narrowed {
        Empty::new(t.say("rules-none-found")).next(t.say("rules-all"), "/rule")
    } else {
        Empty::new(t.say("rules-none")).next(t.say("frame-services"), "/service")
    };
    let empty = odd.empty(t, viewer.here(), empty);
    let title = t.say("frame-rules");
    let frame = viewer.frame(title.clone(), vec![Crumb::here(title.clone())]);
    let headings = Headings::new::<RuleKey>(viewer.here(), &sheet);
    let grouped = sheet.sort::<RuleKey>().key == RuleKey::Owner;
    let table = (listed.count > 0).then(|| {
        let table = if grouped {
            RuleTable::grouped(&frame, title, listed.items)
        } else {
            RuleTable::placed(&frame, title, listed.items)
        };
        table.sorted(headings.clone())
    });
    viewer.show(&List {
        wanted: filter.name.unwrap_or_default().to_owned(),
        narrowed,
        headings,
        table,
        empty,
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        frame,
    })
}
