//! The targets file: what to scrape, for `file_sd_configs` and `http_sd_configs`.
//!
//! One group per enabled exporter whose project has a farm. Whether a shard is enabled or proxied
//! has no influence: Prometheus picks its shard by relabelling on `__shard`.

use std::borrow::Cow;
use std::collections::HashSet;
use std::net::Ipv6Addr;

use super::json::GroupList;
use super::select::{Lineage, Select};
use crate::model::{Exporter, ExporterPath, Farm, FarmId, Tree};

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
    let scraped = |exporter| Scraped::find(tree, select, exporter);
    let mut groups: Vec<Scraped<'_>> = tree.exporters.iter().filter_map(scraped).collect();
    groups.sort_by(|one, other| one.key().cmp(&other.key()));
    let farms: HashSet<FarmId> = groups.iter().map(|group| group.farm.id).collect();
    let hosts = Hosts::of_farms(tree, &farms);
    let count: usize = groups.iter().map(|g| hosts.of(g.farm.id).len()).sum();
    let mut out = GroupList::with_capacity(groups.len() * GROUP_BYTES + count * TARGET_BYTES);
    for group in &groups {
        group.write(&mut out, &hosts);
    }
    out.finish()
}

/// An exporter that is rendered, with everything that gives it labels.
pub(super) struct Scraped<'a> {
    pub(super) exporter: &'a Exporter,
    pub(super) lineage: Lineage<'a>,
    farm: &'a Farm,
}

impl<'a> Scraped<'a> {
    /// The exporter as it is rendered; `None` when it is left out.
    pub(super) fn find(tree: &'a Tree, select: &Select, exporter: &'a Exporter) -> Option<Self> {
        if !exporter.enabled {
            return None;
        }
        let lineage = Lineage::find(tree, select, exporter.project)?;
        let farm = tree.farm(lineage.project.farm?)?;
        Some(Self {
            exporter,
            lineage,
            farm,
        })
    }

    fn key(&self) -> impl Ord {
        let exporter = self.exporter;
        let (service, project) = self.lineage.names();
        (
            (exporter.job.as_str(), exporter.port),
            (exporter.path.as_str(), exporter.scheme),
            (service, project),
            exporter.id,
        )
    }

    fn write(&self, out: &mut GroupList, hosts: &Hosts<'_>) {
        let path = ExporterPath::split(&self.exporter.path);
        let (service, project) = self.lineage.names();
        out.open();
        out.label("", "__farm_source", &self.farm.source);
        if let Some(metrics_path) = &path.metrics_path {
            out.label("", "__metrics_path__", metrics_path);
        }
        for (key, value) in &path.params {
            out.label("__param_", key, value);
        }
        out.label("", "__scheme__", self.exporter.scheme.as_str());
        out.label("", "__shard", &self.lineage.shard.name);
        out.label("", "farm", &self.farm.name);
        out.label("", "job", &self.exporter.job);
        out.label("", "project", project);
        out.label("", "service", service);
        out.open_targets();
        let port = format!(":{}", self.exporter.port);
        for (_, host) in hosts.of(self.farm.id) {
            out.target(&address(host), &port);
        }
        out.close();
    }
}

/// The host as it stands before a port: a bare IPv6 address, as discovery may bring it, is put in
/// brackets.
fn address(host: &str) -> Cow<'_, str> {
    if host.contains(':') && host.parse::<Ipv6Addr>().is_ok() {
        return Cow::Owned(format!("[{host}]"));
    }
    Cow::Borrowed(host)
}

/// The hosts of some farms, sorted by farm and name once for all groups.
struct Hosts<'a>(Vec<(FarmId, &'a str)>);

impl<'a> Hosts<'a> {
    fn of_farms(tree: &'a Tree, farms: &HashSet<FarmId>) -> Self {
        let mut hosts: Vec<(FarmId, &str)> = tree
            .hosts
            .iter()
            .filter(|host| farms.contains(&host.farm))
            .map(|host| (host.farm, host.name.as_str()))
            .collect();
        hosts.sort_unstable();
        Self(hosts)
    }

    fn of(&self, farm: FarmId) -> &[(FarmId, &'a str)] {
        let from = self.0.partition_point(|(of, _)| *of < farm);
        let rest = self.0.get(from..).unwrap_or_default();
        let count = rest.partition_point(|(of, _)| *of == farm);
        rest.get(..count).unwrap_or_default()
    }
}
