//! How much a shard has to do, from the shard itself.

use std::time::Duration;

use futures_util::StreamExt as _;
use serde::Deserialize;

use super::direct::Direct;
use super::error::{ProxyError, ShardFailure};
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::Shard;

/// How long a shard may take to count, when the counts are only a part of what is asked for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Most bytes of an answer that is one number.
const ANSWER_BYTES: usize = 1024 * 1024;

/// How many shards are asked at once.
const AT_ONCE: usize = 20;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Usage {
    /// Samples of the last scrape of every target.
    Samples,
    /// Targets.
    Exporters,
}

impl Usage {
    /// By the name that the API has for it.
    fn parse(name: &str) -> Option<Self> {
        match name {
            "samples" => Some(Self::Samples),
            "exporters" => Some(Self::Exporters),
            _ => None,
        }
    }

    fn query(self) -> &'static str {
        match self {
            Self::Samples => "sum(scrape_samples_scraped)",
            Self::Exporters => "count(up)",
        }
    }
}

/// What a shard scrapes; `None` where it did not tell in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Samples of the last scrapes.
    pub samples: Option<u64>,
    /// Targets.
    pub targets: Option<u64>,
}

/// Asks one shard, whether it takes part in query proxying or not, how much there is of a `metric`
/// (`samples` or `exporters`), and answers what it says as it is.
///
/// # Errors
/// [`ProxyError::Parameter`] for another metric, [`AppError::NotFound`] for a shard that does not
/// exist, [`ProxyError::Shard`] when it fails.
pub async fn usage(
    app: &App,
    actor: &Actor,
    shard: &str,
    metric: &str,
) -> Result<Vec<u8>, ProxyError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    let usage = Usage::parse(metric).ok_or_else(|| ProxyError::Parameter {
        message: "metric must be samples or exporters".to_owned(),
    })?;
    let found = tx.find_shard(shard).await?;
    drop(tx);
    let shard = found.ok_or_else(|| AppError::not_found("shard", shard))?;
    let asked = ask(app, &shard, usage, app.settings().proxy.timeout).await;
    asked.map_err(|failure| ProxyError::Shard(Box::new(failure)))
}

/// Asks shards what they scrape, all at once and only for a moment. The counts stand in the order
/// of the shards; one that fails has none.
///
/// # Errors
/// [`AppError::Unauthenticated`] for whoever may not see shards.
pub async fn counts(app: &App, access: &Access, shards: &[Shard]) -> Result<Vec<Counts>, AppError> {
    access.require(Act::SeeSite, app.settings())?;
    let mut asking = Vec::new();
    for shard in shards {
        asking.push(counts_of(app, shard));
    }
    let asking = futures_util::stream::iter(asking).buffered(AT_ONCE);
    Ok(asking.collect().await)
}

async fn counts_of(app: &App, shard: &Shard) -> Counts {
    let (samples, targets) = tokio::join!(
        count(app, shard, Usage::Samples),
        count(app, shard, Usage::Exporters)
    );
    Counts { samples, targets }
}

async fn count(app: &App, shard: &Shard, usage: Usage) -> Option<u64> {
    match ask(app, shard, usage, PATIENCE).await {
        Ok(body) => number(&body),
        Err(error) => {
            tracing::debug!(%error, "a shard did not count");
            None
        }
    }
}

async fn ask(
    app: &App,
    shard: &Shard,
    usage: Usage,
    deadline: Duration,
) -> Result<Vec<u8>, ShardFailure> {
    let question = Direct {
        path: "/api/v1/query",
        parameters: &[("query", usage.query())],
        most_bytes: ANSWER_BYTES,
        deadline,
    };
    question.ask(app, shard).await
}

#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    result: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    value: (f64, String),
}

/// The number in an answer; a shard that scrapes nothing answers no sample.
fn number(body: &[u8]) -> Option<u64> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let Some(sample) = answer.data.result.first() else {
        return Some(0);
    };
    let counted: f64 = sample.value.1.parse().ok()?;
    let whole = format!("{counted:.0}");
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(result: &str) -> Option<u64> {
        let body = format!(r#"{{"status":"success","data":{{"result":{result}}}}}"#);
        number(body.as_bytes())
    }

    #[test]
    fn what_is_no_count_gives_none() {
        assert_eq!(
            counted(r#"[{"metric":{},"value":[1.5,"1.2e+03"]}]"#),
            Some(1200)
        );
        assert_eq!(counted("[]"), Some(0));
        for result in [
            r#"[{"value":[1,"NaN"]}]"#,
            r#"[{"value":[1,"-1"]}]"#,
            "[1]",
            "1",
        ] {
            assert_eq!(counted(result), None, "{result}");
        }
    }
}
