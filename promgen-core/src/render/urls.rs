//! The URLs file, for the blackbox exporter's `file_sd` and `http_sd`.

use std::collections::HashMap;

use super::{Select, json};
use crate::model::{Probe, ProbeId, Project, ProjectId, Service, Shard, Tree, Url};

/// One group per project and probe, in the order of service name, project name and URL in which
/// its first URL comes.
pub fn urls(tree: &Tree, select: &Select) -> String {
    let mut entries: Vec<Entry<'_>> = tree
        .urls
        .iter()
        .filter_map(|url| Entry::of(tree, url))
        .filter(|entry| select.has_project(entry.project))
        .collect();
    entries.sort_by(|a, b| a.key().cmp(&b.key()));
    let mut groups: Vec<Vec<&Entry<'_>>> = Vec::new();
    let mut known: HashMap<(ProjectId, ProbeId), usize> = HashMap::new();
    for entry in &entries {
        let at = *known
            .entry((entry.project.id, entry.probe.id))
            .or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    let mut out = String::new();
    for group in &groups {
        if let Some(first) = group.first() {
            first.write(&mut out, group.iter().map(|entry| entry.url.url.as_str()));
        }
    }
    json::finish(out)
}

struct Entry<'a> {
    url: &'a Url,
    probe: &'a Probe,
    project: &'a Project,
    service: &'a Service,
    shard: &'a Shard,
}

impl<'a> Entry<'a> {
    fn of(tree: &'a Tree, url: &'a Url) -> Option<Self> {
        let project = tree.project(url.project)?;
        Some(Self {
            url,
            probe: tree.probe(url.probe)?,
            project,
            service: tree.service(project.service)?,
            shard: tree.shard(project.shard)?,
        })
    }

    fn key(&self) -> impl Ord + use<'a> {
        (
            &self.service.name,
            &self.project.name,
            &self.url.url,
            &self.probe.module,
            self.url.id,
        )
    }

    fn write<'b>(&self, out: &mut String, targets: impl Iterator<Item = &'b str>) {
        let labels = [
            ("__param_module", self.probe.module.as_str()),
            ("__shard", &self.shard.name),
            ("job", &self.probe.module),
            ("project", &self.project.name),
            ("service", &self.service.name),
        ];
        json::group(out, &labels, targets);
    }
}
