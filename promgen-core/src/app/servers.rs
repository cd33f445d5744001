//! How the Prometheus servers stand.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Actor, App, AppError, Listed, Right, Slice};
use crate::model::{Name, Server, ServerId, ServerState, ShardId};

/// How a server stands to the current revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerStatus {
    /// It has the current revision.
    InSync,
    /// It has an older one.
    Behind,
    /// The last try to bring it up to date failed.
    Failing,
    /// Neither did a worker ever apply anything, nor did it pull.
    NeverSeen,
}

impl ServerStatus {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::InSync => "in sync",
            Self::Behind => "behind",
            Self::Failing => "failing",
            Self::NeverSeen => "never seen",
        }
    }
}

/// A server and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerReport {
    /// The server.
    pub server: Server,
    /// Its shard's name.
    pub shard: Name,
    /// What its worker last did.
    pub state: ServerState,
    /// How it stands.
    pub status: ServerStatus,
    /// The revision that it should have.
    pub current_revision: i64,
}

/// All servers, by shard, host and port.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<ServerReport>, AppError> {
    Ok(page(app, actor, Slice::ALL).await?.1.items)
}

/// The current revision, and some of the servers in the order of [`list`].
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn page(
    app: &App,
    actor: &Actor,
    slice: Slice,
) -> Result<(i64, Listed<ServerReport>), AppError> {
    actor.require(Right::Look, app.settings())?;
    let tx = app.store().read_tx().await?;
    let revision = tx.revision().await?;
    let (servers, shards) = tx.list_fleet().await?;
    let mut states: BTreeMap<ServerId, ServerState> =
        tx.list_server_states().await?.into_iter().collect();
    drop(tx);
    let names: BTreeMap<ShardId, Name> = shards
        .into_iter()
        .map(|shard| (shard.id, shard.name))
        .collect();
    let report = |server: Server| {
        let state = states.remove(&server.id).unwrap_or_default();
        Some(ServerReport {
            shard: names.get(&server.shard)?.clone(),
            status: status(&state, revision),
            state,
            current_revision: revision,
            server,
        })
    };
    let mut reports: Vec<ServerReport> = servers.into_iter().filter_map(report).collect();
    reports.sort_by(|a, b| key(a).cmp(&key(b)));
    Ok((revision, Listed::cut(reports, slice)))
}

fn key(report: &ServerReport) -> (&str, &str, u16) {
    (
        report.shard.as_str(),
        &report.server.host,
        report.server.port,
    )
}

fn status(state: &ServerState, current: i64) -> ServerStatus {
    match state.applied_revision {
        _ if state.error.is_some() => ServerStatus::Failing,
        Some(applied) if applied >= current => ServerStatus::InSync,
        Some(_) => ServerStatus::Behind,
        None => ServerStatus::NeverSeen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_outweighs_what_was_applied_before() {
        let mut state = ServerState::default();
        assert_eq!(status(&state, 3), ServerStatus::NeverSeen);
        state.applied_revision = Some(2);
        assert_eq!(status(&state, 3), ServerStatus::Behind);
        assert_eq!(status(&state, 2), ServerStatus::InSync);
        state.error = Some("reload refused".to_owned());
        assert_eq!(status(&state, 2), ServerStatus::Failing);
    }
}
