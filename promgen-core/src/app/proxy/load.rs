//! How the load of a shard went over the last hours, from the shard itself.

use std::time::Duration;

use serde::Deserialize;

use super::direct::Direct;
use super::error::{Failure, ProxyError, ShardFailure};
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::{Shard, ShardId, Timestamp};

/// How far back it goes.
const SPAN: Duration = Duration::from_hours(6);

/// Time between two points: as many as a narrow chart has room for.
const STEP: Duration = Duration::from_mins(5);

/// How long a shard may take: a page waits for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Most bytes of an answer of some dozen numbers.
const ANSWER_BYTES: usize = 256 * 1024;

/// What is scraped from all targets; unlike the head of the database it is there whether or not
/// Prometheus scrapes itself.
const QUERY: &str = "sum(scrape_samples_scraped)";

/// The samples of the last scrapes of all targets of a shard at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadPoint {
    /// The time.
    pub at: Timestamp,
    /// How many samples.
    pub samples: f64,
}

/// How many samples a shard scraped over the last six hours, oldest first; none where it scraped
/// nothing.
///
/// # Errors
/// [`AppError::NotFound`] for a shard that does not exist, [`ProxyError::Shard`] when it fails or
/// does not answer within two seconds.
pub async fn load(app: &App, actor: &Actor, id: ShardId) -> Result<Vec<LoadPoint>, ProxyError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    let shard = tx.load_shard(id).await?;
    drop(tx);
    let shard = shard.ok_or_else(|| AppError::not_found("shard", &id))?;
    let asked = ask(app, &shard).await;
    asked.map_err(|failure| ProxyError::Shard(Box::new(failure)))
}

async fn ask(app: &App, shard: &Shard) -> Result<Vec<LoadPoint>, ShardFailure> {
    // Whole steps, so that two looks within one show the same points.
    let step = i64::try_from(STEP.as_millis()).unwrap_or(i64::MAX);
    let now = app.now();
    let end = Timestamp(now.0 - now.0.rem_euclid(step));
    let question = Direct {
        path: "/api/v1/query_range",
        parameters: &[
            ("query", QUERY),
            ("start", &end.minus(SPAN).rfc3339()),
            ("end", &end.rfc3339()),
            ("step", &STEP.as_secs().to_string()),
        ],
        most_bytes: ANSWER_BYTES,
        deadline: PATIENCE,
    };
    let body = question.ask(app, shard).await?;
    points(&body).ok_or_else(|| {
        let message = "answers something else than a range of numbers".to_owned();
        ShardFailure {
            shard: shard.name.to_string(),
            url: question
                .request(shard)
                .map_or_else(|_| String::new(), |(_, url)| url),
            what: Failure::Garbage { message },
        }
    })
}

#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    values: Vec<(f64, String)>,
}

/// The points of an answer; a shard that scrapes nothing answers no series.
fn points(body: &[u8]) -> Option<Vec<LoadPoint>> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let Some(series) = answer.data.result.into_iter().next() else {
        return Some(Vec::new());
    };
    let point = |(at, text): (f64, String)| {
        let samples: f64 = text.parse().ok()?;
        let at = Duration::try_from_secs_f64(at).ok()?;
        samples.is_finite().then_some(LoadPoint {
            at: Timestamp::default().plus(at),
            samples,
        })
    };
    Some(series.values.into_iter().filter_map(point).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_points() {
        let read = |result: &str| {
            let body = format!(r#"{{"status":"success","data":{{"result":{result}}}}}"#);
            let points = points(body.as_bytes())?;
            Some(
                points
                    .into_iter()
                    .map(|p| (p.at.0, p.samples))
                    .collect::<Vec<_>>(),
            )
        };
        let series = r#"[{"metric":{},"values":[[1.5,"1e3"],[2,"NaN"],[3,"7"]]}]"#;
        assert_eq!(read(series), Some(vec![(1500, 1000.0), (3000, 7.0)]));
        assert_eq!(read("[]"), Some(vec![]));
        assert_eq!(read("[1]"), None);
    }
}
