//! What each shard answers by itself: for people who try a query out, not for programs.

use super::access::View;
use super::budget::Budget;
use super::shards::Round;
use super::{ProxyError, Question, blocking};
use crate::app::App;
use crate::app::policy::Access;
use crate::promql::Limit;
use crate::store::Tx;

/// Most bytes of one shard's answer. Whoever tries a query out looks at a few series of it.
const SHARD_BYTES: usize = 8 * 1024 * 1024;

/// What one shard answers.
#[derive(Debug)]
pub(in crate::app) struct OfShard {
    /// The shard.
    pub(in crate::app) shard: String,
    /// What it sent, once for each part that the question was limited to; or what happened.
    pub(in crate::app) sent: Result<Vec<Vec<u8>>, String>,
}

/// The answers of the shards in their order.
#[derive(Debug)]
pub(in crate::app) struct Each {
    pub(in crate::app) shards: Vec<OfShard>,
    /// What the question was limited to; `None` for everything.
    pub(in crate::app) limit: Option<Limit>,
    /// The room that the answers take, until nobody needs them any longer.
    _room: Budget,
}

/// Whom to ask, and what about: read before anything is asked, so that no transaction waits for a
/// shard.
pub(in crate::app) struct Asked(View);

/// What somebody gets to see of the shards: without `proxy.enforce` as well no more than they may
/// see elsewhere.
pub(in crate::app) async fn prepare(tx: &Tx, access: &Access) -> Result<Asked, ProxyError> {
    Ok(Asked(View::limited(tx, access).await?))
}

/// Asks every shard.
///
/// # Errors
/// [`ProxyError::Query`] for an expression that cannot be limited, [`ProxyError::Crowded`].
pub(in crate::app) async fn each(
    app: &App,
    asked: Asked,
    question: Question,
) -> Result<Each, ProxyError> {
    let View { shards, limit } = asked.0;
    let (of, with) = (question.clone(), limit.clone());
    let asks = blocking(move || Ok(of.narrowed(with.as_ref())?)).await?;
    let answers = shards.len() * asks.len();
    let budget = app.proxy_memory().budget_of(answers, SHARD_BYTES);
    let round = Round {
        client: app.egress(),
        question: &question,
        asks: &asks,
        deadline: question.deadline(app.settings().proxy.timeout),
    };
    let answers = round.ask(&shards, &budget).await;
    if budget.is_crowded() {
        return Err(ProxyError::Crowded);
    }
    let mut answers = answers.into_iter();
    let of_shard = |shard: &crate::model::Shard| {
        let sent = answers.by_ref().take(asks.len());
        let sent = sent.map(|answer| match answer {
            Ok(sent) => Ok(sent.body),
            Err(failure) => Err(failure.what.to_string()),
        });
        OfShard {
            shard: shard.name.to_string(),
            sent: sent.collect(),
        }
    };
    let shards = shards.iter().map(of_shard).collect();
    Ok(Each {
        shards,
        limit,
        _room: budget,
    })
}
