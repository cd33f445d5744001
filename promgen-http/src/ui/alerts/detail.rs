//! One alert: what it says, who was told and why others were not, and how each delivery went.

use std::borrow::Cow;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use promgen_core::app::alerts::{self, AlertReport};
use promgen_core::app::silences;
use promgen_core::model::{AlertId, Attempt, AttemptOutcome, Delivery, DeliveryState};
use promgen_core::plugin::Registry;
use serde_json::Value;

use super::filter::with_label;
use super::items::{self, Item, beyond};
use super::trace::{self, TracePart};
use crate::Server;
use crate::error::HttpError;
use crate::extract::BigId;
use crate::ui::frame::{Crumb, Frame, Viewer};
use crate::ui::notifiers::label;
use crate::ui::parts::{Badge, Chip, Chips, Code, Lead, Linked, Moment, is_address};
use crate::ui::text::Texts;

/// Most of what a message has that is shown; the raw data has the rest.
const MOST_ITEMS: usize = 50;
const MOST_DELIVERIES: usize = 100;
const MOST_TRIES: usize = 10;

/// Longest raw data in the page; beyond that there is a link.
const MOST_RAW: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "alerts/detail.html")]
struct Detail {
    frame: Frame,
    id: i64,
    at: Moment,
    status: Option<Badge>,
    sent: u32,
    errors: u32,
    /// What went wrong, each once.
    wrong: Vec<String>,
    routing: Chips,
    /// Links to the services and projects that it names.
    search: Vec<(String, String)>,
    labels: Chips,
    annotations: Vec<(String, Linked)>,
    external: Option<String>,
    parts: Vec<TracePart>,
    undecided: u64,
    deliveries: Vec<Row>,
    more_deliveries: u64,
    /// How many can be sent again.
    again: u64,
    items: Vec<Item>,
    more_items: u64,
    raw: Option<Code>,
}

struct Row {
    id: i64,
    driver: String,
    shown: String,
    /// What its part of a split message names.
    part: Option<Chips>,
    sender: Option<String>,
    state: Badge,
    when: Option<Moment>,
    due: Option<Moment>,
    tries: Vec<Try>,
    earlier: u64,
    again: bool,
}

struct Try {
    number: u32,
    at: Moment,
    took: u32,
    sent: bool,
    outcome: Cow<'static, str>,
    message: String,
}

/// `GET /alert/{id}`
pub(super) async fn show(
    State(server): State<Server>,
    viewer: Viewer,
    BigId(id): BigId,
) -> Result<Response, HttpError> {
    let report = alerts::show(&server.app, viewer.actor(), AlertId(id)).await?;
    let t = viewer.t();
    let json: Value = serde_json::from_str(&report.alert.body).unwrap_or_default();
    let status = report
        .routing
        .as_ref()
        .map(|routing| routing.status.clone());
    let name = report.labels.iter().find(|(name, _)| name == "alertname");
    let title = match name {
        Some((_, name)) => name.clone(),
        None => t.with("alerts-number", &[("id", id.to_string().into())]),
    };
    let crumbs = vec![super::crumb(t), Crumb::here(id.to_string())];
    let external = json.get("externalURL").and_then(Value::as_str);
    let count = json
        .get("alerts")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let (parts, undecided) = match &report.routing {
        Some(routing) => trace::parts(routing, &report.deliveries, server.app.registry(), t),
        None => (Vec::new(), 0),
    };
    let labels = items::labels(&json, MOST_ITEMS);
    let may_silence = silences::may_silence(&server.app, viewer.actor(), &labels).await?;
    viewer.show(&Detail {
        frame: viewer.frame(title, crumbs),
        id,
        at: Moment::new(report.alert.created, t),
        status: items::status(&status.unwrap_or_default(), report.alert.state, t),
        sent: report.alert.sent_count,
        errors: report.alert.error_count,
        wrong: wrong(&report, server.app.registry(), t),
        routing: linked(items::pairs(json.get("groupLabels"))),
        search: search(&report),
        labels: linked(others(&json)),
        annotations: items::annotations(json.get("commonAnnotations")),
        external: external.filter(|url| is_address(url)).map(str::to_owned),
        parts,
        undecided,
        more_deliveries: beyond(report.deliveries.len(), MOST_DELIVERIES),
        deliveries: rows(&report, server.app.registry(), t),
        again: beyond(report.again.len(), 0),
        items: items::items(&json, &may_silence, viewer.here().path.as_str(), t),
        more_items: beyond(count, MOST_ITEMS),
        raw: raw(&report.alert.body, &json, t),
    })
}

