//! `GET /api/v1/host/{hostname}`: everything that touches a host

use axum::Json;
use axum::extract::{Path, State};
use promgen_core::app::hosts::{self, HostPicture};
use promgen_core::model::{Exporter, Farm, Project, Rule, Sender, Service, Shard, Url};
use serde::Serialize;

use crate::Server;
use crate::error::HttpError;
use crate::extract::Credential;
use crate::rest::RestError;

/// A host with everything that touches it, as far as one may see it.
#[derive(Debug, Serialize)]
pub(crate) struct HostView {
    name: String,
    farms: Vec<FarmPart>,
    projects: Vec<ProjectPart>,
    services: Vec<Named>,
    shards: Vec<Named>,
    exporters: Vec<ExporterPart>,
    urls: Vec<UrlPart>,
    rules: Vec<RulePart>,
    notifiers: Vec<NotifierPart>,
}

/// A thing by its id and name.
#[derive(Debug, Serialize)]
struct Named {
    id: i32,
    name: String,
}

/// A farm that has the host.
#[derive(Debug, Serialize)]
struct FarmPart {
    id: i32,
    name: String,
    source: String,
    remote: bool,
    /// Id of the host in it.
    host: Option<i32>,
}

/// A project that such a farm serves.
#[derive(Debug, Serialize)]
struct ProjectPart {
    id: i32,
    name: String,
    service: i32,
    shard: i32,
    farm: Option<i32>,
}

/// What is scraped on the host.
#[derive(Debug, Serialize)]
struct ExporterPart {
    id: i32,
    project: i32,
    job: String,
    port: u16,
    path: String,
    scheme: &'static str,
    enabled: bool,
    /// Host and port, the label `instance`.
    instance: String,
}

/// A URL on the host that is probed.
#[derive(Debug, Serialize)]
struct UrlPart {
    id: i32,
    project: i32,
    url: String,
}

/// A rule of those services and projects.
#[derive(Debug, Serialize)]
struct RulePart {
    id: i32,
    name: String,
    enabled: bool,
    content_type: &'static str,
    object_id: i32,
}

/// A notifier of those services and projects.
#[derive(Debug, Serialize)]
struct NotifierPart {
    id: i32,
    sender: String,
    alias: String,
    enabled: bool,
    content_type: &'static str,
    object_id: i32,
}

/// Answers with a host by its exact name.
pub(crate) async fn host(
    State(server): State<Server>,
    credential: Credential,
    name: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<Json<HostView>, RestError> {
    let Ok(Path(name)) = name else {
        return Err(HttpError::NoRoute.into());
    };
    let actor = credential.actor(&server.app).await?;
    let picture = hosts::picture(&server.app, &actor, &name).await?;
    Ok(Json(view(name, &picture)))
}

fn view(name: String, picture: &HostPicture) -> HostView {
    let host_in = |farm: &Farm| {
        let mut hosts = picture.hosts.iter();
        hosts
            .find(|host| host.farm == farm.id)
            .map(|host| host.id.0)
    };
    let farm = |farm: &Farm| FarmPart {
        id: farm.id.0,
        name: farm.name.to_string(),
        source: farm.source.clone(),
        remote: !farm.is_local(),
        host: host_in(farm),
    };
    HostView {
        farms: picture.farms.iter().map(farm).collect(),
        projects: picture.projects.iter().map(project).collect(),
        services: picture.services.iter().map(service).collect(),
        shards: picture.shards.iter().map(shard).collect(),
        exporters: picture
            .exporters
            .iter()
            .map(|one| exporter(&name, one))
            .collect(),
        urls: picture.urls.iter().map(url).collect(),
        rules: picture.rules.iter().map(rule).collect(),
        notifiers: picture.senders.iter().map(notifier).collect(),
        name,
    }
}

fn service(service: &Service) -> Named {
    Named {
        id: service.id.0,
        name: service.name.to_string(),
    }
}

fn shard(shard: &Shard) -> Named {
    Named {
        id: shard.id.0,
        name: shard.name.to_string(),
    }
}

fn project(project: &Project) -> ProjectPart {
    ProjectPart {
        id: project.id.0,
        name: project.name.to_string(),
        service: project.service.0,
        shard: project.shard.0,
        farm: project.farm.map(|farm| farm.0),
    }
}

fn exporter(host: &str, exporter: &Exporter) -> ExporterPart {
    ExporterPart {
        id: exporter.id.0,
        project: exporter.project.0,
        job: exporter.job.clone(),
        port: exporter.port,
        path: exporter.path.clone(),
        scheme: exporter.scheme.as_str(),
        enabled: exporter.enabled,
        instance: format!("{host}:{}", exporter.port),
    }
}

fn url(url: &Url) -> UrlPart {
    UrlPart {
        id: url.id.0,
        project: url.project.0,
        url: url.url.clone(),
    }
}

fn rule(rule: &Rule) -> RulePart {
    RulePart {
        id: rule.id.0,
        name: rule.name.to_string(),
        enabled: rule.enabled,
        content_type: rule.owner.kind(),
        object_id: rule.owner.id(),
    }
}

fn notifier(sender: &Sender) -> NotifierPart {
    NotifierPart {
        id: sender.id.0,
        sender: sender.driver.clone(),
        alias: sender.alias.clone(),
        enabled: sender.enabled,
        content_type: sender.owner.kind(),
        object_id: sender.owner.id(),
    }
}
