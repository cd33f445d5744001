//! All silences that somebody may see.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::silences::{self, SilenceError, Silenced};
use promgen_core::app::{AppError, Listed};

use super::asked::{Asked, NOT, STATES};
use super::order;
use super::row::{SilenceRow, row_of};
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::members::Choices;
use crate::ui::parts::{Chip, Chips, Choice, Empty, Headings, Lead, Pager, Sheet};
use crate::ui::text::Texts;

/// Silences on a page.
const SIZE: u64 = 50;

/// Most labels and values that are suggested.
const SUGGESTIONS: usize = 200;

#[derive(Template)]
#[template(path = "silences/list.html")]
struct List {
    frame: Frame,
    trouble: Vec<String>,
    chips: Chips,
    states: Choices,
    asked: Asked,
    /// The labels of the matchers that there are, and their values.
    labels: Vec<String>,
    values: Vec<String>,
    /// Whether whoever looks may silence anything.
    may_silence: bool,
    rows: Vec<SilenceRow>,
    headings: Headings,
    pager: Pager,
    empty: Empty,
}

/// `GET /silence`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let t = viewer.t();
    let may_silence = silences::may_make(&server.app, viewer.actor()).await?;
    let (all, trouble) = all(&server, &viewer).await?;
    let (labels, values) = suggestions(&all);
    let asked = Asked::read(&sheet);
    let own = viewer.known().map(|user| user.username.as_str());
    let mut wanted: Vec<Silenced> = all
        .into_iter()
        .filter(|silence| asked.finds(silence, own))
        .collect();
    let sort = order::asked(&sheet, asked.state);
    wanted.sort_by(|a, b| order::compare(sort, a, b));
    let listed = asked.odd.narrow(Listed::cut(wanted, sheet.slice(SIZE)));
    let title = t.say("frame-silences");
    let empty = if asked.is_all() {
        Empty::new(t.say("silences-none"))
    } else {
        Empty::new(t.say("silences-none-found")).next(t.say("silences-all"), "/silence")
    };
    let empty = asked.odd.empty(t, viewer.here(), empty);
    // What is asked for stays when something is done.
    let here = match viewer.here().full() {
        plain if plain == "/silence" => String::new(),
        here => here,
    };
    viewer.show(&List {
        labels,
        values,
        may_silence,
        trouble,
        chips: Chips {
            chips: chips(&asked),
        },
        states: states(&asked, t),
        headings: Headings::in_order(viewer.here(), &sheet, sort),
        pager: Pager::new(t, viewer.here(), &sheet, listed.count, SIZE),
        rows: listed
            .items
            .iter()
            .map(|silence| row_of(silence, &asked, &here, t))
            .collect(),
        empty,
        asked,
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
    })
}

/// The silences, and why these may not be all: an Alertmanager that is away is no error of a page.
async fn all(server: &Server, viewer: &Viewer) -> Result<(Vec<Silenced>, Vec<String>), HttpError> {
    match silences::list(&server.app, viewer.actor()).await {
        Ok(merged) => Ok((merged.items, viewer.t().all_said(merged.warnings))),
        Err(AppError::Silence(error @ (SilenceError::NotConfigured | SilenceError::Failed(_)))) => {
            let text = viewer.t().joined(&error.to_string(), error.remedy());
            Ok((Vec::new(), vec![text]))
        }
        Err(error) => Err(error.into()),
    }
}

/// The matchers that are asked for; each leads to the list without it.
fn chips(asked: &Asked) -> Vec<Chip> {
    let chip = |(at, (name, value)): (usize, &(String, String))| {
        // A mark stands for an operator that must not match.
        let (name, value) = match name.strip_prefix('!') {
            Some(name) => (name, format!("{NOT}{value}")),
            None => (name.as_str(), value.clone()),
        };
        Chip {
            name: name.to_owned(),
            value,
            lead: Lead::Without(asked.without(at)),
        }
    };
    asked.matchers.iter().enumerate().map(chip).collect()
}

/// The labels that matchers have, those of services and projects first, and the values.
fn suggestions(silences: &[Silenced]) -> (Vec<String>, Vec<String>) {
    let matchers = || silences.iter().flat_map(|silence| &silence.matchers);
    let labels: BTreeSet<&str> = matchers().map(|one| one.name.as_str()).collect();
    let values: BTreeSet<&str> = matchers().map(|one| one.value.as_str()).collect();
    let mut labels: Vec<&str> = labels.into_iter().collect();
    labels.sort_by_key(|label| !matches!(*label, "service" | "project"));
    let few = |all: Vec<&str>| -> Vec<String> {
        let few = all.into_iter().take(SUGGESTIONS);
        few.map(str::to_owned).collect()
    };
    (few(labels), few(values.into_iter().collect()))
}

/// The states to choose from: those that are not over, or one alone.
fn states(asked: &Asked, t: &Texts) -> Choices {
    let any = Choice::new("", t.say("silences-not-over"), asked.state.is_none());
    let named = STATES.map(|(word, state)| {
        let label = super::row::state(state, t);
        Choice::new(word, label, asked.state == Some(state))
    });
    Choices::of(std::iter::once(any).chain(named).collect())
}
