//! Trying a query out: what a clause finds on every shard at the moment, and over the last hours.
//!
//! The macro is expanded as in the rule that the clause is for. Nobody gets to see more series than
//! those of the services and projects that they see (`promql`), whatever the clause asks for.

mod answer;
mod strays;

pub use answer::{Found, Series, Track, Tracks};
pub use strays::Strays;

use std::time::Duration;

use self::answer::{Grid, Reading};
use self::strays::Home;
use super::family::Family;
use super::require;
use crate::app::change::refuse_errors;
use crate::app::policy::{Access, Act};
use crate::app::proxy::{self, Each, Endpoint, Parameters, ProxyError, Question};
use crate::app::{Actor, App, AppError};
use crate::model::{RuleId, RuleOwner, Timestamp};
use crate::rules::{OverrideIndex, expand};

/// A clause, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// `PromQL`, macro included; `None` for the rule's own.
    pub clause: Option<String>,
    /// What it is the clause of.
    pub of: TriedOf,
}

/// What a clause is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriedOf {
    /// A rule that is there: its overrides count.
    Rule(RuleId),
    /// A rule to be, of this owner.
    Owner(RuleOwner),
}

/// What each shard had to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial<T> {
    /// The clause as it was asked, but for what the viewer may not see.
    pub expanded: String,
    /// How many services and projects it was limited to; `None` for everything.
    pub limited: Option<(usize, usize)>,
    /// How long the slowest shard took.
    pub took: Duration,
    /// The shards in their order, each with what it found or what went wrong there.
    pub shards: Vec<(String, Result<T, String>)>,
}

/// A time in the past, up to the present, in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// How far back.
    pub back: Duration,
    /// How many steps.
    pub steps: u32,
}

impl Range {
    /// The length of a step, a second at least.
    fn step(self) -> Duration {
        (self.back / self.steps.max(1)).max(Duration::from_secs(1))
    }
}

/// What a clause has found over some time.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The times that were looked at, from the first to the present.
    pub times: Vec<Timestamp>,
    /// What each shard had to say.
    pub trial: Trial<Tracks>,
}

/// What a clause finds at the moment.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown rule or owner, [`AppError::Forbidden`] without a role on
/// it, [`AppError::Invalid`] about `clause` for what cannot be asked. What goes wrong at a shard is
/// told of the shard.
pub async fn now(app: &App, actor: &Actor, tried: &Tried) -> Result<Trial<Found>, AppError> {
    let prepared = prepare(app, actor, tried).await?;
    let at = ("time".to_owned(), seconds(app.now()));
    let home = prepared.home;
    let read = move |reading: &Reading<'_>| reading.found(&home);
    prepared
        .asking
        .ask(app, Endpoint::Query, vec![at], read)
        .await
}

/// What a clause would have found in a time that is past.
///
/// # Errors
/// As for [`now`].
pub async fn over(
    app: &App,
    actor: &Actor,
    tried: &Tried,
    range: Range,
) -> Result<History, AppError> {
    let prepared = prepare(app, actor, tried).await?;
    let (end, step) = (app.now(), range.step());
    let start = end.minus(range.back);
    let times = std::iter::successors(Some(start), |at| {
        Some(at.plus(step)).filter(|next| *next <= end)
    });
    let times: Vec<Timestamp> = times.collect();
    let parameters = vec![
        ("start".to_owned(), seconds(start)),
        ("end".to_owned(), seconds(end)),
        ("step".to_owned(), step.as_secs_f64().to_string()),
    ];
    let grid = Grid {
        start,
        step,
        steps: times.len(),
    };
    let read = move |reading: &Reading<'_>| reading.tracks(&grid);
    let asking = prepared.asking;
    let trial = asking
        .ask(app, Endpoint::QueryRange, parameters, read)
        .await?;
    Ok(History { times, trial })
}

fn seconds(at: Timestamp) -> String {
    format!("{}.{:03}", at.0 / 1000, at.0 % 1000)
}

struct Prepared {
    asking: Asking,
    home: Home,
}

/// A clause that may be asked.
struct Asking {
    asked: proxy::Asked,
    /// With all that overrides cover: what goes out.
    query: String,
    /// With what the viewer may see of it.
    shown: String,
}

async fn prepare(app: &App, actor: &Actor, tried: &Tried) -> Result<Prepared, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Query, app.settings())?;
    let (rule, owner) = match tried.of {
        TriedOf::Owner(owner) => (None, owner),
        TriedOf::Rule(id) => {
            let rule = tx.load_rule(id).await?;
            let rule = rule.ok_or_else(|| AppError::not_found("rule", &id))?;
            let owner = rule.owner;
            (Some(rule), owner)
        }
    };
    require(app, &tx, &access, Act::See, owner).await?;
    let own = rule.as_ref().map(|rule| rule.clause.as_str());
    let clause = tried.clause.as_deref().or(own).unwrap_or_default();
    if clause.trim().is_empty() {
        let message = "is empty, and asks for nothing";
        return Err(AppError::invalid("clause", message, "write a query"));
    }
    let tree = match &rule {
        Some(rule) => tx.load_around(rule).await?,
        None => tx.load_owners_of_rules(&[]).await?,
    };
    let id = rule.as_ref().map_or(RuleId(0), |rule| rule.id);
    let expanded = expand(clause, OverrideIndex::new(&tree).of(id));
    refuse_errors(expanded.problems)?;
    let asked = proxy::prepare(&tx, &access).await.map_err(refused)?;
    Ok(Prepared {
        asking: Asking {
            asked,
            query: expanded.text,
            shown: Family::new(&tree, &access).expanded(id, clause),
        },
        home: Home::load(&tx, owner).await?,
    })
}

impl Asking {
    async fn ask<T: Send + 'static>(
        self,
        app: &App,
        endpoint: Endpoint,
        mut parameters: Parameters,
        read: impl Fn(&Reading<'_>) -> T + Send + 'static,
    ) -> Result<Trial<T>, AppError> {
        parameters.push(("query".to_owned(), self.query));
        let question = Question {
            endpoint,
            parameters,
            posted: false,
            referer: None,
        };
        let began = app.now();
        let each = proxy::each(app, self.asked, question).await;
        let each = each.map_err(refused)?;
        let took = app.now().since(began);
        let limit = each.limit.as_ref();
        let limited = limit.map(|limit| (limit.services.len(), limit.projects.len()));
        // Megabytes may have come.
        let shards = tokio::task::spawn_blocking(move || shards(&each, &read));
        let shards = shards.await.map_err(|error| AppError::Internal {
            message: error.to_string(),
        })?;
        Ok(Trial {
            expanded: self.shown,
            limited,
            took,
            shards,
        })
    }
}

fn shards<T>(each: &Each, read: &impl Fn(&Reading<'_>) -> T) -> Vec<(String, Result<T, String>)> {
    let told = |shard: &proxy::OfShard| {
        let outcome = match &shard.sent {
            Ok(sent) => Reading::of(sent).map(|reading| read(&reading)),
            Err(failure) => Err(failure.clone()),
        };
        (shard.shard.clone(), outcome)
    };
    each.shards.iter().map(told).collect()
}

/// What keeps a clause from being asked at all is the clause's fault, or nobody's.
fn refused(error: ProxyError) -> AppError {
    match error {
        ProxyError::App(error) => error,
        ProxyError::Query(error) => {
            let remedy = "correct it, or ask for something simpler";
            AppError::invalid("clause", error.to_string(), remedy)
        }
        other => AppError::Peer {
            message: other.to_string(),
        },
    }
}
