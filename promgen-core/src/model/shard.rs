//! Shards, and the Prometheus servers in them.

use serde::{Deserialize, Serialize};

use super::{Name, Secret, ServerId, ShardId, Timestamp};

/// A group of Prometheus servers that scrape the same things ("datasource" in the UI).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shard {
    /// Identity.
    pub id: ShardId,
    /// Unique name; the label `__shard`.
    pub name: Name,
    /// Base URL of the Prometheus API and UI; at most 256 characters, may be empty.
    pub url: String,
    /// Takes part in query proxying.
    pub proxy: bool,
    /// New projects may be placed here. Has no influence on outputs.
    pub enabled: bool,
    /// Value of the `Authorization` header that is sent to this shard.
    pub authorization: Option<Secret<String>>,
    /// Capacity estimate, in samples.
    pub samples: u64,
    /// Capacity estimate, in targets.
    pub targets: u64,
}

impl Shard {
    /// What a shard is taken to bear, in samples, until somebody says otherwise.
    pub const USUAL_SAMPLES: u64 = 5_000_000;

    /// What a shard is taken to bear, in targets, until somebody says otherwise.
    pub const USUAL_TARGETS: u64 = 10_000;

    /// A shard as it is made along with something else: without URL, not proxied, enabled, with
    /// Promgen's own estimates of what it takes.
    pub fn new(id: ShardId, name: Name) -> Self {
        Self {
            id,
            name,
            url: String::new(),
            proxy: false,
            enabled: true,
            authorization: None,
            samples: Self::USUAL_SAMPLES,
            targets: Self::USUAL_TARGETS,
        }
    }
}

/// A Prometheus server: the row stands for a desired state that a worker on that host brings about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Identity.
    pub id: ServerId,
    /// The shard that it scrapes for.
    pub shard: ShardId,
    /// Host name; also the name of the queue that its worker listens on.
    pub host: String,
    /// Port of the Prometheus API.
    pub port: u16,
}

/// What the worker of a server last did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct ServerState {
    /// The revision that was last applied and read back.
    pub applied_revision: Option<i64>,
    /// When it was applied.
    pub applied_at: Option<Timestamp>,
    /// When a worker last looked at this server, or the server last pulled.
    pub seen_at: Option<Timestamp>,
    /// When the server last pulled its targets over HTTP.
    pub pulled_at: Option<Timestamp>,
    /// The revision that the last failure was about.
    pub failed_revision: Option<i64>,
    /// Why the last try failed; `None` once a try succeeds.
    pub error: Option<String>,
    /// When the last failure happened.
    pub failed_at: Option<Timestamp>,
}
