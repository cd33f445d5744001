//! The alert history.

use std::borrow::Cow;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::alerts::{self, HistoryRow, HowMany};
use promgen_core::app::hours::{self, Whose};
use promgen_core::model::AlertState;
use promgen_core::store::WhenKey;

use super::filter::Filter;
use crate::Server;
use crate::error::HttpError;
use crate::ui::chart::{self, Chart, ChartOrWords};
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::notifiers::label;
use crate::ui::parts::{Badge, Chips, Empty, Headings, Moment, Sheet};
use crate::ui::text::Texts;

/// Alerts on a page; source: the original.
const SIZE: u64 = 20;

/// The labels that have columns, in their order; source: the original.
const COLUMNS: [&str; 5] = ["alertname", "datasource", "service", "project", "job"];

/// What they are called.
const HEADS: [&str; 5] = [
    "alerts-alertname",
    "alerts-datasource",
    "alerts-service",
    "alerts-project",
    "alerts-job",
];

/// Most values of a label that are shown of one alert.
const VALUES: usize = 3;

#[derive(Template)]
#[template(path = "alerts/list.html")]
struct List {
    frame: Frame,
    chips: Chips,
    search: String,
    kept: Vec<(String, String)>,
    no_sent: String,
    sent_error: String,
    count: String,
    /// The alerts, by the day on which they came.
    days: Vec<Day>,
    empty: Empty,
    headings: Headings,
    oldest_first: bool,
    first: Option<String>,
    next: Option<String>,
    firing: Option<ChartOrWords>,
    drivers: Vec<Chart>,
}

struct Day {
    date: String,
    rows: Vec<Row>,
}

struct Row {
    id: i64,
    at: Moment,
    status: Option<Badge>,
    /// One for each column.
    cells: Vec<Cell>,
    sent: u32,
    errors: u32,
    /// Whether somebody should have heard of it.
    unheard: bool,
}

/// The values of a label.
struct Cell {
    /// What the column is called.
    label: Cow<'static, str>,
    /// Each with a link that asks for it.
    values: Vec<(String, String)>,
    /// How many there are besides.
    more: usize,
}

/// `GET /alert`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let filter = Filter::new(&sheet);
    let mut found =
        alerts::history(&server.app, viewer.actor(), &filter.query, &COLUMNS, SIZE).await?;
    if filter.odd.is_any() {
        (found.rows, found.next, found.count) = (Vec::new(), None, HowMany::Exactly(0));
    }
    let t = viewer.t();
    let (mut firing, mut drivers) = (None, Vec::new());
    if filter.is_plain() {
        firing = Some(chart::firing(&server, &viewer, Whose::Mine).await?);
        drivers = by_driver(&server, &viewer).await?;
    }
    let whole = filter.is_first() && found.next.is_none();
    let is_empty = whole && found.rows.is_empty();
    let title = t.say("frame-alert-history");
    // The other order begins with its first page.
    let here = filter.here();
    let empty = if found.next.is_some() {
        let older = "alerts-none-here";
        let newer = "alerts-none-here-newer";
        let oldest_first = filter.query.oldest_first;
        Empty::new(t.say(if oldest_first { newer } else { older }))
    } else if filter.is_plain() {
        Empty::new(t.say("alerts-none"))
    } else {
        Empty::new(t.say("alerts-none-found")).next(t.say("alerts-all"), "/alert")
    };
    let empty = filter.odd.empty(t, viewer.here(), empty);
    viewer.show(&List {
        chips: Chips {
            chips: filter.chips(t),
        },
        search: filter.query.search.clone(),
        kept: filter.kept(),
        no_sent: filter.with("noSent", "1"),
        sent_error: filter.with("sentError", "1"),
        count: match found.count {
            HowMany::Exactly(count) => t.count("parts-count", count),
            HowMany::MoreThan(count) => t.count("alerts-more-than", count),
            // Of nothing there is nothing to count.
            HowMany::Unknown if is_empty => t.count("parts-count", 0),
            HowMany::Unknown => t.say("alerts-uncounted").into_owned(),
        },
        days: days(found.rows, &filter, t),
        empty,
        headings: Headings::new::<WhenKey>(&here, &sheet).unnumbered(),
        oldest_first: filter.query.oldest_first,
        first: (!filter.is_first()).then(|| filter.first()),
        next: found.next.map(|id| filter.beyond(id)),
        firing,
        drivers,
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}

/// Ids of the charts have to be known beforehand; no program has more drivers.
const IDS: [&str; 8] = [
    "chart_d1", "chart_d2", "chart_d3", "chart_d4", "chart_d5", "chart_d6", "chart_d7", "chart_d8",
];

async fn by_driver(server: &Server, viewer: &Viewer) -> Result<Vec<Chart>, HttpError> {
    let t = viewer.t();
    let drivers = hours::driver_days(&server.app, viewer.actor()).await?;
    let registry = server.app.registry();
    let chart = |(id, (key, days)): (&'static str, (String, Vec<_>))| {
        let label = label(registry, &key, t);
        chart::deliveries(id, t.name("charts-driver", label), &days, t)
    };
    Ok(IDS.into_iter().zip(drivers).map(chart).collect())
}

fn days(rows: Vec<HistoryRow>, filter: &Filter, t: &Texts) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for row in rows {
        let written = t.zone.write(row.alert.created);
        let date = written.split(' ').next().unwrap_or_default().to_owned();
        let row = row_of(row, filter, t);
        match days.last_mut().filter(|day| day.date == date) {
            Some(day) => day.rows.push(row),
            None => days.push(Day {
                date,
                rows: vec![row],
            }),
        }
    }
    days
}

fn row_of(row: HistoryRow, filter: &Filter, t: &Texts) -> Row {
    let alert = row.alert;
    let cells = COLUMNS.into_iter().zip(HEADS).map(|(name, key)| {
        let values = row.labels.get(name).map(Vec::as_slice).unwrap_or_default();
        let shown = values.iter().take(VALUES);
        let linked = shown.map(|value| (value.clone(), filter.with_label(name, value)));
        Cell {
            label: t.say(key),
            values: linked.collect(),
            more: values.len().saturating_sub(VALUES),
        }
    });
    Row {
        id: alert.id.0,
        at: Moment::new(alert.created, t),
        status: super::items::status(&row.status, alert.state, t),
        cells: cells.collect(),
        sent: alert.sent_count,
        errors: alert.error_count,
        unheard: alert.sent_count == 0 && alert.state != AlertState::Dropped,
    }
}
