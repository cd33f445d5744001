//! Everything that a first alert needs of the tree, in one go: a shard with its server, a service, a
//! project, its hosts and an exporter.

use url::Url;

use crate::app::change::{Change, refuse_errors};
use crate::app::exporters::check_exporter;
use crate::app::farms::{parse_hosts, put_local};
use crate::app::input::service_name;
use crate::app::policy::Act;
use crate::app::projects::open_shard;
use crate::app::registration::{ServerOutcome, parse_name, place_server};
use crate::app::{Actor, App, AppError, projects, services};
use crate::model::{
    Exporter, ExporterId, GroupOptions, Hostname, Problem, Project, ProjectId, Scheme, Service,
    ServiceId, Shard, ShardId, is_web_url,
};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begin<'a> {
    /// Name of the shard; one that exists is used as it is.
    pub shard: &'a str,
    /// Base URL of its Prometheus, such as `http://localhost:9090`.
    pub prometheus: &'a str,
    /// Name of the service.
    pub service: &'a str,
    /// Name of the project.
    pub project: &'a str,
    /// Its hosts, at least one.
    pub hosts: &'a [String],
    /// Job of its exporter.
    pub job: &'a str,
    /// Port of its exporter.
    pub port: u16,
}

/// Makes all of it, or nothing. Whoever does owns the service and the project.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to change the site, [`AppError::Invalid`] with
/// everything that cannot be, by the names of the fields.
pub async fn begin(app: &App, actor: &Actor, wanted: Begin<'_>) -> Result<Project, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    check(&change, &wanted).await?;
    let shard = shard(&mut change, &wanted).await?;
    let service = service(&mut change, actor, &wanted).await?;
    let project = project(&mut change, actor, &wanted, (service.id, shard.id)).await?;
    let hosts = parse_hosts(wanted.hosts)?;
    let farm = parse_name("project", wanted.project)?;
    let served = put_local(&mut change, &project, farm, &hosts).await?;
    exporter(&mut change, &wanted, project.id).await?;
    change.commit().await?;
    Ok(Project {
        farm: Some(served.farm.id),
        ..project
    })
}

/// Finds everything that is wrong at once.
async fn check(change: &Change<'_>, wanted: &Begin<'_>) -> Result<(), AppError> {
    let mut problems = Vec::new();
    note(
        &mut problems,
        "",
        parse_name("shard", wanted.shard).map(drop),
    );
    note(&mut problems, "", address(wanted.prometheus).map(drop));
    let service = service_name(change.tx(), wanted.service).await;
    note(&mut problems, "service", service.map(drop));
    note(
        &mut problems,
        "",
        parse_name("project", wanted.project).map(drop),
    );
    note(&mut problems, "hosts", some_hosts(wanted.hosts));
    note(
        &mut problems,
        "",
        check_exporter(wanted.job, wanted.port, ""),
    );
    if change.tx().find_service(wanted.service).await?.is_some() {
        problems.push(is_taken("service"));
    }
    if change.tx().find_project(wanted.project).await?.is_some() {
        problems.push(is_taken("project"));
    }
    refuse_errors(problems)?;
    Ok(())
}

fn some_hosts(hosts: &[String]) -> Result<(), AppError> {
    if hosts.is_empty() {
        let remedy = "name at least one, for instance localhost";
        return Err(AppError::invalid("hosts", "names no host", remedy));
    }
    parse_hosts(hosts).map(drop)
}

fn is_taken(field: &str) -> Problem {
    Problem::error(field, "exists already", "choose another name")
}

/// Keeps what a check found, under the name that its field has here.
fn note(problems: &mut Vec<Problem>, field: &str, checked: Result<(), AppError>) {
    let Err(AppError::Invalid { problems: found }) = checked else {
        return;
    };
    problems.extend(found.into_iter().map(|mut problem| {
        if !field.is_empty() {
            field.clone_into(&mut problem.field);
        }
        problem
    }));
}

/// Host and port of a Prometheus by its URL.
fn address(url: &str) -> Result<(Hostname, u16), AppError> {
    let refused = || {
        let message = format!("{url:?} is no address of a Prometheus");
        let remedy = "write it like http://localhost:9090";
        AppError::invalid("prometheus", message, remedy)
    };
    if !is_web_url(url) {
        return Err(refused());
    }
    let parsed = Url::parse(url).map_err(|_| refused())?;
    let host = parsed.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let host = Hostname::parse(host).map_err(|_| refused())?;
    let port = parsed.port_or_known_default().ok_or_else(refused)?;
    Ok((host, port))
}

async fn shard(change: &mut Change<'_>, wanted: &Begin<'_>) -> Result<Shard, AppError> {
    let name = parse_name("shard", wanted.shard)?;
    let (host, port) = address(wanted.prometheus)?;
    let found = change.tx().find_shard(&name).await?;
    let shard = if let Some(shard) = found {
        open_shard(change.tx(), shard.id).await?
    } else {
        let mut shard = Shard {
            url: wanted.prometheus.to_owned(),
            proxy: true,
            ..Shard::new(ShardId(0), name)
        };
        shard.id = change.tx().insert_shard(&shard).await?;
        change.note_created(&shard);
        shard
    };
    // To take a server away from another shard is said on the page of that shard, and not in passing.
    if let ServerOutcome::Moved { from } = place_server(change, &shard, &host, port).await? {
        let message = format!("is the server of the shard {from} already");
        let remedy = format!("name the shard {from}, or another Prometheus");
        return Err(AppError::invalid("prometheus", message, remedy));
    }
    Ok(shard)
}

async fn service(
    change: &mut Change<'_>,
    actor: &Actor,
    wanted: &Begin<'_>,
) -> Result<Service, AppError> {
    let service = Service {
        id: ServiceId(0),
        name: service_name(change.tx(), wanted.service).await?,
        description: String::new(),
        owner: actor.user().map(|user| user.id),
        group: GroupOptions::default(),
    };
    services::put(change, service, actor.user()).await
}

async fn project(
    change: &mut Change<'_>,
    actor: &Actor,
    wanted: &Begin<'_>,
    (service, shard): (ServiceId, ShardId),
) -> Result<Project, AppError> {
    let project = Project {
        id: ProjectId(0),
        name: parse_name("project", wanted.project)?,
        description: String::new(),
        owner: actor.user().map(|user| user.id),
        service,
        shard,
        farm: None,
        group: GroupOptions::default(),
    };
    projects::put(change, project, actor.user()).await
}

async fn exporter(
    change: &mut Change<'_>,
    wanted: &Begin<'_>,
    project: ProjectId,
) -> Result<(), AppError> {
    let mut exporter = Exporter {
        id: ExporterId(0),
        job: wanted.job.to_owned(),
        port: wanted.port,
        path: String::new(),
        scheme: Scheme::Http,
        project,
        enabled: true,
    };
    exporter.id = change.tx().insert_exporter(&exporter).await?;
    change.note_created(&exporter);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_read_out_of_the_url() {
        for (url, host, port) in [
            ("http://localhost:9090", "localhost", 9090),
            (
                "https://prometheus.example.com/prom/",
                "prometheus.example.com",
                443,
            ),
            ("http://[::1]:9090/", "[::1]", 9090),
        ] {
            let (found, at) = address(url).unwrap();
            assert_eq!((found.as_str(), at), (host, port), "{url}");
        }
        for url in [
            "",
            "localhost:9090",
            "http://",
            "ftp://a:1",
            "http://a:99999",
        ] {
            assert!(address(url).is_err(), "{url}");
        }
    }
}
