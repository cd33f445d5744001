//! The targets file: what to scrape, for `file_sd_configs` and `http_sd_configs`.
//!
//! One group per enabled exporter whose project has a farm. Whether a shard is enabled or proxied
//! has no influence: Prometheus picks its shard by relabelling on `__shard`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::net::Ipv6Addr;

use super::json::{GroupList, escaped};
use super::select::{Lineage, Select};
use crate::model::{Exporter, ExporterPath, Farm, FarmId, Project, ProjectId, Scheme, Tree};

/// Bytes to make room for: the labels of a group, and one target. Measured on ordinary names; a
/// guess that is too small costs a copy, nothing else.
const GROUP_BYTES: usize = 400;
const TARGET_BYTES: usize = 56;

/// Renders the targets of a part of the tree as a JSON array of target groups.
///
/// Groups are sorted by job, port, path, scheme, service name, project name and exporter id; the
/// targets of a group by host name, all by bytes. An exporter whose farm has no hosts gives a
/// group without targets. Exporters that are disabled, or whose project, service, shard or farm is
/// missing, are left out. Labels are those of Promgen 0.74 (`__param_*` for the query of a path).
pub fn targets(tree: &Tree, select: &Select) -> String {
    let projects = Scraped::sorted(tree, select);
    let hosts = hosts_of(tree, &projects);
    let groups = groups(tree, &projects);
    let counts = groups.values().flatten();
    let count: usize = counts
        .map(|(project, _)| run(&hosts, project.farm.id).len())
        .sum();
    let many = groups.values().map(Vec::len).sum::<usize>();
    let mut out = GroupList::with_capacity(many * GROUP_BYTES + count * TARGET_BYTES);
    for (project, exporter) in groups.values().flatten() {
        write(&mut out, project, exporter, run(&hosts, project.farm.id));
    }
    out.finish()
}

/// The project of an exporter that is in the targets of the whole tree.
pub(super) fn scraped_project<'a>(tree: &'a Tree, exporter: &Exporter) -> Option<&'a Project> {
    let enabled = exporter.enabled.then_some(exporter.project);
    let scraped = Scraped::find(tree, &Select::All, enabled?)?;
    Some(scraped.lineage.project)
}

/// A project that is scraped, with everything that gives labels to its exporters.
struct Scraped<'a> {
    lineage: Lineage<'a>,
    farm: &'a Farm,
}

impl<'a> Scraped<'a> {
    /// The project; `None` when it is left out.
    fn find(tree: &'a Tree, select: &Select, id: ProjectId) -> Option<Self> {
        let lineage = Lineage::find(tree, select, id)?;
        let farm = tree.farm(lineage.project.farm?)?;
        Some(Self { lineage, farm })
    }

    /// All projects that are scraped, by service name and project name.
    ///
    /// They are sorted before the exporters, of which there are several times as many: comparing
    /// names that lie scattered over the memory is most of what a large tree costs.
    fn sorted(tree: &'a Tree, select: &Select) -> Vec<Self> {
        let ids = tree.projects.iter().map(|project| project.id);
        let mut found: Vec<Self> = ids.filter_map(|id| Self::find(tree, select, id)).collect();
        found.sort_by_key(|scraped| (scraped.lineage.names(), scraped.lineage.project.id));
        found
    }
}

/// What exporters are sorted by before their projects.
type Kind<'a> = (&'a str, u16, &'a str, Scheme);

/// The exporters of projects in the order in which they are written.
fn groups<'a>(
    tree: &'a Tree,
    projects: &'a [Scraped<'a>],
) -> BTreeMap<Kind<'a>, Vec<(&'a Scraped<'a>, &'a Exporter)>> {
    let enabled = tree.exporters.iter().filter(|exporter| exporter.enabled);
    let mut exporters: Vec<(ProjectId, &Exporter)> = enabled
        .map(|exporter| (exporter.project, exporter))
        .collect();
    exporters.sort_unstable_by_key(|(project, exporter)| (*project, exporter.id));
    let mut groups: BTreeMap<Kind<'_>, Vec<_>> = BTreeMap::new();
    for project in projects {
        for (_, exporter) in run(&exporters, project.lineage.project.id) {
            let path = exporter.path.as_str();
            let kind = (exporter.job.as_str(), exporter.port, path, exporter.scheme);
            groups.entry(kind).or_default().push((project, *exporter));
        }
    }
    groups
}

fn write(
    out: &mut GroupList,
    project: &Scraped<'_>,
    exporter: &Exporter,
    hosts: &[(FarmId, Cow<'_, str>)],
) {
    let path = ExporterPath::split(&exporter.path);
    let (service, name) = project.lineage.names();
    out.open();
    out.label("", "__farm_source", &project.farm.source);
    if let Some(metrics_path) = &path.metrics_path {
        out.label("", "__metrics_path__", metrics_path);
    }
    for (key, value) in &path.params {
        out.label("__param_", key, value);
    }
    out.label("", "__scheme__", exporter.scheme.as_str());
    out.label("", "__shard", &project.lineage.shard.name);
    out.label("", "farm", &project.farm.name);
    out.label("", "job", &exporter.job);
    out.label("", "project", name);
    out.label("", "service", service);
    out.open_targets();
    let port = format!(":{}", exporter.port);
    for (_, host) in hosts {
        out.target(host, &port);
    }
    out.close();
}

/// The hosts of the farms of projects, sorted by farm and name once for all groups, as they stand
/// in the text: most farms are written once for each of several exporters.
fn hosts_of<'a>(tree: &'a Tree, projects: &[Scraped<'_>]) -> Vec<(FarmId, Cow<'a, str>)> {
    let farms: HashSet<FarmId> = projects.iter().map(|project| project.farm.id).collect();
    let wanted = tree.hosts.iter().filter(|host| farms.contains(&host.farm));
    let mut hosts: Vec<(FarmId, &str)> =
        wanted.map(|host| (host.farm, host.name.as_str())).collect();
    hosts.sort_unstable();
    let hosts = hosts.into_iter();
    hosts.map(|(farm, name)| (farm, address(name))).collect()
}

/// The host as it stands before a port: a bare IPv6 address, as discovery may bring it, is put in
/// brackets.
fn address(host: &str) -> Cow<'_, str> {
    if host.contains(':') && host.parse::<Ipv6Addr>().is_ok() {
        return Cow::Owned(format!("[{host}]"));
    }
    escaped(host)
}

/// Those of items that are sorted by a key that have this one.
fn run<K: Ord + Copy, T>(sorted: &[(K, T)], key: K) -> &[(K, T)] {
    let from = sorted.partition_point(|(of, _)| *of < key);
    let rest = sorted.get(from..).unwrap_or_default();
    let count = rest.partition_point(|(of, _)| *of == key);
    rest.get(..count).unwrap_or_default()
}
