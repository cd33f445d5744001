//! Working out the tree after an import of targets.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::farms::Farms;
use super::outcome::{ImportReport, Imported};
use super::targets_file::{TargetsDraft, TargetsFile};
use crate::model::{
    Exporter, ExporterId, FarmId, GroupOptions, Host, HostId, Name, Place, Problem, Project,
    ProjectId, Service, ServiceId, Shard, ShardId, Tree, UserId,
};
use crate::rules::check_parent;
use crate::tree::draft::{Draft, provisional};

/// How targets are imported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetsOptions {
    /// The shard of every element, whatever `__shard` says.
    pub replace_shard: Option<Name>,
    /// Who answers for new services and projects.
    pub owner: Option<UserId>,
}

/// Works out the tree after importing a targets file into `current`.
///
/// Shards, services and projects are looked up by name alone. A project that is on another shard
/// or of another service moves there. The farm of a project takes on the element's name and
/// source, and keeps its hosts; one that serves other projects as well stays as it is, and the
/// project gets its own. Of remote farms there is one of each name and source. Nothing is removed.
///
/// # Errors
/// Every finding at once, those of reading included, each with its place.
pub fn plan_targets(
    file: &TargetsFile,
    options: &TargetsOptions,
    current: &Tree,
) -> Result<Imported, Vec<Problem>> {
    let draft = Draft::of(current);
    let mut planner = Planner {
        options,
        farms: Farms::of(&draft),
        shards: draft
            .shards
            .values()
            .map(|s| (s.name.to_string(), s.id))
            .collect(),
        services: draft
            .services
            .values()
            .map(|s| (s.name.to_string(), s.id))
            .collect(),
        draft,
        problems: file.problems.clone(),
        report: ImportReport::default(),
        said: HashMap::new(),
        moved: BTreeMap::new(),
    };
    for element in &file.elements {
        planner.element(element);
    }
    planner.compare_hosts(file);
    let moved = planner.moved;
    let (target, mut problems) = (planner.draft.into_tree(), planner.problems);
    problems.extend(check_moved(&moved, &target));
    planner.report.finish(problems, current, target)
}

struct Planner<'a> {
    options: &'a TargetsOptions,
    draft: Draft,
    farms: Farms,
    shards: HashMap<String, ShardId>,
    services: HashMap<String, ServiceId>,
    problems: Vec<Problem>,
    report: ImportReport,
    /// The first element of each project.
    said: HashMap<&'a str, &'a TargetsDraft>,
    /// Projects that went to another service, and where the file says so.
    moved: BTreeMap<ProjectId, Place>,
}

impl<'a> Planner<'a> {
    fn element(&mut self, element: &'a TargetsDraft) {
        if !self.is_consistent(element) {
            return;
        }
        let shard = self.shard(element);
        let service = self.service(element);
        let project = self.project(element, service, shard);
        let farm = self.farm(element, project);
        self.hosts(element, farm);
        self.exporters(element, project);
    }

    /// Whether the file says the same of a project everywhere.
    fn is_consistent(&mut self, element: &'a TargetsDraft) -> bool {
        let Some(first) = self.said.get(element.project.as_str()) else {
            self.said.insert(&element.project, element);
            return true;
        };
        let (line, path) = (first.place.line, &element.path);
        let same_shard = first.shard == element.shard || self.options.replace_shard.is_some();
        let checks = [
            ("service", first.service == element.service),
            ("__shard", same_shard),
            ("farm", first.farm == element.farm),
            ("__farm_source", first.source == element.source),
        ];
        let mut consistent = true;
        for (label, same) in checks {
            if !same {
                let field = format!("{path}.labels.{label}");
                let message = format!(
                    "differs from that of project {} in line {line}",
                    element.project
                );
                let remedy = "a project has one of it; make them the same, or rename one project";
                let problem = Problem::error(field, message, remedy);
                self.problems.push(problem.at(element.place));
                consistent = false;
            }
        }
        consistent
    }

    fn count(&mut self, kind: &'static str, is_new: bool) {
        if is_new {
            self.report.count_imported(kind);
        } else {
            self.report.count_skipped(kind);
        }
    }

    fn shard(&mut self, element: &TargetsDraft) -> ShardId {
        let name = self
            .options
            .replace_shard
            .as_ref()
            .unwrap_or(&element.shard);
        let found = self.shards.get(name.as_str()).copied();
        let id = found.unwrap_or(ShardId(provisional(&self.draft.shards, |id| id.0)));
        if found.is_none() {
            self.shards.insert(name.to_string(), id);
            self.draft.shards.insert(id, Shard::new(id, name.clone()));
        }
        self.count("Shard", found.is_none());
        id
    }

    fn service(&mut self, element: &TargetsDraft) -> ServiceId {
        let name = &element.service;
        let found = self.services.get(name.as_str()).copied();
        let id = found.unwrap_or(ServiceId(provisional(&self.draft.services, |id| id.0)));
        if found.is_none() {
            self.services.insert(name.to_string(), id);
            let service = Service {
                id,
                name: name.clone(),
                description: String::new(),
                owner: self.options.owner,
                group: GroupOptions::default(),
            };
            self.draft.services.insert(id, service);
        }
        self.count("Service", found.is_none());
        id
    }