/// Labels that lead to the alerts that bear them too.
fn linked(pairs: Vec<(String, String)>) -> Chips {
    let chip = |(name, value): (String, String)| Chip {
        lead: Lead::To(with_label(&name, &value)),
        name,
        value,
    };
    Chips {
        chips: pairs.into_iter().map(chip).collect(),
    }
}

/// The common labels by which it was not grouped.
fn others(json: &Value) -> Vec<(String, String)> {
    let grouped = items::pairs(json.get("groupLabels"));
    let mut common = items::pairs(json.get("commonLabels"));
    common.retain(|pair| !grouped.contains(pair));
    common
}

fn search(report: &AlertReport) -> Vec<(String, String)> {
    let named = report.labels.iter();
    let named = named.filter(|(name, _)| name == "service" || name == "project");
    let link = |(name, value): &(String, String)| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("search", value)
            .finish();
        (format!("{name} {value}"), format!("/search?{query}"))
    };
    named.take(MOST_ITEMS).map(link).collect()
}

/// Why it was not routed, and the last answers to what was given up.
fn wrong(report: &AlertReport, registry: &Registry, t: &Texts) -> Vec<String> {
    let dead = report.deliveries.iter();
    let dead = dead.filter(|(delivery, _)| delivery.state == DeliveryState::Dead);
    let last = dead.filter_map(|(delivery, attempts)| {
        let last = attempts.last()?;
        let driver = label(registry, &delivery.driver, t);
        let said = t.said(&last.message);
        Some(format!("{driver} {}: {said}", shown(delivery)))
    });
    let failed = report.error.iter().map(|one| t.said(one).into_owned());
    let mut all: Vec<String> = failed.chain(last).collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MOST_ITEMS);
    all
}

fn rows(report: &AlertReport, registry: &Registry, t: &Texts) -> Vec<Row> {
    let first = report.deliveries.iter().take(MOST_DELIVERIES);
    let row = |(delivery, attempts): &(Delivery, Vec<Attempt>)| {
        let pending = delivery.state == DeliveryState::Pending;
        let earlier = attempts.len().saturating_sub(MOST_TRIES);
        let tries = attempts.iter().skip(earlier);
        Row {
            id: delivery.id.0,
            driver: label(registry, &delivery.driver, t),
            shown: shown(delivery).to_owned(),
            part: part_of(report, delivery),
            sender: delivery.sender.map(|id| format!("/notifier/{id}")),
            state: items::delivery(delivery.state, t),
            when: delivery.finished.map(|at| Moment::new(at, t)),
            due: pending.then(|| Moment::new(delivery.due, t)),
            tries: tries.map(|attempt| tried(attempt, t)).collect(),
            earlier: beyond(attempts.len(), MOST_TRIES),
            again: report.again.contains(&delivery.id),
        }
    };
    first.map(row).collect()
}

/// What a destination is called.
fn shown(delivery: &Delivery) -> &str {
    if delivery.alias.is_empty() {
        &delivery.value
    } else {
        &delivery.alias
    }
}

/// What the part of a split message names that a delivery carries.
fn part_of(report: &AlertReport, delivery: &Delivery) -> Option<Chips> {
    let parts = &report.routing.as_ref()?.parts;
    let part = parts.get(usize::try_from(delivery.part).ok()?)?;
    let named = [("service", &part.service), ("project", &part.project)];
    let named = named
        .into_iter()
        .filter_map(|(label, name)| Some((label, name.clone()?)));
    let named = named.map(|(label, name)| (label.to_owned(), name));
    (parts.len() > 1).then(|| Chips::plain(named))
}

fn tried(attempt: &Attempt, t: &Texts) -> Try {
    Try {
        number: attempt.number,
        at: Moment::new(attempt.started, t),
        took: attempt.took_ms,
        sent: attempt.outcome == AttemptOutcome::Sent,
        outcome: outcome(attempt.outcome, t),
        message: t.said(&attempt.message).into_owned(),
    }
}

fn outcome(outcome: AttemptOutcome, t: &Texts) -> Cow<'static, str> {
    t.say(match outcome {
        AttemptOutcome::Sent => "alerts-try-sent",
        AttemptOutcome::Retry => "alerts-try-retry",
        AttemptOutcome::Permanent => "alerts-try-permanent",
    })
}

/// The message as it was posted, with line breaks; `None` when it is too long for a page.
fn raw(body: &str, json: &Value, t: &Texts) -> Option<Code> {
    let pretty = match serde_json::to_string_pretty(json) {
        Ok(pretty) if !json.is_null() => pretty,
        _ => body.to_owned(),
    };
    let label = t.say("alerts-raw");
    (pretty.len() <= MOST_RAW).then(|| Code::new("raw_json", label, pretty, t))
}
