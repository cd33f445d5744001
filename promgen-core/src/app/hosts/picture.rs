//! One host, and everything that touches it.

use std::collections::BTreeSet;

use crate::app::policy::{Access, Act, On};
use crate::app::rules::{self, RuleRow};
use crate::app::senders::{self, SenderView};
use crate::app::{Actor, App, AppError, Listed, Slice};
use crate::model::{
    Exporter, Farm, FarmId, Host, Project, ProjectId, Rule, RuleOwner, Sender, SenderOwner,
    Service, ServiceId, Shard, ShardId, Url,
};
use crate::store::Tx;

/// Everything about a host that somebody may see. Each list is sorted by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPicture {
    /// The host as it is in each farm.
    pub hosts: Vec<Host>,
    /// Those farms.
    pub farms: Vec<Farm>,
    /// The projects that they serve.
    pub projects: Vec<Project>,
    /// The services of those projects.
    pub services: Vec<Service>,
    /// The shards that scrape them.
    pub shards: Vec<Shard>,
    /// What is scraped on the host.
    pub exporters: Vec<Exporter>,
    /// URLs on the host that are probed, whatever project has them.
    pub urls: Vec<Url>,
    /// Rules of those services and projects.
    pub rules: Vec<Rule>,
    /// Senders of those services and projects.
    pub senders: Vec<Sender>,
}

/// A host by its name, byte for byte.
///
/// # Errors
/// [`AppError::NotFound`] when no farm that the actor may see has it.
pub async fn picture(app: &App, actor: &Actor, name: &str) -> Result<HostPicture, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    read(&tx, &access, name).await
}

/// A host as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostOverview {
    /// Everything about it.
    pub picture: HostPicture,
    /// Its senders as they may be shown, by id.
    pub senders: Vec<SenderView>,
    /// Its rules: those of its projects first, then of their services.
    pub rules: Vec<RuleRow>,
    /// The projects that the actor may edit.
    pub editable: BTreeSet<ProjectId>,
}

/// As [`picture`], with what of it may be shown and done.
///
/// # Errors
/// As [`picture`].
pub async fn overview(app: &App, actor: &Actor, name: &str) -> Result<HostOverview, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let picture = read(&tx, &access, name).await?;
    let owners: BTreeSet<SenderOwner> = picture.senders.iter().map(|one| one.owner).collect();
    let mine = |project: &&Project| access.may(On::Project(project), app.settings()).edit;
    let editable = picture.projects.iter().filter(mine).map(|one| one.id);
    let mut of_it = picture.rules.clone();
    of_it.sort_by_key(|rule| (std::cmp::Reverse(rule.owner), rule.id));
    let listed = Listed::cut(of_it, Slice::ALL);
    Ok(HostOverview {
        rules: rules::rows(app, &tx, &access, listed).await?.items,
        editable: editable.collect(),
        senders: senders::views_of(app, &tx, &Vec::from_iter(owners)).await?,
        picture,
    })
}

async fn read(tx: &Tx, access: &Access, name: &str) -> Result<HostPicture, AppError> {
    let mut hosts = tx.list_hosts_named(name).await?;
    let ids: Vec<FarmId> = hosts.iter().map(|host| host.farm).collect();
    let mut projects = tx.list_projects_on(&ids).await?;
    let mut farms = tx.list_farms_by_id(&ids).await?;
    farms.retain(|farm| {
        let served = projects.iter().filter(|one| one.farm == Some(farm.id));
        let served: Vec<Project> = served.cloned().collect();
        access.sees(On::Farm(&served))
    });
    hosts.retain(|host| farms.iter().any(|farm| farm.id == host.farm));
    if hosts.is_empty() {
        return Err(AppError::not_found("host", name));
    }
    projects.retain(|project| access.sees(On::Project(project)));
    let services: BTreeSet<ServiceId> = projects.iter().map(|one| one.service).collect();
    let shards: BTreeSet<ShardId> = projects.iter().map(|one| one.shard).collect();
    let ids: Vec<ProjectId> = projects.iter().map(|one| one.id).collect();
    let (services, shards) = (Vec::from_iter(services), Vec::from_iter(shards));
    // Of a service on which somebody has no role they see the name, and nothing below it.
    let seen = services
        .iter()
        .filter(|id| access.on_service(**id).is_some());
    let seen: Vec<ServiceId> = seen.copied().collect();
    let rules_of = seen.iter().map(|id| RuleOwner::Service(*id));
    let rules_of: Vec<_> = rules_of
        .chain(ids.iter().map(|id| RuleOwner::Project(*id)))
        .collect();
    let senders_of = seen.iter().map(|id| SenderOwner::Service(*id));
    let senders_of: Vec<_> = senders_of
        .chain(ids.iter().map(|id| SenderOwner::Project(*id)))
        .collect();
    Ok(HostPicture {
        urls: urls_on(tx, access, name).await?,
        exporters: tx.list_exporters_of(&ids).await?,
        services: tx.list_services_by_id(&services).await?,
        shards: tx.list_shards_by_id(&shards).await?,
        rules: tx.list_rules_owned_by(&rules_of).await?,
        senders: tx.list_senders_owned_by(&senders_of).await?,
        hosts,
        farms,
        projects,
    })
}

/// The URLs whose host this is, as far as the actor may see their projects.
async fn urls_on(tx: &Tx, access: &Access, name: &str) -> Result<Vec<Url>, AppError> {
    let mut urls = tx.list_urls_with(name).await?;
    urls.retain(|one| host_of(&one.url) == name);
    let ids: BTreeSet<ProjectId> = urls.iter().map(|one| one.project).collect();
    let projects = tx.list_projects_by_id(&Vec::from_iter(ids)).await?;
    urls.retain(|url| {
        let project = projects.iter().find(|project| project.id == url.project);
        project.is_some_and(|project| access.sees(On::Project(project)))
    });
    Ok(urls)
}

/// The host of a URL, without login and port.
fn host_of(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
    let address = authority.rsplit('@').next().unwrap_or_default();
    match address.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_url_is_found() {
        for (url, host) in [
            ("http://a.example", "a.example"),
            ("https://u:p@a.example:8443/x?y#z", "a.example"),
            ("http://[::1]:80/", "[::1]"),
            ("http://[::1]/", "[::1]"),
            ("http://a?b.example", "a"),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }
}
