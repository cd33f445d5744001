//! What keeps a question from being answered.

use thiserror::Error;

use crate::app::AppError;
use crate::promql::QueryError;

/// Why a question was not answered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// Whoever asks may not, or something inside failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// The expression is not taken.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A parameter is wrong.
    #[error("{message}")]
    Parameter {
        /// What is wrong with it.
        message: String,
    },
    /// No shard answered as it must; this is the failure of the first.
    #[error("{0}")]
    Shard(Box<ShardFailure>),
    /// The answers together are larger than `proxy.max_bytes`.
    #[error("the answers of all shards take more than {limit_bytes} bytes; ask for less")]
    TooLarge {
        /// The setting.
        limit_bytes: usize,
    },
    /// Other answers leave no room; a retry helps.
    #[error("too many large answers are under way; try again in a moment")]
    Crowded,
}

impl From<crate::store::StoreError> for ProxyError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::App(error.into())
    }
}

/// How a shard failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("shard {shard}: {what}")]
pub struct ShardFailure {
    /// Name of the shard.
    pub shard: String,
    /// What it was asked, without credentials.
    pub url: String,
    /// What happened.
    pub what: Failure,
}

/// What happened at a shard.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Failure {
    /// It cannot be asked, or broke off.
    #[error("{message}")]
    Unreachable {
        /// Why.
        message: String,
    },
    /// It did not answer in time.
    #[error("{message}")]
    Slow {
        /// How long it was waited for.
        message: String,
    },
    /// It answers something else than Prometheus would, or more than fits.
    #[error("{message}")]
    Garbage {
        /// What is wrong with the answer.
        message: String,
    },
    /// It answered with an error.
    #[error("{}", .0.message)]
    Refused(Box<Refusal>),
}

/// An error as a shard told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Status, 400 or higher.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// Body.
    pub body: Vec<u8>,
    /// What the body says, in short.
    pub message: String,
}
