//! The targets file: what to scrape, for `file_sd_configs` and `http_sd_configs`.
//!
//! One group per enabled exporter whose project has a farm. Whether a shard is enabled or proxied
//! has no influence: Prometheus picks its shard by relabelling on `__shard`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::Ipv6Addr;
use std::ops::Range;

use super::json::{GroupList, escaped};
use super::select::{Lineage, Select};
use crate::model::{
    Exporter, ExporterPath, Farm, FarmId, Project, ProjectId, Scheme, Service, ServiceId, Tree,
};

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
    let hosts = Hosts::of(tree, &projects);
    let groups = groups(tree, &projects);
    let counts = groups.values().flatten();
    let count: usize = counts
        .map(|(project, _)| hosts.count(project.farm.id))
        .sum();
    let many = groups.values().map(Vec::len).sum::<usize>();
    let mut out = GroupList::with_capacity(many * GROUP_BYTES + count * TARGET_BYTES);
    for (project, exporter) in groups.values().flatten() {
        write(&mut out, project, exporter, &hosts);
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
        let found = ids.filter_map(|id| Self::find(tree, select, id));
        let ranks = ranks(&tree.services);
        let rank = |scraped: &Self| ranks.get(&scraped.lineage.service.id).copied();
        let mut found: Vec<(Option<usize>, Self)> =
            found.map(|scraped| (rank(&scraped), scraped)).collect();
        let key = |(rank, scraped): &(Option<usize>, Self)| {
            let Lineage { project, .. } = scraped.lineage;
            (*rank, project.name.as_str(), project.id)
        };
        found.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
        found.into_iter().map(|(_, scraped)| scraped).collect()
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

fn write(out: &mut GroupList, project: &Scraped<'_>, exporter: &Exporter, hosts: &Hosts) {
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
    for host in hosts.names(project.farm.id) {
        out.target(host, &port);
    }
    out.close();
}

/// Where each service stands among all by name. Those of one name are told apart by nothing else.
fn ranks(services: &[Service]) -> HashMap<ServiceId, usize> {
    let mut sorted: Vec<&Service> = services.iter().collect();
    sorted.sort_unstable_by_key(|service| service.name.as_str());
    let same = sorted.chunk_by(|one, other| one.name == other.name);
    let ranked = same.enumerate();
    ranked
        .flat_map(|(rank, same)| same.iter().map(move |service| (service.id, rank)))
        .collect()
}

/// The hosts of farms as they stand in the text, one after the other.
///
/// Most farms are written once for each of several exporters. Of a large tree, what lies scattered
/// over the memory is fetched anew each time; what lies in the order of writing comes by itself.
struct Hosts {
    text: String,
    /// Where each host ends in the text.
    ends: Vec<usize>,
    /// Which of them are those of a farm, sorted by name.
    farms: HashMap<FarmId, Range<usize>>,
}

impl Hosts {
    fn of(tree: &Tree, projects: &[Scraped<'_>]) -> Self {
        let wanted: HashSet<FarmId> = projects.iter().map(|project| project.farm.id).collect();
        let hosts = tree.hosts.iter().filter(|host| wanted.contains(&host.farm));
        let mut sorted: Vec<(FarmId, &str)> =
            hosts.map(|host| (host.farm, host.name.as_str())).collect();
        sorted.sort_unstable();
        let mut hosts = Self {
            text: String::with_capacity(sorted.iter().map(|(_, name)| name.len()).sum()),
            ends: Vec::with_capacity(sorted.len()),
            farms: HashMap::with_capacity(wanted.len()),
        };
        for Scraped { farm, .. } in projects {
            if hosts.farms.contains_key(&farm.id) {
                continue;
            }
            let from = hosts.ends.len();
            for (_, name) in run(&sorted, farm.id) {
                hosts.text.push_str(&address(name));
                hosts.ends.push(hosts.text.len());
            }
            hosts.farms.insert(farm.id, from..hosts.ends.len());
        }
        hosts
    }

    fn range(&self, farm: FarmId) -> Range<usize> {
        self.farms.get(&farm).cloned().unwrap_or_default()
    }

    fn count(&self, farm: FarmId) -> usize {
        self.range(farm).len()
    }

    fn names(&self, farm: FarmId) -> impl Iterator<Item = &str> {
        let range = self.range(farm);
        let before = range.start.checked_sub(1);
        let mut from = before
            .and_then(|at| self.ends.get(at))
            .copied()
            .unwrap_or(0);
        let ends = self.ends.get(range).unwrap_or_default().iter();
        ends.map(move |end| {
            let name = self.text.get(from..*end).unwrap_or_default();
            from = *end;
            name
        })
    }
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
