//! Which targets are up.

use serde::Deserialize;

use super::PATIENCE;
use crate::app::App;
use crate::app::proxy::direct::Direct;
use crate::app::proxy::error::Failure;
use crate::model::Shard;

/// Largest answer that is read: some ten thousand targets.
const ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// A series of `up`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    pub(super) service: String,
    pub(super) project: String,
    pub(super) job: String,
    pub(super) instance: String,
    pub(super) up: bool,
}

/// What tells a target from others: service, project, job, instance.
pub(super) type Key = (String, String, String, String);

impl Series {
    pub(super) fn pair(&self) -> (String, String) {
        (self.service.clone(), self.project.clone())
    }

    pub(super) fn key(&self) -> Key {
        let (service, project) = self.pair();
        (service, project, self.job.clone(), self.instance.clone())
    }
}

/// Asks a shard.
pub(super) async fn ask(app: &App, shard: &Shard, query: &str) -> Result<Vec<Series>, Failure> {
    let question = Direct {
        path: "/api/v1/query",
        parameters: &[("query", query)],
        most_bytes: ANSWER_BYTES,
        deadline: PATIENCE,
    };
    let asked = question.ask(app, shard).await;
    let body = asked.map_err(|failure| failure.what)?;
    read(&body).ok_or_else(|| Failure::Garbage {
        message: "the answer is no result of a query".to_owned(),
    })
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
    metric: Labels,
    value: (f64, String),
}

/// The labels by which a target is known.
#[derive(Debug, Deserialize)]
pub(super) struct Labels {
    #[serde(default)]
    pub(super) service: String,
    #[serde(default)]
    pub(super) project: String,
    #[serde(default)]
    pub(super) job: String,
    #[serde(default)]
    pub(super) instance: String,
}

fn read(body: &[u8]) -> Option<Vec<Series>> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let series = |sample: Sample| Series {
        up: sample.value.1 == "1",
        service: sample.metric.service,
        project: sample.metric.project,
        job: sample.metric.job,
        instance: sample.metric.instance,
    };
    Some(answer.data.result.into_iter().map(series).collect())
}
