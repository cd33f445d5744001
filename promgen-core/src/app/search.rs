//! Looking for anything by a part of its name.
//!
//! Kinds are looked for on their own, each with texts of its own: dashboards link here with the
//! names that they have (spec 04 §10).

use std::collections::{BTreeMap, BTreeSet};

use super::policy::{Access, Act, On};
use super::projects::{self, ProjectRow};
use super::rules::{RuleRow, rows};
use super::{Actor, App, AppError, Listed, Slice};
use crate::model::{Farm, FarmId, Group, GroupId, Name, Project, ProjectId, Service, ServiceId};
use crate::store::{MOST_HOSTS, Tx};

/// Most texts of one kind that are looked for.
const MOST_TEXTS: usize = 10;

/// Hosts of a farm that are named; its page has all.
const FIRST_HOSTS: i64 = 5;

/// What is looked for: of each kind, what holds one of its texts. A kind without texts is not
/// looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Groups.
    pub groups: Vec<String>,
    /// Services.
    pub services: Vec<String>,
    /// Projects.
    pub projects: Vec<String>,
    /// Farms.
    pub farms: Vec<String>,
    /// Hosts.
    pub hosts: Vec<String>,
    /// Rules, by name or clause.
    pub rules: Vec<String>,
}

impl Wanted {
    /// Reads the parameters of a search: `search` for everything, and what Grafana calls its
    /// variables for some. Blanks around a text do not count, and neither do empty texts.
    pub fn from_parameters<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut wanted = Self::default();
        for (name, text) in parameters {
            let text = text.trim();
            let kinds = wanted.kinds(name);
            for kind in kinds.into_iter().filter(|_| !text.is_empty()) {
                if kind.len() < MOST_TEXTS {
                    kind.push(text.to_owned());
                }
            }
        }
        wanted
    }

    fn kinds(&mut self, parameter: &str) -> Vec<&mut Vec<String>> {
        match parameter {
            "search" => vec![
                &mut self.groups,
                &mut self.services,
                &mut self.projects,
                &mut self.farms,
                &mut self.hosts,
                &mut self.rules,
            ],
            "var-service" => vec![&mut self.services],
            "var-project" => vec![&mut self.projects],
            "var-farm" => vec![&mut self.farms],
            "var-instance" => vec![&mut self.hosts],
            _ => Vec::new(),
        }
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A service that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundService {
    /// The service.
    pub service: Service,
    /// How many projects it has.
    pub projects: u64,
    /// How many rules of its own it has.
    pub rules: u64,
}

/// A farm that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFarm {
    /// The farm.
    pub farm: Farm,
    /// The projects that it serves and that the viewer may see.
    pub projects: Vec<Project>,
    /// Those of them that the viewer may edit, and so silence.
    pub editable: Vec<ProjectId>,
    /// The names of their services, as far as the viewer may see them.
    pub services: BTreeMap<ServiceId, Name>,
    /// How many hosts it has, where a farm was looked for.
    pub hosts: u64,
    /// Names of the first of them.
    pub first: Vec<String>,
}

/// A host that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundHost {
    /// Its name.
    pub name: String,
    /// The farms that have it, with the projects that they serve.
    pub farms: Vec<FoundFarm>,
}

/// What was found: of each kind that was looked for a slice, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Groups: one's own, all of them for a superuser.
    pub groups: Option<Listed<Group>>,
    /// Services.
    pub services: Option<Listed<FoundService>>,
    /// Projects.
    pub projects: Option<Listed<ProjectRow>>,
    /// Farms.
    pub farms: Option<Listed<FoundFarm>>,
    /// Hosts, each once.
    pub hosts: Option<Listed<FoundHost>>,
    /// Whether there are more hosts than are counted.
    pub more_hosts: bool,
    /// Rules, by owner and name.
    pub rules: Option<Listed<RuleRow>>,
}

/// What the actor may see of what they look for.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn find(
    app: &App,
    actor: &Actor,
    wanted: &Wanted,
    slice: Slice,
) -> Result<Found, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let search = Search {
        app,
        tx: &tx,
        access: &access,
        slice,
    };
    let mut found = Found::default();
    if !wanted.groups.is_empty() {
        found.groups = Some(search.groups(&wanted.groups).await?);
    }
    if !wanted.services.is_empty() {
        found.services = Some(search.services(&wanted.services).await?);
    }
    if !wanted.projects.is_empty() {
        found.projects = Some(search.projects(&wanted.projects).await?);
    }
    if !wanted.farms.is_empty() {
        found.farms = Some(search.farms(&wanted.farms).await?);
    }
    if !wanted.hosts.is_empty() {
        let hosts = search.hosts(&wanted.hosts).await?;
        found.more_hosts = hosts.count >= MOST_HOSTS;
        found.hosts = Some(hosts);
    }
    if !wanted.rules.is_empty() {
        found.rules = Some(search.rules(&wanted.rules).await?);
    }
    Ok(found)
}

struct Search<'a> {
    app: &'a App,
    tx: &'a Tx,
    access: &'a Access,
    slice: Slice,
}

