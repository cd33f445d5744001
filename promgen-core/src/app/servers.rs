//! How the Prometheus servers stand.

use serde::Serialize;

use super::{Actor, App, AppError, Right};
use crate::model::{Name, Server, ServerState};

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
    actor.require(Right::Look, app.settings())?;
    let tx = app.store().read_tx().await?;
    let outline = tx.load_outline().await?;
    let states = tx.list_server_states().await?;
    drop(tx);
    let state_of = |server: &Server| {
        let found = states.iter().find(|(id, _)| *id == server.id);
        found.map(|(_, state)| state.clone()).unwrap_or_default()
    };
    let mut reports: Vec<ServerReport> = outline
        .servers
        .iter()
        .filter_map(|server| {
            let state = state_of(server);
            Some(ServerReport {
                server: server.clone(),
                shard: outline.shard(server.shard)?.name.clone(),
                status: status(&state, outline.revision),
                state,
                current_revision: outline.revision,
            })
        })
        .collect();
    reports.sort_by(|a, b| key(a).cmp(&key(b)));
    Ok(reports)
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
