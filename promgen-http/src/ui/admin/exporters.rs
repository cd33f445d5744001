//! The exporters of all projects.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::exporters::{self, ExporterRow, ExporterSearch};
use promgen_core::model::Scheme;
use promgen_core::store::EveryExporterKey;
use url::form_urlencoded;

use super::{crumbs, states};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Frame, Viewer};
use crate::ui::members::Choices;
use crate::ui::parts::{Chip, Chips, Empty, Headings, Lead, Odd, Pager, Sheet};
use crate::ui::text::Texts;

/// Exporters on a page.
const SIZE: u64 = 50;

/// The list without anything that narrows it.
const ALL: &str = "/admin/exporter";

#[derive(Template)]
#[template(path = "admin/exporters.html")]
struct ExportersPage {
    frame: Frame,
    wanted: String,
    port: String,
    states: Choices,
    /// The kind that the list is cut to.
    kind: Option<Kind>,
    rows: Vec<Row>,
    empty: Empty,
    headings: Headings,
    pager: Pager,
}

struct Row {
    of: ExporterRow,
    /// The list of all that are alike; nothing where there is no other.
    alike: Option<String>,
    /// What is said of the number of them.
    told: String,
}

/// A job and a path that the list is cut to, and the way back to all.
struct Kind {
    job: String,
    path: String,
    chips: Chips,
}

/// `GET /admin/exporter`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let mut odd = Odd::default();
    let job = sheet.filter("job");
    let search = ExporterSearch {
        text: sheet.filter("q"),
        job,
        port: odd.parse(&sheet, "port"),
        // An exporter may have no path of its own; a job without one stands for that.
        path: job.map(|_| sheet.filter("path").unwrap_or_default()),
        enabled: odd.switch(&sheet, "enabled"),
    };
    let (sort, slice) = (sheet.sort(), sheet.slice(SIZE));
    let listed = exporters::overview(&server.app, viewer.actor(), &search, sort, slice).await?;
    let listed = odd.narrow(listed);
    let empty = Empty::new(t.say("admin-exporters-none"));
    viewer.show(&ExportersPage {
        frame: viewer.frame(t.say("admin-exporters"), crumbs(t, "admin-exporters")),
        wanted: search.text.unwrap_or_default().to_owned(),
        port: search.port.map(|port| port.to_string()).unwrap_or_default(),
        states: states(search.enabled, t),
        kind: kind(&search, t),
        empty: odd.empty(t, viewer.here(), empty),
        headings: Headings::new::<EveryExporterKey>(viewer.here(), &sheet),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        rows: listed.items.into_iter().map(|one| row(one, t)).collect(),
    })
}

fn row(row: ExporterRow, t: &Texts) -> Row {
    Row {
        alike: (row.uses > 1).then(|| alike(&row)),
        told: t.count("admin-exporters-alike", row.uses),
        of: row,
    }
}

/// The list of those with the same job, port and path.
fn alike(row: &ExporterRow) -> String {
    let exporter = &row.exporter;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("job", &exporter.job)
        .append_pair("port", &exporter.port.to_string())
        .append_pair("path", &exporter.path)
        .finish();
    format!("{ALL}?{query}")
}

fn kind(search: &ExporterSearch<'_>, t: &Texts) -> Option<Kind> {
    let (job, path) = (search.job?.to_owned(), search.path?.to_owned());
    let chip = Chip {
        name: t.say("admin-exporters-job").into_owned(),
        value: format!("{job} {path}").trim_end().to_owned(),
        lead: Lead::Without(ALL.to_owned()),
    };
    let chips = Chips { chips: vec![chip] };
    Some(Kind { job, path, chips })
}
