//! The targets file: what to scrape, for `file_sd_configs` and `http_sd_configs`.
//!
//! One group per enabled exporter whose project has a farm. Whether a shard is enabled or proxied
//! has no influence: Prometheus picks its shard by relabelling on `__shard`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;
use std::net::Ipv6Addr;
use std::ops::Range;

use super::json::{GroupList, Labels, escaped};
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
/// Groups are sorted by job, port, path, scheme, service name and project name; the targets of
/// a group by host name, all by bytes. An exporter whose farm has no hosts gives a group without
/// targets. Exporters that are disabled, or whose project, service, shard or farm is missing, are
/// left out. Labels are those of Promgen 0.74 (`__param_*` for the query of a path).
pub fn targets(tree: &Tree, select: &Select) -> String {
    let scraped = Scraped::sorted(tree, select);
    let hosts = Hosts::of(tree, &scraped);
    let projects: Vec<Written> = scraped
        .iter()
        .map(|project| Written::of(project, &hosts))
        .collect();
    let groups = groups(tree, &scraped, &projects);
    let many = groups.values().map(Vec::len).sum::<usize>();
    let each = groups.values().flatten();
    let count: usize = each.map(|project| project.hosts.len()).sum();
    let mut out = GroupList::with_capacity(many * GROUP_BYTES + count * TARGET_BYTES);
    for (kind, projects) in &groups {
        write(&mut out, kind, projects, &hosts);
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

/// What a project gives to the groups of its exporters, as it stands in the text.
///
/// A project is written once for each of several exporters. Of a large tree, what lies scattered over
/// the memory is fetched anew each time; what lies in the order of writing comes by itself.
struct Written {
    /// Where its hosts come from.
    source: Labels,
    /// Its shard and its farm.
    place: Labels,
    /// Its own name and that of its service.
    names: Labels,
    /// The hosts of its farm.
    hosts: Range<usize>,
}

impl Written {
    fn of(Scraped { lineage, farm }: &Scraped<'_>, hosts: &Hosts) -> Self {
        let (service, project) = lineage.names();
        let mut source = Labels::default();
        source.put("", "__farm_source", &farm.source);
        let mut place = Labels::default();
        place.put("", "__shard", &lineage.shard.name);
        place.put("", "farm", &farm.name);
        let mut names = Labels::default();
        names.put("", "project", project);
        names.put("", "service", service);
        let hosts = hosts.of_farm(farm.id);
        Self {
            source,
            place,
            names,
            hosts,
        }
    }
}

/// What exporters are sorted by before their projects: job, port, path and scheme.
type Kind<'a> = (&'a str, u16, &'a str, Scheme);

/// The projects that have an exporter of a kind, in the order in which they are written. Two exporters
/// of one kind and project give the same text, so that nothing is left to sort them by.
fn groups<'a, 'b>(
    tree: &'a Tree,
    scraped: &[Scraped<'a>],
    projects: &'b [Written],
) -> BTreeMap<Kind<'a>, Vec<&'b Written>> {
    let enabled = tree.exporters.iter().filter(|exporter| exporter.enabled);
    let mut exporters: Vec<(ProjectId, &Exporter)> = enabled
        .map(|exporter| (exporter.project, exporter))
        .collect();
    exporters.sort_unstable_by_key(|(project, _)| *project);
    let exporters = runs(&exporters);
    let mut groups: BTreeMap<Kind<'_>, Vec<_>> = BTreeMap::new();
    for (project, written) in scraped.iter().zip(projects) {
        let own = exporters.get(&project.lineage.project.id);
        for (_, exporter) in own.copied().unwrap_or_default() {
            let path = exporter.path.as_str();
            let kind = (exporter.job.as_str(), exporter.port, path, exporter.scheme);
            groups.entry(kind).or_default().push(written);
        }
    }
    groups
}

/// Writes the groups of all exporters of a kind.
fn write(out: &mut GroupList, kind: &Kind<'_>, projects: &[&Written], hosts: &Hosts) {
    let (job, port, path, scheme) = *kind;
    let path = ExporterPath::split(path);
    let mut address = Labels::default();
    if let Some(metrics_path) = &path.metrics_path {
        address.put("", "__metrics_path__", metrics_path);
    }
    for (key, value) in &path.params {
        address.put("__param_", key, value);
    }
    address.put("", "__scheme__", scheme.as_str());
    let mut job_name = Labels::default();
    job_name.put("", "job", job);
    let port = format!(":{port}");
    for project in projects {
        out.open();
        out.labels(&project.source);
        out.labels(&address);
        out.labels(&project.place);
        out.labels(&job_name);
        out.labels(&project.names);
        out.open_targets();
        for host in hosts.names(project.hosts.clone()) {
            out.target(host, &port);
        }
        out.close();
    }
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

/// The hosts of farms as they stand in the text, one after the other in the order of writing.
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
        let runs = runs(&sorted);
        for Scraped { farm, .. } in projects {
            if hosts.farms.contains_key(&farm.id) {
                continue;
            }
            let from = hosts.ends.len();
            for (_, name) in runs.get(&farm.id).copied().unwrap_or_default() {
                hosts.text.push_str(&address(name));
                hosts.ends.push(hosts.text.len());
            }
            hosts.farms.insert(farm.id, from..hosts.ends.len());
        }
        hosts
    }

    /// Which hosts are those of a farm.
    fn of_farm(&self, farm: FarmId) -> Range<usize> {
        self.farms.get(&farm).cloned().unwrap_or_default()
    }

    fn names(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
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

/// The items of each key, of items that are sorted by it.
fn runs<K: Hash + Eq + Copy, T>(sorted: &[(K, T)]) -> HashMap<K, &[(K, T)]> {
    let runs = sorted.chunk_by(|(one, _), (other, _)| one == other);
    runs.filter_map(|run| Some((run.first()?.0, run))).collect()
}
