//! `/audit`

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::audit::{self, Edit};
use promgen_core::store::WhenKey;

use super::asked::Asked;
use super::changes::{Changes, named};
use super::fields::Versions;
use super::row::Row;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::parts::{Chip, Chips, Empty, Headings, Lead, Pager, Sheet, with_query};

/// Entries on a page, as with the original.
const SIZE: u64 = 50;

/// Bytes of JSON that a list shows right away. What is longer has a page of its own, so that a list
/// of large changes stays small.
const MOST_BYTES: usize = 2048;

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage {
    frame: Frame,
    chips: Option<Chips>,
    headings: Headings,
    rows: Vec<Row>,
    empty: Empty,
    pager: Pager,
}

pub(super) async fn list(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (app, actor, t) = (&server.app, viewer.actor(), viewer.t());
    let asked = Asked::read(&sheet);
    let listed = audit::history(app, actor, &asked.filter(), sheet.sorted::<WhenKey>(SIZE)).await?;
    let listed = asked.odd.narrow(listed);
    let titles = audit::titles(app, actor, &asked.histories).await?;
    let first = listed.items.first();
    let known = first.and_then(|edit| edit.view.name());
    let chips = chips(&viewer, &asked, titles, known);
    let title = t.say("audit-title");
    let pager = Pager::new(t, viewer.here(), &sheet, listed.count, SIZE);
    viewer.show(&ListPage {
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
        headings: Headings::new::<WhenKey>(viewer.here(), &sheet),
        chips: (!chips.is_empty()).then_some(Chips { chips }),
        rows: rows(&server, &viewer, listed.items).await?,
        empty: asked
            .odd
            .empty(t, viewer.here(), Empty::new(t.say("audit-empty"))),
        pager,
    })
}

async fn rows(server: &Server, viewer: &Viewer, edits: Vec<Edit>) -> Result<Vec<Row>, HttpError> {
    let t = viewer.t();
    let short = |edit: &Edit| {
        let entry = &edit.view.entry;
        let is_short = entry.before.len() + entry.after.len() <= MOST_BYTES;
        is_short.then(|| Versions::read(entry))
    };
    let versions: Vec<Option<Versions>> = edits.iter().map(short).collect();
    let wanted = named(versions.iter().flatten());
    let names = audit::names(&server.app, viewer.actor(), &wanted).await?;
    let row = |(edit, versions): (Edit, Option<Versions>)| {
        let changes = versions.map(|versions| Changes::of(&versions, &names, t));
        Row::new(edit, changes, t)
    };
    Ok(edits.into_iter().zip(versions).map(row).collect())
}

/// The filters, each with a way to leave it out.
fn chips(
    viewer: &Viewer,
    asked: &Asked,
    titles: Vec<Option<String>>,
    known: Option<&str>,
) -> Vec<Chip> {
    let t = viewer.t();
    let chip = |name: &str, word: &'static str, value: String| Chip {
        name: t.say(word).into_owned(),
        value,
        lead: Lead::Without(with_query(viewer.here(), name, "")),
    };
    let objects = asked.parts.iter().zip(titles).map(|(part, title)| {
        let value = title.unwrap_or_else(|| format!("#{}", part.value));
        chip(part.name, part.word, value)
    });
    let user = asked
        .user(known)
        .map(|user| chip("user", "audit-user", user));
    objects.chain(user).collect()
}