    fn project(&mut self, element: &TargetsDraft, service: ServiceId, shard: ShardId) -> ProjectId {
        let name = &element.project;
        if let Some(id) = self.draft.project_ids.get(name.as_str()).copied() {
            if let Some(project) = self.draft.projects.get_mut(&id) {
                project.shard = shard;
                if project.service != service {
                    project.service = service;
                    self.moved.insert(id, element.place);
                    let message = format!("project {name} moves to service {}", element.service);
                    let field = format!("{}.labels.service", element.path);
                    let remedy = "look through the clauses of its rules for the old name";
                    let problem = Problem::warning(field, message, remedy);
                    self.problems.push(problem.at(element.place));
                }
            }
            return id;
        }
        let id = ProjectId(provisional(&self.draft.projects, |id| id.0));
        let project = Project {
            id,
            name: name.clone(),
            description: String::new(),
            owner: self.options.owner,
            service,
            shard,
            farm: None,
            group: GroupOptions::default(),
        };
        self.draft.project_ids.insert(name.to_string(), id);
        self.draft.projects.insert(id, project);
        self.report.count_imported("Project");
        id
    }

    fn farm(&mut self, element: &TargetsDraft, project: ProjectId) -> FarmId {
        let placed = self
            .farms
            .place(&mut self.draft, project, &element.farm, &element.source);
        if let Some(shared) = placed.left {
            let field = format!("{}.labels.farm", element.path);
            let message = format!(
                "project {} leaves farm {shared}, which serves other projects as well",
                element.project
            );
            let remedy = "rename that farm first if all of them are meant";
            let problem = Problem::warning(field, message, remedy);
            self.problems.push(problem.at(element.place));
        }
        self.count("Farm", placed.is_new);
        placed.id
    }

    fn hosts(&mut self, element: &TargetsDraft, farm: FarmId) {
        for (name, _) in &element.targets {
            let known = self.draft.hosts_of.entry(farm).or_default();
            if known.contains_key(name) || known.contains_key(bare(name)) {
                continue;
            }
            let id = HostId(provisional(&self.draft.hosts, |id| id.0));
            known.insert(name.clone(), id);
            let host = Host {
                id,
                name: name.clone(),
                farm,
            };
            self.draft.hosts.insert(id, host);
            self.report.count_imported("Host");
        }
    }

    fn exporters(&mut self, element: &TargetsDraft, project: ProjectId) {
        let ports: BTreeSet<u16> = element.targets.iter().map(|(_, port)| *port).collect();
        if ports.is_empty() && !element.is_partial {
            let message = format!("is empty, so the port of job {} is not known", element.job);
            self.warn_targets(element, message, "register the job by hand if it is wanted");
        }
        if ports.len() > 1 {
            let message = format!("name {} ports", ports.len());
            let remedy = "each becomes an exporter, which is scraped on all hosts of the farm";
            self.warn_targets(element, message, remedy);
        }
        for port in ports {
            let own = self.draft.exporters_of.entry(project).or_default();
            let same = |id: &ExporterId| {
                self.draft.exporters.get(id).is_some_and(|found| {
                    (&found.job, found.port, &found.path, found.scheme)
                        == (&element.job, port, &element.exporter_path, element.scheme)
                })
            };
            if own.iter().any(same) {
                continue;
            }
            let id = ExporterId(provisional(&self.draft.exporters, |id| id.0));
            own.insert(id);
            let exporter = Exporter {
                id,
                job: element.job.clone(),
                port,
                path: element.exporter_path.clone(),
                scheme: element.scheme,
                project,
                enabled: true,
            };
            self.draft.exporters.insert(id, exporter);
            self.report.count_imported("Exporter");
        }
    }

    fn warn_targets(&mut self, element: &TargetsDraft, message: String, remedy: &str) {
        let field = format!("{}.targets", element.path);
        self.problems
            .push(Problem::warning(field, message, remedy).at(element.place));
    }

    /// Points out projects whose elements list different hosts: in Promgen the hosts belong to the
    /// project, and every exporter is scraped on all of them.
    fn compare_hosts(&mut self, file: &'a TargetsFile) {
        let hosts_of = |element: &'a TargetsDraft| -> BTreeSet<&'a str> {
            element
                .targets
                .iter()
                .map(|(host, _)| host.as_str())
                .collect()
        };
        let mut first: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for element in file.elements.iter().filter(|found| !found.is_partial) {
            let hosts = hosts_of(element);
            let known = first
                .entry(&element.project)
                .or_insert_with(|| hosts.clone());
            if *known != hosts && told.insert(&element.project) {
                let message = format!("differ from those further up of {}", element.project);
                let remedy = "every exporter of a project is scraped on all of its hosts";
                self.warn_targets(element, message, remedy);
            }
        }
    }
}

/// An address without its brackets: discovery may have brought it so.
fn bare(host: &str) -> &str {
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    inner.unwrap_or(host)
}

/// Rules of projects that went to another service may override only what is above them there.
fn check_moved(moved: &BTreeMap<ProjectId, Place>, target: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for rule in &target.rules {
        let crate::model::RuleOwner::Project(project) = rule.owner else {
            continue;
        };
        let parent = rule.parent.and_then(|parent| target.rule(parent));
        if let (Some(parent), Some(place)) = (parent, moved.get(&project)) {
            let found = check_parent(target, rule, parent);
            let field = format!("rule {}", rule.name);
            let there = |problem: Problem| problem.below(&field).at(*place);
            problems.extend(found.into_iter().map(there));
        }
    }
    problems
}
