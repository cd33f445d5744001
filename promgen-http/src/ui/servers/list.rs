//! Every server, with its revision, and what its worker last did.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::servers::{self, ServerKey, ServerReport, ServerStatus};
use promgen_core::app::{deploy, site};
use promgen_core::model::{Server as Prometheus, Timestamp};

use super::TaskCell;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Notice, Posted, Viewer};
use crate::ui::parts::{Badge, Empty, Headings, Moment, Pager, Sheet, Tone};
use crate::ui::text::Texts;

/// Servers on a page.
const SIZE: u64 = 100;

#[derive(Template)]
#[template(path = "servers/list.html")]
struct List {
    frame: Frame,
    revision: i64,
    rows: Vec<Row>,
    headings: Headings,
    pager: Pager,
    empty: Empty,
}

struct Row {
    shard: String,
    shard_link: String,
    address: String,
    status: Badge,
    revision: Option<i64>,
    applied: Option<Moment>,
    seen: Option<Moment>,
    pulled: Option<Moment>,
    error: Option<String>,
    failed: Option<Moment>,
    tasks: TaskCell,
}

/// `GET /servers`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let part = sheet.sorted::<ServerKey>(SIZE);
    let (revision, listed) = servers::page(&server.app, viewer.actor(), part).await?;
    let tasks = servers::tasks(&server.app, viewer.actor()).await?;
    let may = site::may_change(&server.app, viewer.actor());
    let cell = |of: &Prometheus| {
        let own = tasks.get(&of.id).map_or(&[][..], Vec::as_slice);
        TaskCell::new(&viewer, of.id, format!("{}:{}", of.host, of.port), own, may)
    };
    let title = t.say("frame-servers");
    viewer.show(&List {
        revision,
        headings: Headings::new::<ServerKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        rows: listed
            .items
            .into_iter()
            .map(|report| row(cell(&report.server), report, t))
            .collect(),
        empty: Empty::new(t.say("servers-none")).next(t.say("frame-datasource"), "/datasource"),
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}

/// `POST /servers/deploy`
pub(super) async fn deploy(
    State(server): State<Server>,
    Posted { viewer, .. }: Posted,
) -> Result<Response, HttpError> {
    deploy::wake(&server.app, viewer.actor())?;
    let notice = Notice::success(viewer.t().say("servers-woken"));
    Ok(viewer.back_to("/servers", notice))
}

fn row(tasks: TaskCell, report: ServerReport, t: &Texts) -> Row {
    let state = report.state;
    let moment = |at: Option<Timestamp>| at.map(|at| Moment::new(at, t));
    Row {
        shard: report.shard.into(),
        shard_link: format!("/datasource/{}", report.server.shard),
        address: format!("{}:{}", report.server.host, report.server.port),
        status: status(report.status, t),
        revision: state.applied_revision,
        applied: moment(state.applied_at),
        seen: moment(state.seen_at),
        pulled: moment(state.pulled_at),
        failed: moment(state.failed_at),
        error: state.error.map(|one| t.said(&one).into_owned()),
        tasks,
    }
}

fn status(status: ServerStatus, t: &Texts) -> Badge {
    match status {
        ServerStatus::InSync => Badge::new(Tone::Good, t.say("servers-in-sync")),
        ServerStatus::Behind => Badge::new(Tone::Warn, t.say("servers-behind")),
        ServerStatus::Failing => Badge::new(Tone::Bad, t.say("servers-failing")),
        ServerStatus::NeverSeen => Badge::new(Tone::Plain, t.say("servers-never-seen")),
    }
}
