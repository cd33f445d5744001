//! Asking the shards.

use std::time::Duration;

use futures_util::StreamExt as _;
use url::Url;
use url::form_urlencoded::Serializer;

use super::budget::{Budget, Share};
use super::error::{Failure, Refusal, ShardFailure};
use super::merge::Sent;
use super::question::{Parameters, Question};
use crate::egress::{Class, Client, EgressFailure, Measured};
use crate::model::Shard;
use crate::plugin::{HttpRequest, Method};

/// How many shards are asked at once, as by the original.
const AT_ONCE: usize = 20;

/// Largest error of a shard that is passed on.
const ERROR_BYTES: usize = 1024 * 1024;

/// Longest query that is told in the address of what was asked: it goes into a header.
const TOLD_QUERY: usize = 2048;

/// A question on its way to the shards.
#[derive(Debug)]
pub(super) struct Round<'q> {
    pub(super) client: &'q Client,
    pub(super) question: &'q Question,
    /// What each shard is asked, one after the other.
    pub(super) asks: &'q [Parameters],
    pub(super) deadline: Duration,
}

impl Round<'_> {
    /// Asks all shards, and answers in their order.
    pub(super) async fn ask(
        &self,
        shards: &[Shard],
        budget: &Budget,
    ) -> Vec<Result<Sent, ShardFailure>> {
        let mut asking = Vec::new();
        for shard in shards {
            for parameters in self.asks {
                asking.push(self.one(shard, parameters, budget.share()));
            }
        }
        futures_util::stream::iter(asking)
            .buffered(AT_ONCE)
            .collect()
            .await
    }

    async fn one(
        &self,
        shard: &Shard,
        parameters: &Parameters,
        mut room: Share<'_>,
    ) -> Result<Sent, ShardFailure> {
        let failed = |url: &str, what| ShardFailure {
            shard: shard.name.to_string(),
            url: url.to_owned(),
            what,
        };
        let (request, url) = self
            .request(shard, parameters)
            .map_err(|what| failed("", what))?;
        let take = |bytes| room.take(bytes);
        let asking = self
            .client
            .request_measured(Class::Infra, request, self.deadline, take);
        match asking.await.map_err(Failure::from).and_then(accepted) {
            Ok(body) => Ok(Sent {
                shard: shard.name.to_string(),
                url,
                body,
            }),
            Err(what) => {
                room.give_up();
                tracing::debug!(shard = %shard.name, error = %what, "a shard failed");
                Err(failed(&url, what))
            }
        }
    }

    /// The request, and its address as it may be told. Of what the caller sent, nothing but the
    /// parameters and `Referer` goes out.
    fn request(
        &self,
        shard: &Shard,
        parameters: &Parameters,
    ) -> Result<(HttpRequest, String), Failure> {
        let mut url = address(shard, &self.question.endpoint.path())?;
        let query = Serializer::new(String::new())
            .extend_pairs(parameters)
            .finish();
        let in_body = self.question.goes_into_body(&query);
        if !in_body && !query.is_empty() {
            url.set_query(Some(&query));
        }
        let mut request = HttpRequest::get(url.as_str());
        let mut header = |name: &str, value: &str| {
            request.headers.push((name.to_owned(), value.to_owned()));
        };
        if let Some(authorization) = &shard.authorization {
            header("Authorization", authorization.reveal());
        }
        if let Some(referer) = &self.question.referer {
            header("Referer", referer);
        }
        if in_body {
            header("Content-Type", "application/x-www-form-urlencoded");
            request.method = Method::Post;
            request.body = query.into_bytes();
        }
        Ok((request, told(url)))
    }
}

/// Where a path lies at a shard. The prefix of its address is kept.
pub(super) fn address(shard: &Shard, path: &str) -> Result<Url, Failure> {
    let unusable = || Failure::Unreachable {
        message: "its url is not an http or https URL; correct it in the shard".to_owned(),
    };
    let mut url = Url::parse(&shard.url).map_err(|_| unusable())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(unusable());
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = format!("{}{path}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

/// An address without its credentials, and without a query that is too long for a header.
pub(super) fn told(mut url: Url) -> String {
    // Only an address without a host refuses, and it has no credentials.
    url.set_username("").ok();
    url.set_password(None).ok();
    if url.query().is_some_and(|query| query.len() > TOLD_QUERY) {
        url.set_query(None);
    }
    url.into()
}

impl From<EgressFailure> for Failure {
    fn from(failure: EgressFailure) -> Self {
        let message = failure.to_string();
        match failure {
            EgressFailure::Slow { .. } => Self::Slow { message },
            EgressFailure::TooLarge { .. } => Self::Garbage { message },
            _ => Self::Unreachable { message },
        }
    }
}

/// The body of a success.
pub(super) fn accepted(answer: Measured) -> Result<Vec<u8>, Failure> {
    let status = answer.status;
    match status {
        200..=299 => Ok(answer.body),
        400..=599 if answer.body.len() <= ERROR_BYTES => Err(Failure::Refused(Box::new(Refusal {
            status,
            message: complaint(status, &answer.body),
            content_type: answer.content_type,
            body: answer.body,
        }))),
        300..=399 => Err(Failure::Garbage {
            message: format!("HTTP {status}: redirects are not followed; set the final url"),
        }),
        _ => Err(Failure::Garbage {
            message: format!("HTTP {status} with {} bytes", answer.body.len()),
        }),
    }
}

/// What an error says: Prometheus' own words, where it has some.
fn complaint(status: u16, body: &[u8]) -> String {
    let body: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let said = body.as_ref().and_then(|body| body.get("error")?.as_str());
    let said: String = said.unwrap_or_default().chars().take(1000).collect();
    if said.is_empty() {
        format!("HTTP {status}")
    } else {
        format!("HTTP {status}: {said}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Name, ShardId};

    fn at(url: &str) -> Result<String, Failure> {
        let mut shard = Shard::new(ShardId(1), Name::stored("east"));
        url.clone_into(&mut shard.url);
        address(&shard, "/api/v1/query").map(told)
    }

    #[test]
    fn the_prefix_is_kept_and_credentials_are_not_told() {
        for (url, wanted) in [
            ("http://p:9090", "http://p:9090/api/v1/query"),
            ("http://p:9090/", "http://p:9090/api/v1/query"),
            (
                "https://p/pre/fix//?x=1#y",
                "https://p/pre/fix/api/v1/query",
            ),
            ("http://u:s3cret@p/a", "http://p/a/api/v1/query"),
        ] {
            assert_eq!(at(url).unwrap(), wanted, "{url}");
        }
        for url in ["", "p:9090", "ftp://p", "/x"] {
            assert!(at(url).is_err(), "{url}");
        }
    }
}
