//! The targets file, for `file_sd` and `http_sd`.

use std::collections::HashMap;

use super::{Select, json};
use crate::model::{Exporter, ExporterPath, Farm, FarmId, Project, Service, Shard, Tree};

/// One group per enabled exporter whose project has a farm, sorted by job, port, path, scheme,
/// service, project; hosts by name. A farm without hosts gives an empty group.
///
/// Flags of shards have no influence: Prometheus keeps its own by the label `__shard`.
pub fn targets(tree: &Tree, select: &Select) -> String {
    let hosts = hosts_by_farm(tree);
    let mut groups: Vec<Group<'_>> = tree
        .exporters
        .iter()
        .filter(|exporter| exporter.enabled)
        .filter_map(|exporter| Group::of(tree, exporter))
        .filter(|group| select.has_project(group.project))
        .collect();
    groups.sort_by(|a, b| a.key().cmp(&b.key()));
    let mut out = String::new();
    for group in &groups {
        group.write(
            &mut out,
            hosts.get(&group.farm.id).map_or(&[], Vec::as_slice),
        );
    }
    json::finish(out)
}

fn hosts_by_farm(tree: &Tree) -> HashMap<FarmId, Vec<&str>> {
    let mut hosts: HashMap<FarmId, Vec<&str>> = HashMap::new();
    for host in &tree.hosts {
        hosts.entry(host.farm).or_default().push(&host.name);
    }
    for names in hosts.values_mut() {
        names.sort_unstable();
    }
    hosts
}

struct Group<'a> {
    exporter: &'a Exporter,
    project: &'a Project,
    service: &'a Service,
    shard: &'a Shard,
    farm: &'a Farm,
}

impl<'a> Group<'a> {
    fn of(tree: &'a Tree, exporter: &'a Exporter) -> Option<Self> {
        let project = tree.project(exporter.project)?;
        Some(Self {
            exporter,
            project,
            service: tree.service(project.service)?,
            shard: tree.shard(project.shard)?,
            farm: tree.farm(project.farm?)?,
        })
    }

    fn key(&self) -> impl Ord + use<'a> {
        let exporter = self.exporter;
        let kind = (
            &exporter.job,
            exporter.port,
            &exporter.path,
            exporter.scheme,
        );
        (kind, &self.service.name, &self.project.name, exporter.id)
    }

    fn write(&self, out: &mut String, hosts: &[&str]) {
        let path = ExporterPath::split(&self.exporter.path);
        let params: Vec<(String, &String)> = path
            .params
            .iter()
            .map(|(key, value)| (format!("__param_{key}"), value))
            .collect();
        let mut labels: Vec<(&str, &str)> = vec![
            ("__farm_source", &self.farm.source),
            ("__scheme__", self.exporter.scheme.as_str()),
            ("__shard", &self.shard.name),
            ("farm", &self.farm.name),
            ("job", &self.exporter.job),
            ("project", &self.project.name),
            ("service", &self.service.name),
        ];
        if let Some(metrics_path) = &path.metrics_path {
            labels.push(("__metrics_path__", metrics_path));
        }
        labels.extend(
            params
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        labels.sort_unstable();
        let port = self.exporter.port;
        let targets: Vec<String> = hosts.iter().map(|host| format!("{host}:{port}")).collect();
        json::group(out, &labels, targets.iter().map(String::as_str));
    }
}
