//! Probes out of the configuration of a blackbox exporter.

use std::collections::BTreeMap;

use super::outcome::{ImportReport, Imported};
use super::source::read;
use crate::document::{Node, Value};
use crate::model::{Place, Probe, ProbeId, Problem, Tree};
use crate::tree::draft::{Draft, provisional};

/// Most characters of a module name.
const MAX_CHARS: usize = 128;

/// A configuration of the blackbox exporter: what could be read of it, and every finding.
#[derive(Debug, Clone, Default)]
pub struct ProbesFile {
    /// Modules with `prober: http`, in the order of the file.
    pub modules: Vec<String>,
    /// How many modules probe by other means.
    pub others: usize,
    /// Findings, errors among them, in the order of the file.
    pub problems: Vec<Problem>,
}

impl ProbesFile {
    /// Modules that are no probes of a tree yet.
    pub fn new_ones<'a>(&'a self, current: &'a Tree) -> impl Iterator<Item = &'a str> {
        let known = |module: &&str| current.probes.iter().any(|probe| probe.module == *module);
        let modules = self.modules.iter().map(String::as_str);
        modules.filter(move |module| !known(module))
    }
}

/// Reads the modules of a configuration of the blackbox exporter; what they are made of is not
/// looked at.
///
/// ```
/// use promgen_core::import::import_probes;
///
/// let file = import_probes("modules: {http_2xx: {prober: http, timeout: 5s}, ping: {prober: icmp}}");
/// assert_eq!((&file.modules[..], file.others), (&["http_2xx".to_owned()][..], 1));
/// ```
pub fn import_probes(text: &str) -> ProbesFile {
    let mut file = ProbesFile::default();
    match read(text) {
        Ok(node) => file.document(&node),
        Err(problem) => file.problems.push(problem),
    }
    file.problems.sort_by_key(|problem| problem.place);
    file
}

/// Works out the tree after making a probe of every module that is none yet.
///
/// `descriptions` holds those that people gave, by module; without one, the name of the module is
/// the description.
///
/// # Errors
/// Every finding at once, each with its place.
pub fn plan_probes(
    file: &ProbesFile,
    descriptions: &BTreeMap<String, String>,
    current: &Tree,
) -> Result<Imported, Vec<Problem>> {
    let mut draft = Draft::of(current);
    let mut report = ImportReport::default();
    for module in &file.modules {
        if draft.probe_named(module).is_some() {
            report.count_skipped("Probe");
            continue;
        }
        let id = ProbeId(provisional(&draft.probes, |id| id.0));
        let description = descriptions.get(module).unwrap_or(module).clone();
        let probe = Probe {
            id,
            module: module.clone(),
            description,
        };
        draft.probes.insert(id, probe);
        report.count_imported("Probe");
    }
    (0..file.others).for_each(|_| report.count_skipped("Module"));
    report.finish(file.problems.clone(), current, draft.into_tree())
}

impl ProbesFile {
    fn document(&mut self, node: &Node) {
        let Value::Map(entries) = &node.value else {
            let message = format!("is {}", node.value.kind());
            self.refuse("document", node.place, message, "write a map with modules");
            return;
        };
        let mut lists = entries.iter().filter(|entry| entry.key == "modules");
        let Some(modules) = lists.next() else {
            let remedy = "give the configuration of a blackbox exporter";
            self.refuse("document", node.place, "has no modules", remedy);
            return;
        };
        for again in lists {
            self.refuse("modules", again.place, "stands here again", "keep one");
        }
        match &modules.node.value {
            Value::Map(entries) => {
                let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
                for entry in entries {
                    let path = format!("modules.{}", entry.key);
                    if let Some(first) = seen.insert(&entry.key, entry.place.line) {
                        let message = format!("stands here again, after line {first}");
                        self.refuse(&path, entry.place, message, "keep one");
                    } else {
                        self.module(&entry.key, &path, &entry.node);
                    }
                }
            }
            other => {
                let message = format!("is {}", other.kind());
                self.refuse("modules", modules.node.place, message, "write a map");
            }
        }
    }

    fn module(&mut self, name: &str, path: &str, node: &Node) {
        let Value::Map(entries) = &node.value else {
            let message = format!("is {}", node.value.kind());
            self.refuse(path, node.place, message, "write a map with prober");
            return;
        };
        let prober = entries.iter().find(|entry| entry.key == "prober");
        match prober.map(|entry| &entry.node.value) {
            Some(Value::Text(prober)) if prober == "http" => {
                if name.is_empty()
                    || name.chars().count() > MAX_CHARS
                    || name.contains(char::is_control)
                {
                    let message = "is empty, too long, or not one line";
                    self.refuse(path, node.place, message, "rename it");
                }
                self.modules.push(name.to_owned());
            }
            Some(Value::Text(_)) => self.others += 1,
            _ => self.refuse(path, node.place, "has no prober", "name its prober"),
        }
    }

    fn refuse(&mut self, field: &str, place: Place, message: impl Into<String>, remedy: &str) {
        self.problems
            .push(Problem::error(field, message, remedy).at(place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GroupOptions, Site};

    #[test]
    fn every_finding_comes_at_once_with_its_place() {
        for (text, expected) in [
            (
                "modules:\n  a: {prober: http}\n  a: {prober: dns}\n  b: {}\n  c: 1\n",
                &[
                    "modules.a 3:3: stands",
                    "modules.b 4:6: has no prober",
                    "modules.c 5:6: is a number",
                ][..],
            ),
            ("a: 1\n", &["document 1:1: has no modules"]),
            ("[]", &["document 1:1: is a list"]),
            (
                "modules: []\nmodules: {}\n",
                &["modules 1:10: is a list", "modules 2:1: stands"],
            ),
        ] {
            let told: Vec<String> = import_probes(text)
                .problems
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(told.len(), expected.len(), "{told:?}");
            for (told, expected) in told.iter().zip(expected) {
                assert!(told.starts_with(&format!("error: {expected}")), "{told}");
            }
        }
    }

    #[test]
    fn new_modules_become_probes_once() {
        let site = Site {
            domain: "x".to_owned(),
            name: String::new(),
            group: GroupOptions::default(),
        };
        let tree = Tree::empty(site);
        let file =
            import_probes("modules: {a: {prober: http}, b: {prober: http}, c: {prober: tcp}}");
        let given = BTreeMap::from([("b".to_owned(), "by hand".to_owned())]);
        let done = plan_probes(&file, &given, &tree).unwrap();
        let probes: Vec<_> = done
            .target
            .probes
            .iter()
            .map(|p| (&*p.module, &*p.description))
            .collect();
        assert_eq!(probes, [("b", "by hand"), ("a", "a")]);
        assert_eq!(done.report.imported["Probe"], 2);
        assert_eq!(done.report.skipped["Module"], 1);
        let again = plan_probes(&file, &given, &done.target).unwrap();
        assert_eq!(
            (again.report.is_empty(), again.report.skipped["Probe"]),
            (true, 2)
        );
        assert_eq!(file.new_ones(&done.target).count(), 0);
    }
}
