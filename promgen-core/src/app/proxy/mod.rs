//! Prometheus' HTTP API over all shards that take part in query proxying.
//!
//! A question goes to every such shard at once; the answers are put together in the order of the
//! shards (`merge`). A shard that fails becomes a warning beside what the others said; only when
//! all fail is there an error. What answers may take of memory is bounded by `proxy.max_bytes`, and
//! by four times that over all questions (`budget`): not by what shards send.
//!
//! With `proxy.enforce`, whoever does not see everything gets the series of the services and
//! projects that they see, and a warning that says so; see [`crate::promql`].

mod access;
mod budget;
mod direct;
mod each;
mod error;
mod load;
mod merge;
mod places;
mod question;
mod shards;
mod targets;
mod usage;

use std::collections::HashSet;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

pub use access::admit;
pub(super) use budget::Memory;
pub(super) use each::{Asked, Each, OfShard, each, prepare};
pub use error::{Failure, ProxyError, Refusal, ShardFailure};
pub use load::{LoadPoint, load};
pub use places::{Place, places};
pub use question::{Endpoint, Parameters, Question};
pub(super) use targets::Reasons;
pub use targets::{TargetHealth, TargetsHealth, host_health, project_health};
pub use usage::{Counts, counts, usage};

use super::{Actor, App, AppError};
use crate::model::Shard;
use crate::promql::Limit;
use access::View;
use merge::Merge;
use shards::Round;

/// Asks all shards.
///
/// The answer is JSON in the shape of Prometheus. It holds on to its memory until it is dropped.
///
/// # Errors
/// [`ProxyError`]; as long as one shard answers, the others are only warnings.
pub async fn ask(app: &App, actor: &Actor, question: Question) -> Result<Bytes, ProxyError> {
    let view = access::view(app, actor).await?;
    let mut warnings = Vec::new();
    if view.shards.is_empty() {
        warnings.push("no shard takes part in queries; set `proxy: true` on one".to_owned());
    }
    let mut patience = question.deadline(app.settings().proxy.timeout);
    let mut metrics = None;
    if let Some(limit) = &view.limit {
        warnings.push(told(limit));
        if question.endpoint == Endpoint::Metadata {
            // Two rounds share the time of one.
            patience /= 2;
            let names = visible_metrics(app, &view, limit, patience).await?;
            warnings.extend(names.warnings);
            metrics = Some(names.data);
        }
    }
    let asking = Asking {
        shards: view.shards,
        limit: view.limit,
        metrics,
        warnings,
        patience,
    };
    asking.ask(app, question).await
}

/// A question with all that is known about who asks.
struct Asking {
    shards: Vec<Shard>,
    limit: Option<Limit>,
    metrics: Option<HashSet<String>>,
    warnings: Vec<String>,
    /// How long each shard may take.
    patience: Duration,
}

impl Asking {
    async fn ask(self, app: &App, question: Question) -> Result<Bytes, ProxyError> {
        let settings = &app.settings().proxy;
        let (limit, of) = (self.limit, question.clone());
        let asks = blocking(move || Ok(of.narrowed(limit.as_ref())?)).await?;
        let budget = app.proxy_memory().budget(self.shards.len() * asks.len());
        let round = Round {
            client: app.egress(),
            question: &question,
            asks: &asks,
            deadline: self.patience,
        };
        let answers = round.ask(&self.shards, &budget).await;
        if budget.is_crowded() {
            return Err(ProxyError::Crowded);
        }
        let merge = Merge {
            question,
            answers,
            metrics: self.metrics,
            warnings: self.warnings,
            limit_bytes: settings.max_bytes,
        };
        blocking(move || {
            let merged = merge.run(&budget)?;
            Ok(budget.hold(merged))
        })
        .await
    }
}

/// Work that takes a processor for a while.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ProxyError> + Send + 'static,
) -> Result<T, ProxyError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| {
        let message = error.to_string();
        Err(AppError::Internal { message }.into())
    })
}

fn told(limit: &Limit) -> String {
    format!(
        "limited to what you may see: {} services and {} projects",
        limit.services.len(),
        limit.projects.len()
    )
}

/// The metrics of which somebody sees a series. Metadata bears no labels, so that this is the only
/// way to tell whose it is.
async fn visible_metrics(
    app: &App,
    view: &View,
    limit: &Limit,
    patience: Duration,
) -> Result<Names, ProxyError> {
    let asking = Asking {
        shards: view.shards.clone(),
        limit: Some(limit.clone()),
        metrics: None,
        warnings: Vec::new(),
        patience,
    };
    let names = Question {
        endpoint: Endpoint::LabelValues("__name__".to_owned()),
        parameters: Vec::new(),
        posted: false,
        referer: None,
    };
    let answer = asking.ask(app, names).await?;
    serde_json::from_slice(&answer).map_err(|error| {
        let message = error.to_string();
        AppError::Internal { message }.into()
    })
}

/// An answer of ours about the values of a label.
#[derive(Deserialize)]
struct Names {
    data: HashSet<String>,
    #[serde(default)]
    warnings: Vec<String>,
}
