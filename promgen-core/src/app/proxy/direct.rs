//! What Promgen itself asks of one shard, whether that takes part in query proxying or not.

use std::time::Duration;

use url::form_urlencoded::Serializer;

use super::error::{Failure, ShardFailure};
use super::shards::{accepted, address, told};
use crate::app::App;
use crate::egress::Class;
use crate::model::Shard;
use crate::plugin::HttpRequest;

/// A question, and what its answer may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Direct<'a> {
    /// Where Prometheus answers it, such as `/api/v1/query`.
    pub(super) path: &'a str,
    /// Names and values.
    pub(super) parameters: &'a [(&'a str, &'a str)],
    /// Most bytes of the answer; they count as memory of the proxy while they come in.
    pub(super) most_bytes: usize,
    /// How long the shard may take.
    pub(super) deadline: Duration,
}

impl Direct<'_> {
    /// What the shard answers.
    pub(super) async fn ask(&self, app: &App, shard: &Shard) -> Result<Vec<u8>, ShardFailure> {
        let failed = |url: String, what| ShardFailure {
            shard: shard.name.to_string(),
            url,
            what,
        };
        let (request, url) = self
            .request(shard)
            .map_err(|what| failed(String::new(), what))?;
        let budget = app.proxy_memory().budget_of(1, self.most_bytes);
        let mut allowance = budget.share();
        let room = |bytes| allowance.take(bytes);
        let asking = app
            .egress()
            .request_measured(Class::Infra, request, self.deadline, room);
        let answer = asking.await.map_err(Failure::from).and_then(accepted);
        answer.map_err(|what| failed(url, what))
    }

    /// The request with the shard's credentials, and its address as it may be told.
    pub(super) fn request(&self, shard: &Shard) -> Result<(HttpRequest, String), Failure> {
        let mut url = address(shard, self.path)?;
        let query = Serializer::new(String::new())
            .extend_pairs(self.parameters)
            .finish();
        url.set_query(Some(&query));
        let mut request = HttpRequest::get(url.as_str());
        if let Some(authorization) = &shard.authorization {
            let value = authorization.reveal().clone();
            request.headers.push(("Authorization".to_owned(), value));
        }
        Ok((request, told(url)))
    }
}
