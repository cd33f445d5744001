//! Adding single things by name, as scripts and bootstraps do.

use serde::Serialize;

use super::change::{Change, Subject, refuse_errors};
use super::exporters::{check_exporter, check_port};
use super::{Actor, App, AppError, Right};
use crate::model::{
    AuditKind, Exporter, ExporterId, Host, HostId, Hostname, Name, Preset, PresetId, Project,
    Scheme, Server, ServerId, Shard, ShardId,
};

/// What became of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Registered {
    /// It is new.
    Created,
    /// It was there already and stays as it is.
    Found,
}

/// What became of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ServerOutcome {
    /// It is new.
    Created,
    /// It was on another shard.
    Moved {
        /// The shard's name.
        from: Name,
    },
    /// It was on that shard already.
    Unchanged,
}

/// What [`register_server`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerRegistered {
    /// The shard did not exist and was made, with an empty URL.
    pub shard_created: bool,
    /// The shard.
    pub shard: Name,
    /// The server.
    pub outcome: ServerOutcome,
}

/// Puts a Prometheus server on a shard, making the shard where it is missing.
///
/// # Errors
/// [`AppError::Invalid`] for a name, host or port that cannot be.
pub async fn register_server(
    app: &App,
    actor: &Actor,
    shard: &str,
    host: &str,
    port: u16,
) -> Result<ServerRegistered, AppError> {
    let name = parse_name("shard", shard)?;
    let host = Hostname::parse(host)
        .map_err(|error| AppError::invalid("host", error.to_string(), "name the server's host"))?;
    refuse_errors(check_port(port).into_iter().collect())?;
    let mut change = Change::begin(app, actor, Right::Change).await?;
    let (shard, shard_created) = shard_of(&mut change, &name).await?;
    let outcome = place_server(&mut change, &shard, &host, port).await?;
    change.commit().await?;
    Ok(ServerRegistered {
        shard_created,
        shard: name,
        outcome,
    })
}

async fn shard_of(change: &mut Change<'_>, name: &Name) -> Result<(Shard, bool), AppError> {
    if let Some(shard) = change.tx().find_shard(name).await? {
        return Ok((shard, false));
    }
    let mut shard = Shard::new(ShardId(0), name.clone());
    shard.id = change.tx().insert_shard(&shard).await?;
    change.created(Subject::new(AuditKind::Shard, shard.id.0, name), &shard);
    Ok((shard, true))
}

pub(super) async fn place_server(
    change: &mut Change<'_>,
    shard: &Shard,
    host: &Hostname,
    port: u16,
) -> Result<ServerOutcome, AppError> {
    let subject = |server: &Server| {
        Subject::new(AuditKind::Server, server.id.0, format!("{host}:{port}"))
            .below(AuditKind::Shard, shard.id.0)
    };
    let Some(before) = change.tx().find_server(host, port).await? else {
        let mut server = Server {
            id: ServerId(0),
            shard: shard.id,
            host: host.to_string(),
            port,
        };
        server.id = change.tx().insert_server(&server).await?;
        change.created(subject(&server), &server);
        return Ok(ServerOutcome::Created);
    };
    if before.shard == shard.id {
        return Ok(ServerOutcome::Unchanged);
    }
    let outline = change.tx().load_outline().await?;
    let from = outline
        .shard(before.shard)
        .map_or_else(|| shard.name.clone(), |s| s.name.clone());
    let after = Server {
        shard: shard.id,
        ..before.clone()
    };
    change.tx().update_server(&after).await?;
    change.updated(subject(&after), &before, &after);
    Ok(ServerOutcome::Moved { from })
}

