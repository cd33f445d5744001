//! Which targets are up.

use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::PATIENCE;
use crate::app::App;
use crate::app::proxy::error::Failure;
use crate::app::proxy::shards::{accepted, address};
use crate::egress::Class;
use crate::model::Shard;
use crate::plugin::HttpRequest;

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
    let mut url = address(shard, "/api/v1/query")?;
    let parameters = Serializer::new(String::new())
        .append_pair("query", query)
        .finish();
    url.set_query(Some(&parameters));
    let request = request(shard, url.as_str());
    let budget = app.proxy_memory().budget(1);
    let mut own = budget.share();
    let mut left = ANSWER_BYTES;
    let room = |bytes: usize| {
        let less = left.checked_sub(bytes);
        left = less.unwrap_or(0);
        less.is_some() && own.take(bytes)
    };
    let asking = app
        .egress()
        .request_measured(Class::Infra, request, PATIENCE, room);
    let body = accepted(asking.await?)?;
    read(&body).ok_or_else(|| Failure::Garbage {
        message: "the answer is no result of a query".to_owned(),
    })
}

/// A question of a shard, with its credentials.
pub(super) fn request(shard: &Shard, url: &str) -> HttpRequest {
    let mut request = HttpRequest::get(url);
    if let Some(authorization) = &shard.authorization {
        let value = authorization.reveal().clone();
        request.headers.push(("Authorization".to_owned(), value));
    }
    request
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