impl Search<'_> {
    async fn groups(&self, texts: &[String]) -> Result<Listed<Group>, AppError> {
        let own: Vec<GroupId> = self.access.groups().collect();
        let only = (!self.access.is_superuser()).then_some(own.as_slice());
        Ok(self.tx.search_groups(only, texts, self.slice).await?)
    }

    async fn services(&self, texts: &[String]) -> Result<Listed<FoundService>, AppError> {
        let visible = self.access.visible();
        let listed = self.tx.search_services(&visible, texts, self.slice).await?;
        let ids: Vec<ServiceId> = listed.items.iter().map(|one| one.id).collect();
        let tallies = self.tx.tally_services(&ids).await?;
        Ok(listed.map(|service| {
            let tally = tallies.get(&service.id).copied().unwrap_or_default();
            FoundService {
                projects: tally.projects,
                rules: tally.rules,
                service,
            }
        }))
    }

    async fn projects(&self, texts: &[String]) -> Result<Listed<ProjectRow>, AppError> {
        let visible = self.access.visible();
        let listed = self.tx.search_projects(&visible, texts, self.slice).await?;
        projects::rows_of(self.app, self.tx, self.access, listed).await
    }

    async fn farms(&self, texts: &[String]) -> Result<Listed<FoundFarm>, AppError> {
        let visible = self.access.visible();
        let listed = self.tx.search_farms(&visible, texts, self.slice).await?;
        let served = self.served(&listed.items).await?;
        let ids: Vec<FarmId> = listed.items.iter().map(|farm| farm.id).collect();
        let counts = self.tx.count_hosts_of(&ids).await?;
        let mut first = self.tx.first_hosts_of(&ids, FIRST_HOSTS).await?;
        Ok(listed.map(|farm| FoundFarm {
            hosts: counts.get(&farm.id).copied().unwrap_or(0),
            first: first.remove(&farm.id).unwrap_or_default(),
            ..self.found_farm(&farm, &served)
        }))
    }

    async fn hosts(&self, texts: &[String]) -> Result<Listed<FoundHost>, AppError> {
        let visible = self.access.visible();
        let names = self.tx.search_hosts(&visible, texts).await?;
        let listed = Listed::cut(names, self.slice);
        let hosts = self.tx.list_hosts_among(&visible, &listed.items).await?;
        let farms: BTreeSet<FarmId> = hosts.iter().map(|host| host.farm).collect();
        let farms = self.tx.list_farms_by_id(&Vec::from_iter(farms)).await?;
        let served = self.served(&farms).await?;
        let farms = by_id(farms, |farm| farm.id);
        Ok(listed.map(|name| {
            let own = hosts.iter().filter(|host| host.name == name);
            let own = own.filter_map(|host| farms.get(&host.farm));
            FoundHost {
                farms: own.map(|farm| self.found_farm(farm, &served)).collect(),
                name,
            }
        }))
    }

    async fn rules(&self, texts: &[String]) -> Result<Listed<RuleRow>, AppError> {
        let visible = self.access.visible();
        let listed = self.tx.search_rules(&visible, texts, self.slice).await?;
        rows(self.app, self.tx, self.access, listed).await
    }

    /// The visible projects that some farms serve.
    async fn served(&self, farms: &[Farm]) -> Result<Served, AppError> {
        let ids: Vec<FarmId> = farms.iter().map(|farm| farm.id).collect();
        let mut projects = self.tx.list_projects_on(&ids).await?;
        projects.retain(|project| self.access.sees(On::Project(project)));
        let services: BTreeSet<ServiceId> = projects.iter().map(|it| it.service).collect();
        let services = Vec::from_iter(services);
        let services = self.tx.list_services_by_id(&services).await?;
        let seen = services.into_iter();
        let seen = seen.filter(|service| self.access.sees(On::Service(service)));
        Ok(Served {
            services: seen.map(|service| (service.id, service.name)).collect(),
            projects,
        })
    }

    fn found_farm(&self, farm: &Farm, served: &Served) -> FoundFarm {
        let own = served
            .projects
            .iter()
            .filter(|project| project.farm == Some(farm.id));
        let settings = self.app.settings();
        let edits = |project: &&Project| self.access.may(On::Project(project), settings).edit;
        FoundFarm {
            editable: own.clone().filter(edits).map(|one| one.id).collect(),
            services: own
                .clone()
                .filter_map(|project| {
                    let name = served.services.get(&project.service)?;
                    Some((project.service, name.clone()))
                })
                .collect(),
            projects: own.cloned().collect(),
            farm: farm.clone(),
            hosts: 0,
            first: Vec::new(),
        }
    }
}

/// Projects, and the names of their services.
struct Served {
    projects: Vec<Project>,
    services: BTreeMap<ServiceId, Name>,
}

fn by_id<T, Id: Ord>(all: Vec<T>, id: impl Fn(&T) -> Id) -> BTreeMap<Id, T> {
    all.into_iter().map(|one| (id(&one), one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_name_kinds_and_blank_texts_do_not_count() {
        let wanted = Wanted::from_parameters(
            [
                ("search", " a "),
                ("search", ""),
                ("var-service", "s"),
                ("var-instance", "h"),
                ("var-farm", "  "),
                ("page", "2"),
            ]
            .into_iter(),
        );
        assert_eq!(wanted.services, ["a", "s"]);
        assert_eq!(wanted.hosts, ["a", "h"]);
        assert_eq!(
            (wanted.farms, wanted.rules.len()),
            (vec!["a".to_owned()], 1)
        );
        assert!(Wanted::from_parameters([("search", " ")].into_iter()).is_empty());
    }
}
