//! How the Prometheus servers stand.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;

use super::change::Change;
use super::tree::Saved as _;
use super::{Actor, App, AppError, Listed, Part, Right, Slice, SortKey};
use crate::model::{Name, Server, ServerId, ServerState, ServerTask, ShardId, TaskKind};

/// How a server stands to the current revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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

/// What servers are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServerKey {
    /// The shard, host and port.
    #[default]
    Shard,
    /// Host and port.
    Server,
    /// How it stands; what needs a look last.
    Status,
    /// The revision that it has.
    Revision,
    /// When its worker applied anything last.
    Applied,
    /// When it pulled last.
    Pulled,
    /// When its worker was seen last.
    Seen,
}

impl SortKey for ServerKey {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("shard", Self::Shard),
        ("server", Self::Server),
        ("status", Self::Status),
        ("revision", Self::Revision),
        ("applied", Self::Applied),
        ("pulled", Self::Pulled),
        ("seen", Self::Seen),
    ];
}

/// The current revision, and some of the servers; those that come out equal in the order of [`list`].
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn page(
    app: &App,
    actor: &Actor,
    part: impl Into<Part<ServerKey>>,
) -> Result<(i64, Listed<ServerReport>), AppError> {
    let Part { sort, slice } = part.into();
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
    reports.sort_by(|a, b| {
        let way = compare(sort.key, a, b);
        if sort.descending { way.reverse() } else { way }
    });
    Ok((revision, Listed::cut(reports, slice)))
}

fn compare(by: ServerKey, a: &ServerReport, b: &ServerReport) -> Ordering {
    let at = |report: &ServerReport| match by {
        ServerKey::Applied => report.state.applied_at,
        ServerKey::Pulled => report.state.pulled_at,
        _ => report.state.seen_at,
    };
    let place = |report: &ServerReport| (report.server.host.clone(), report.server.port);
    match by {
        ServerKey::Shard => key(a).cmp(&key(b)),
        ServerKey::Server => place(a).cmp(&place(b)),
        ServerKey::Status => a.status.cmp(&b.status),
        ServerKey::Revision => a.state.applied_revision.cmp(&b.state.applied_revision),
        ServerKey::Applied | ServerKey::Pulled | ServerKey::Seen => at(a).cmp(&at(b)),
    }
}

/// What was asked of each server last, and what came of it.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn tasks(
    app: &App,
    actor: &Actor,
) -> Result<BTreeMap<ServerId, Vec<ServerTask>>, AppError> {
    actor.require(Right::Look, app.settings())?;
    let tx = app.store().read_tx().await?;
    let mut by_server: BTreeMap<ServerId, Vec<ServerTask>> = BTreeMap::new();
    for task in tx.list_server_tasks().await? {
        by_server.entry(task.server).or_default().push(task);
    }
    Ok(by_server)
}

/// Asks something of one server. Its worker does it within a second, whichever process that is.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to change the whole, [`AppError::NotFound`] for an
/// unknown server.
pub async fn ask(
    app: &App,
    actor: &Actor,
    id: ServerId,
    kind: TaskKind,
) -> Result<Server, AppError> {
    let change = Change::begin(app, actor, Right::Change).await?;
    let server = change.tx().load_server(id).await?;
    let server = server.ok_or_else(|| AppError::not_found("server", &id))?;
    ask_each(change, actor, std::slice::from_ref(&server), kind).await?;
    app.tree_changed().wake();
    Ok(server)
}

/// As [`ask`], of all servers of a shard; answers how many these are.
///
/// # Errors
/// As [`ask`].
pub async fn ask_all_of(
    app: &App,
    actor: &Actor,
    shard: ShardId,
    kind: TaskKind,
) -> Result<usize, AppError> {
    let change = Change::begin(app, actor, Right::Change).await?;
    let found = change.tx().load_shard(shard).await?;
    found.ok_or_else(|| AppError::not_found("shard", &shard))?;
    let servers = change.tx().list_servers_of(shard).await?;
    ask_each(change, actor, &servers, kind).await?;
    app.tree_changed().wake();
    Ok(servers.len())
}

async fn ask_each(
    mut change: Change<'_>,
    actor: &Actor,
    servers: &[Server],
    kind: TaskKind,
) -> Result<(), AppError> {
    for server in servers {
        let task = ServerTask {
            server: server.id,
            kind,
            asked_by: actor.label(),
            asked_at: change.at(),
            done_at: None,
            error: None,
        };
        change.tx().save_server_task(&task).await?;
        change.asked(kind, server.subject());
    }
    change.commit().await
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
