//! What a query finds on every shard: at the moment, or over the last hours.

use std::collections::BTreeMap;
use std::time::Duration;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use promgen_core::app::AppError;
use promgen_core::app::rules::trial::{
    self, Found, History, Range, Series, Trial, Tried as Query, TriedOf,
};
use promgen_core::model::{Problem, RuleId};
use serde_json::json;

use super::outcome::{self, Outcome};
use super::tracks::{self, ShardTracks};
use super::{form_owner, number};
use crate::Server;
use crate::error::HttpError;
use crate::extract::Id;
use crate::ui::chart::{self, Chart};
use crate::ui::frame::{Posted, Viewer};
use crate::ui::parts::{Chips, Code, Remark, remarks};
use crate::ui::text::Texts;
use crate::ui::wants::Wants;

/// How many hours back a query may be looked at.
const HOURS: [u32; 4] = [1, 6, 24, 168];

/// How many of these have a button.
pub(super) const OFFERED: [u64; 3] = [1, 6, 24];

/// How many times of those are looked at: a chart has no more columns.
const STEPS: u32 = 120;

/// What a shard found.
struct ShardFound {
    shard: String,
    error: Option<String>,
    count: u64,
    series: Vec<(Chips, String)>,
    more: u64,
    /// Alerts that nobody would hear about.
    nobodys: u64,
    /// Alerts that are about somebody else.
    foreign: u64,
    labels: Chips,
    warnings: Vec<String>,
}

/// What the shards found.
#[derive(Template)]
#[template(path = "rules/trial.html")]
pub(super) struct Tried {
    t: Texts,
    /// What is wrong with the query itself.
    remarks: Vec<Remark>,
    expanded: Option<Code>,
    limited: String,
    took: String,
    /// The time that was looked at; empty for the moment.
    span: String,
    /// How many series there are on all shards.
    total: usize,
    /// Whether any shard answered.
    answered: bool,
    now: Option<Vec<ShardFound>>,
    /// How many series there were over the time that was looked at.
    chart: Option<Chart>,
    past: Option<Vec<ShardTracks>>,
}

impl askama::filters::HtmlSafe for Tried {}

/// `POST /rule/{id}/test`: asks all shards what `query` (or `clause`; without either, the rule) finds,
/// or has found in the last `hours`. The id 0 is that of a rule to be, of what `content_type` and
/// `object_id` name. Programs get the part of a page under the name that they give as `target`, as from
/// the original.
pub(super) async fn test(
    State(server): State<Server>,
    Id(id): Id,
    wants: Wants,
    Posted { viewer, form }: Posted,
) -> Result<Response, HttpError> {
    let of = if id > 0 {
        TriedOf::Rule(RuleId(id))
    } else {
        TriedOf::Owner(form_owner(&form)?)
    };
    let clause = form.given("query").or_else(|| form.given("clause"));
    let query = Query {
        clause: clause.map(ToOwned::to_owned),
        of,
    };
    let hours = form.text("hours").parse().ok();
    let hours = HOURS.into_iter().find(|known| Some(*known) == hours);
    let tested = match hours {
        None => now(&server, &viewer, &query).await,
        Some(hours) => past(&server, &viewer, &query, hours).await,
    };
    let tried = match tested {
        Ok(tried) => tried,
        Err(error) => refused(&viewer, &error.problems()?),
    };
    if !wants.page {
        let target = form.given("target").unwrap_or("tested");
        return Ok(Json(json!({ target: tried.to_string() })).into_response());
    }
    let outcome = Outcome::Tried(Box::new(tried));
    outcome::show(&server, &viewer, RuleId(id), &form, outcome).await
}

async fn now(server: &Server, viewer: &Viewer, query: &Query) -> Result<Tried, AppError> {
    let trial = trial::now(&server.app, viewer.actor(), query).await?;
    let common = about(viewer, &trial);
    let found = trial
        .shards
        .iter()
        .filter_map(|(_, found)| found.as_ref().ok());
    let total = found.map(|found| found.count).sum();
    let shards = trial.shards.into_iter();
    Ok(Tried {
        total,
        now: Some(shards.map(|shard| shown(shard, viewer.t())).collect()),
        ..common
    })
}

async fn past(
    server: &Server,
    viewer: &Viewer,
    query: &Query,
    hours: u32,
) -> Result<Tried, AppError> {
    let range = Range {
        back: Duration::from_hours(hours.into()),
        steps: STEPS,
    };
    let History { times, trial } = trial::over(&server.app, viewer.actor(), query, range).await?;
    let common = about(viewer, &trial);
    let found = trial
        .shards
        .iter()
        .filter_map(|(_, found)| found.as_ref().ok());
    let mut counts = vec![0; times.len()];
    for (number, more) in found
        .clone()
        .flat_map(|found| found.counts.iter().enumerate())
    {
        if let Some(sum) = counts.get_mut(number) {
            *sum += more;
        }
    }
    let chart = chart::found(&times, counts, viewer.t());
    Ok(Tried {
        total: found.map(|found| found.count).sum(),
        chart: (!chart.is_empty()).then_some(chart),
        past: Some(tracks::of(viewer.t(), trial.shards)),
        span: viewer.t().count("rules-test-hours", hours.into()),
        ..common
    })
}

/// What is said of any trial.
fn about<T>(viewer: &Viewer, trial: &Trial<T>) -> Tried {
    let t = viewer.t();
    let expanded = Code::new(
        "asked",
        t.say("rules-trial-asked"),
        trial.expanded.clone(),
        t,
    );
    let limited = trial.limited.map(|(services, projects)| {
        let counts = [
            ("services", number(services).into()),
            ("projects", number(projects).into()),
        ];
        t.with("rules-trial-limited", &counts)
    });
    let millis = u64::try_from(trial.took.as_millis()).unwrap_or(u64::MAX);
    Tried {
        answered: trial.shards.iter().any(|(_, found)| found.is_ok()),
        expanded: Some(expanded),
        limited: limited.unwrap_or_default(),
        took: t.count("rules-trial-took", millis),
        ..refused(viewer, &[])
    }
}

/// What is wrong with the query.
fn refused(viewer: &Viewer, problems: &[Problem]) -> Tried {
    Tried {
        t: viewer.t().clone(),
        remarks: remarks(problems, viewer.t()),
        expanded: None,
        limited: String::new(),
        took: String::new(),
        span: String::new(),
        total: 0,
        answered: false,
        now: None,
        chart: None,
        past: None,
    }
}

fn shown((shard, found): (String, Result<Found, String>), t: &Texts) -> ShardFound {
    let (found, error) = match found {
        Ok(found) => (found, None),
        Err(error) => (Found::default(), Some(t.said(&error).into_owned())),
    };
    let one = |series: Series| (chips(series.labels), series.value);
    ShardFound {
        shard,
        error,
        count: number(found.count),
        more: number(found.count.saturating_sub(found.series.len())),
        series: found.series.into_iter().map(one).collect(),
        nobodys: number(found.strays.nobodys),
        foreign: number(found.strays.foreign),
        labels: Chips::plain(found.strays.labels),
        warnings: t.all_said(found.warnings),
    }
}

/// Labels of a series; the name of its metric comes first.
pub(super) fn chips(mut labels: BTreeMap<String, String>) -> Chips {
    let name = labels.remove("__name__");
    let name = name.map(|name| ("__name__".to_owned(), name));
    Chips::plain(name.into_iter().chain(labels))
}