/// Adds a host to the farm of a project.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Invalid`] for one without a farm, for
/// one whose hosts come from a discovery source, and for a host that cannot be.
pub async fn register_host(
    app: &App,
    actor: &Actor,
    project: &str,
    host: &str,
) -> Result<Registered, AppError> {
    let host = Hostname::parse(host).map_err(|error| {
        AppError::invalid(
            "host",
            error.to_string(),
            "the port belongs to the exporter",
        )
    })?;
    let mut change = Change::begin(app, actor, Right::Change).await?;
    let project = project_of(&change, project).await?;
    let Some(farm) = project.farm else {
        let message = format!("project {} has no farm", project.name);
        return Err(AppError::invalid(
            "project",
            message,
            "give it one with `promgen tree apply`",
        ));
    };
    let farm = change.tx().find_farm(farm).await?;
    let farm = farm.ok_or_else(|| AppError::not_found("farm", &project.name))?;
    if !farm.is_local() {
        let message = format!("farm {} gets its hosts from {}", farm.name, farm.source);
        return Err(AppError::invalid("project", message, "add the host there"));
    }
    if change.tx().find_host(farm.id, &host).await?.is_some() {
        return Ok(Registered::Found);
    }
    let mut host = Host {
        id: HostId(0),
        name: host.to_string(),
        farm: farm.id,
    };
    host.id = change.tx().insert_host(&host).await?;
    let subject = Subject::new(
        AuditKind::Host,
        host.id.0,
        format!("{} [{}]", host.name, farm.name),
    )
    .below(AuditKind::Farm, farm.id.0);
    change.created(subject, &host);
    change.commit().await?;
    Ok(Registered::Created)
}

/// An exporter to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobRegistration<'a> {
    /// Job; 1 to 128 characters.
    pub job: &'a str,
    /// Port.
    pub port: u16,
    /// Path and query; empty for Prometheus' own default.
    pub path: &'a str,
    /// Whether it is scraped from now on.
    pub enabled: bool,
}

/// Adds an exporter to a project, unless one of that job and port is there.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown project, [`AppError::Invalid`] for a job, port or path
/// that cannot be.
pub async fn register_job(
    app: &App,
    actor: &Actor,
    project: &str,
    wanted: &JobRegistration<'_>,
) -> Result<Registered, AppError> {
    let JobRegistration {
        job,
        port,
        path,
        enabled,
    } = *wanted;
    check_exporter(job, port, path)?;
    let mut change = Change::begin(app, actor, Right::Change).await?;
    let project = project_of(&change, project).await?;
    if change
        .tx()
        .find_exporter(project.id, job, port)
        .await?
        .is_some()
    {
        return Ok(Registered::Found);
    }
    let mut exporter = Exporter {
        id: ExporterId(0),
        job: job.to_owned(),
        port,
        path: path.to_owned(),
        scheme: Scheme::Http,
        project: project.id,
        enabled,
    };
    exporter.id = change.tx().insert_exporter(&exporter).await?;
    let subject = Subject::new(
        AuditKind::Exporter,
        exporter.id.0,
        format!("{job}:{port}{path}"),
    )
    .below(AuditKind::Project, project.id.0);
    change.created(subject, &exporter);
    change.commit().await?;
    Ok(Registered::Created)
}

/// Adds an entry to the list of usual exporters.
///
/// # Errors
/// [`AppError::Invalid`] for a job, port or path that cannot be.
pub async fn register_exporter(
    app: &App,
    actor: &Actor,
    job: &str,
    port: u16,
    path: &str,
) -> Result<Registered, AppError> {
    check_exporter(job, port, path)?;
    let mut change = Change::begin(app, actor, Right::Change).await?;
    if change.tx().find_preset(job, port, path).await?.is_some() {
        return Ok(Registered::Found);
    }
    let mut preset = Preset {
        id: PresetId(0),
        job: job.to_owned(),
        port,
        path: path.to_owned(),
        scheme: Scheme::Http,
    };
    preset.id = change.tx().insert_preset(&preset).await?;
    let subject = Subject::new(
        AuditKind::Preset,
        preset.id.0,
        format!("{job}:{port}{path}"),
    );
    change.created(subject, &preset);
    change.commit().await?;
    Ok(Registered::Created)
}

async fn project_of(change: &Change<'_>, name: &str) -> Result<Project, AppError> {
    let found = change.tx().find_project(name).await?;
    found.ok_or_else(|| AppError::not_found("project", name))
}

pub(super) fn parse_name(field: &str, text: &str) -> Result<Name, AppError> {
    Name::parse(text).map_err(|error| {
        AppError::invalid(
            field,
            error.to_string(),
            "choose a name of 1 to 128 plain characters",
        )
    })
}
