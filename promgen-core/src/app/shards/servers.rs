//! The Prometheus servers of a shard: put there, changed, taken away.

use super::load;
use crate::app::change::{Change, Subject, taken};
use crate::app::exporters::check_port;
use crate::app::policy::Act;
use crate::app::registration::place_server;
use crate::app::{Actor, App, AppError};
use crate::model::{AuditKind, Hostname, Problem, Server, ServerId, ShardId};

/// Puts a Prometheus server on a shard; one that is on another shard moves.
///
/// # Errors
/// As [`update`](super::update).
pub async fn add_server(
    app: &App,
    actor: &Actor,
    id: ShardId,
    host: &str,
    port: u16,
) -> Result<Server, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let shard = load(change.tx(), id).await?;
    let host = parse_address(host, port)?;
    place_server(&mut change, &shard, &host, port).await?;
    let server = change.tx().find_server(&host, port).await?;
    let server = server.ok_or_else(|| AppError::not_found("server", host.as_str()))?;
    change.commit().await?;
    Ok(server)
}

/// Takes a server from a shard. What it has loaded stays as it is.
///
/// # Errors
/// As [`update`](super::update); [`AppError::NotFound`] also for a server of another shard.
pub async fn remove_server(
    app: &App,
    actor: &Actor,
    id: ShardId,
    server: ServerId,
) -> Result<(), AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let found = server_of(&change, id, server).await?;
    change.tx().delete_server(server).await?;
    change.deleted(subject(&found), &found);
    change.commit().await
}

/// Gives a server another address. What its worker did is kept.
///
/// # Errors
/// As [`remove_server`]; [`AppError::Invalid`] for an address that cannot be, or that another server
/// has.
pub async fn update_server(
    app: &App,
    actor: &Actor,
    id: ShardId,
    server: ServerId,
    host: &str,
    port: u16,
) -> Result<Server, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let before = server_of(&change, id, server).await?;
    let host = parse_address(host, port)?.to_string();
    let after = Server {
        host,
        port,
        ..before.clone()
    };
    if after == before {
        return Ok(after);
    }
    if change.tx().find_server(&after.host, port).await?.is_some() {
        return Err(taken("host"));
    }
    change.tx().update_server(&after).await?;
    change.updated(subject(&after), &before, &after);
    change.commit().await?;
    Ok(after)
}

async fn server_of(change: &Change<'_>, id: ShardId, server: ServerId) -> Result<Server, AppError> {
    load(change.tx(), id).await?;
    let servers = change.tx().list_servers_of(id).await?;
    let found = servers.into_iter().find(|one| one.id == server);
    found.ok_or_else(|| AppError::not_found("server", &server))
}

fn parse_address(host: &str, port: u16) -> Result<Hostname, AppError> {
    let mut problems: Vec<Problem> = check_port(port).into_iter().collect();
    match Hostname::parse(host) {
        Ok(host) if problems.is_empty() => return Ok(host),
        Ok(_) => {}
        Err(error) => {
            let remedy = "name the server's host";
            problems.push(Problem::error("host", error.to_string(), remedy));
        }
    }
    Err(AppError::Invalid { problems })
}

fn subject(server: &Server) -> Subject {
    let name = format!("{}:{}", server.host, server.port);
    let subject = Subject::new(AuditKind::Server, server.id.0, name);
    subject.below(AuditKind::Shard, server.shard.0)
}
