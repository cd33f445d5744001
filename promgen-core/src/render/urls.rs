//! The URLs file: what a blackbox exporter probes, as target groups.

use std::collections::BTreeMap;

use super::json::{GroupList, Labels, escaped};
use super::select::{Lineage, Select};
use crate::model::{Probe, ProbeId, ProjectId, Tree, Url};

/// Bytes to make room for per URL; most groups hold one.
const URL_BYTES: usize = 320;

/// Renders the URLs of a part of the tree as a JSON array of target groups.
///
/// URLs are sorted by service name, project name, the URL and the probe's module, all by bytes,
/// and grouped by project and probe; groups stand in the order in which they are first seen. A URL
/// whose project, service, shard or probe is missing is left out.
pub fn urls(tree: &Tree, select: &Select) -> String {
    let probed = |url| Probed::find(tree, select, url);
    let mut found: Vec<Probed<'_>> = tree.urls.iter().filter_map(probed).collect();
    found.sort_by(|one, other| one.key().cmp(&other.key()));
    let mut out = GroupList::with_capacity(found.len() * URL_BYTES);
    for group in grouped(&found) {
        write(&mut out, &group);
    }
    out.finish()
}

/// A URL that is rendered, with everything that gives it labels.
struct Probed<'a> {
    url: &'a Url,
    probe: &'a Probe,
    lineage: Lineage<'a>,
}

impl<'a> Probed<'a> {
    fn find(tree: &'a Tree, select: &Select, url: &'a Url) -> Option<Self> {
        Some(Self {
            url,
            probe: tree.probe(url.probe)?,
            lineage: Lineage::find(tree, select, url.project)?,
        })
    }

    fn key(&self) -> impl Ord {
        let names = self.lineage.names();
        (
            names,
            self.url.url.as_str(),
            self.probe.module.as_str(),
            self.url.id,
        )
    }
}

/// Puts sorted URLs of one project and probe together, in first-seen order.
fn grouped<'a, 'b>(found: &'b [Probed<'a>]) -> Vec<Vec<&'b Probed<'a>>> {
    let mut groups: Vec<Vec<&Probed<'a>>> = Vec::new();
    let mut places: BTreeMap<(ProjectId, ProbeId), usize> = BTreeMap::new();
    for probed in found {
        let next = groups.len();
        let key = (probed.url.project, probed.url.probe);
        let place = *places.entry(key).or_insert(next);
        match groups.get_mut(place) {
            Some(group) => group.push(probed),
            None => groups.push(vec![probed]),
        }
    }
    groups
}

fn write(out: &mut GroupList, group: &[&Probed<'_>]) {
    let Some(first) = group.first() else {
        return;
    };
    let (service, project) = first.lineage.names();
    let mut labels = Labels::default();
    labels.put("", "__param_module", &first.probe.module);
    labels.put("", "__shard", &first.lineage.shard.name);
    labels.put("", "job", &first.probe.module);
    labels.put("", "project", project);
    labels.put("", "service", service);
    out.open();
    out.labels(&labels);
    out.open_targets();
    for probed in group {
        out.target(&escaped(&probed.url.url), "");
    }
    out.close();
}
