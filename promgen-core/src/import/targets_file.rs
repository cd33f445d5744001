//! Reading a targets file: the JSON that Promgen exports and `file_sd` takes.

use std::collections::{BTreeMap, BTreeSet};

use super::source::read;
use super::{address, path};
use crate::document::{Fields, Node, Value};
use crate::model::{Name, Place, Problem, Scheme, Severity};

/// The shard of elements that name none.
const DEFAULT_SHARD: &str = "Default";

/// The source of farms of elements that name none (Promgen's own default).
const DEFAULT_SOURCE: &str = "pmc";

/// A targets file: what could be read of it, and every finding about it.
#[derive(Debug, Clone, Default)]
pub struct TargetsFile {
    /// The elements in the order of the file.
    pub elements: Vec<TargetsDraft>,
    /// Findings, errors among them, in the order of the file. Elements that have one may be
    /// missing.
    pub problems: Vec<Problem>,
}

/// One element: an exporter of a project, and the hosts of its farm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetsDraft {
    /// Where it stands in the document, such as `[3]`.
    pub path: String,
    /// Its line and column.
    pub place: Place,
    /// `__shard`.
    pub shard: Name,
    /// `service`.
    pub service: Name,
    /// `project`.
    pub project: Name,
    /// `farm`.
    pub farm: Name,
    /// `__farm_source`.
    pub source: String,
    /// `job`.
    pub job: String,
    /// `__metrics_path__` with `__param_*`.
    pub exporter_path: String,
    /// `__scheme__`.
    pub scheme: Scheme,
    /// Hosts with their ports; IPv6 addresses stand in brackets.
    pub targets: Vec<(String, u16)>,
    /// Whether addresses were refused, so that these are not all that were meant.
    pub is_partial: bool,
}

/// Reads a targets file.
///
/// `__shard` defaults to `Default`, `__farm_source` to `pmc`, `__scheme__` to `http`. `__param_*`
/// are put behind the path as its query. Other labels have no place in Promgen: a warning names
/// each.
///
/// ```
/// use promgen_core::import::import_config;
///
/// let text = r#"[{"labels": {"service": "shop", "project": "web", "farm": "f", "job": "node",
///     "__metrics_path__": "/m", "__param_x": "1"}, "targets": ["a:9100", "[::1]:9100"]}]"#;
/// let file = import_config(text);
/// assert!(file.problems.is_empty());
/// let element = &file.elements[0];
/// assert_eq!((&*element.shard, &*element.source), ("Default", "pmc"));
/// assert_eq!(element.exporter_path, "/m?x=1");
/// assert_eq!(element.targets[1], ("[::1]".to_owned(), 9100));
/// ```
pub fn import_config(text: &str) -> TargetsFile {
    let mut reader = Reader::default();
    match read(text) {
        Ok(node) => reader.elements(&node),
        Err(problem) => reader.file.problems.push(problem),
    }
    reader.file.problems.sort_by_key(|problem| problem.place);
    reader.file
}

#[derive(Default)]
struct Reader {
    file: TargetsFile,
    /// Labels that were told to be left out.
    left_out: BTreeSet<String>,
}

impl Reader {
    fn elements(&mut self, node: &Node) {
        let list = match &node.value {
            Value::List(list) => list,
            Value::Null => return,
            other => {
                let message = format!("is {}", other.kind());
                let remedy = "write a list of {\"labels\", \"targets\"}";
                let problem = Problem::error("document", message, remedy);
                self.file.problems.push(problem.at(node.place));
                return;
            }
        };
        for (at, node) in list.iter().enumerate() {
            let element = self.element(node, &format!("[{at}]"));
            self.file.elements.extend(element);
        }
    }

    fn element(&mut self, node: &Node, path: &str) -> Option<TargetsDraft> {
        let problems = &mut self.file.problems;
        let fields = Fields::open(node, path, &["labels", "targets"], problems)?;
        let before = problems.len();
        let targets = targets(&fields, problems);
        let is_error = |problem: &Problem| problem.severity == Severity::Error;
        let is_partial = problems.iter().skip(before).any(is_error);
        if fields.node("labels").is_none() {
            let remedy = "give service, project, farm and job";
            problems.push(fields.problem("labels", "is missing", remedy));
            return None;
        }
        let mut labels = Labels {
            values: fields.texts("labels", problems)?,
            fields: &fields,
            problems,
        };
        let shard = labels.name("__shard", Some(DEFAULT_SHARD));
        let service = labels.name("service", None);
        let project = labels.name("project", None);
        let farm = labels.name("farm", None);
        let source = labels.short("__farm_source", Some(DEFAULT_SOURCE));
        let job = labels.short("job", None);
        let scheme = labels.scheme();
        let exporter_path = labels.path();
        let rest = labels.values;
        self.leave_out(rest, &fields);
        Some(TargetsDraft {
            path: path.to_owned(),
            place: fields.place,
            shard: shard?,
            service: service?,
            project: project?,
            farm: farm?,
            source: source?,
            job: job?,
            exporter_path: exporter_path?,
            scheme: scheme?,
            targets,
            is_partial,
        })
    }

    /// Warns of labels that Promgen cannot keep, each once.
    fn leave_out(&mut self, rest: BTreeMap<String, String>, fields: &Fields<'_>) {
        for (label, _) in rest {
            if self.left_out.insert(label.clone()) {
                let mut problem = fields.problem(
                    "labels",
                    format!("{label} is not kept, here and further down"),
                    "set it by relabelling in Prometheus",
                );
                problem.severity = Severity::Warning;
                self.file.problems.push(problem);
            }
        }
    }
}

/// The labels of an element; each is taken out when it is asked for.
struct Labels<'a, 'b> {
    values: BTreeMap<String, String>,
    fields: &'a Fields<'b>,
    problems: &'a mut Vec<Problem>,
}

impl Labels<'_, '_> {
    fn problem(&mut self, label: &str, message: impl Into<String>, remedy: &str) {
        let mut problem = self.fields.problem("labels", message, remedy);
        problem.field = format!("{}.{label}", problem.field);
        let labels = self.fields.node("labels");
        if let Some(place) = labels.and_then(|node| super::rule_draft::place_below(node, label)) {
            problem.place = Some(place);
        }
        self.problems.push(problem);
    }

    fn text(&mut self, label: &str, default: Option<&str>) -> Option<String> {
        let found = self.values.remove(label);
        let text = found.or_else(|| default.map(ToOwned::to_owned));
        if text.is_none() {
            self.problem(label, "is missing", "give it; every element names it");
        }
        text
    }

    fn name(&mut self, label: &str, default: Option<&str>) -> Option<Name> {
        let text = self.text(label, default)?;
        match Name::parse(&text) {
            Ok(name) => Some(name),
            Err(error) => {
                self.problem(label, error.to_string(), "rename it");
                None
            }
        }
    }

    fn short(&mut self, label: &str, default: Option<&str>) -> Option<String> {
        let text = self.text(label, default)?;
        if text.is_empty() || text.chars().count() > 128 || text.contains(char::is_control) {
            let remedy = "write 1 to 128 characters, on one line";
            self.problem(label, "is empty, too long, or not one line", remedy);
            return None;
        }
        Some(text)
    }

    fn scheme(&mut self) -> Option<Scheme> {
        let Some(text) = self.values.remove("__scheme__") else {
            return Some(Scheme::Http);
        };
        match text.parse() {
            Ok(scheme) => Some(scheme),
            Err(error) => {
                self.problem("__scheme__", error, "leave it out for http");
                None
            }
        }
    }

    fn path(&mut self) -> Option<String> {
        let metrics_path = self.values.remove("__metrics_path__").unwrap_or_default();
        let mut params = BTreeMap::new();
        self.values.retain(|label, value| {
            let Some(key) = label.strip_prefix("__param_") else {
                return true;
            };
            params.insert(key.to_owned(), std::mem::take(value));
            false
        });
        let joined = path::join(&metrics_path, &params);
        let starts_well = joined.is_empty() || joined.starts_with(['/', '?']);
        let is_long = joined.chars().count() > path::MAX_CHARS;
        if !starts_well || is_long || joined.contains(char::is_control) {
            let message = "is not a path that can be kept, together with its parameters";
            let remedy = "begin it with /, on one line of at most 128 characters";
            self.problem("__metrics_path__", message, remedy);
            return None;
        }
        Some(joined)
    }
}

fn targets(fields: &Fields<'_>, problems: &mut Vec<Problem>) -> Vec<(String, u16)> {
    let Some(nodes) = fields.list("targets", problems) else {
        return Vec::new();
    };
    let mut targets = Vec::new();
    for (path, node) in nodes {
        let Value::Text(text) = &node.value else {
            let message = format!("is {}", node.value.kind());
            let problem = Problem::error(path, message, "write a text like host:9100");
            problems.push(problem.at(node.place));
            continue;
        };
        match address::parse(text) {
            Ok(found) => {
                if found.ambiguous {
                    let message = format!("{text:?} is read as {}:{}", found.host, found.port);
                    let remedy = "put brackets around the address to make that clear";
                    problems.push(Problem::warning(path, message, remedy).at(node.place));
                }
                targets.push((found.host, found.port));
            }
            Err((message, remedy)) => {
                problems.push(Problem::error(path, message, remedy).at(node.place));
            }
        }
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_comes_at_once_with_its_place() {
        let text = r#"[
  {"labels": {"service": "a/b", "job": "", "__scheme__": "ftp", "zone": "x"},
   "targets": ["a", "a:99999", 3, "::1:9100"]},
  {"targets": []},
  {"labels": {"service": "s", "project": "p", "farm": "f", "job": "j", "job": "k",
    "__metrics_path__": "m", "zone": "y"}, "target": []},
  7
]"#;
        let file = import_config(text);
        let told: Vec<String> = file.problems.iter().map(ToString::to_string).collect();
        let expected = [
            "error: [0].labels.project 2:14: is missing",
            "error: [0].labels.farm 2:14: is missing",
            "warning: [0].labels 2:14: zone is not kept",
            "error: [0].labels.service 2:26: a name cannot hold '/'",
            "error: [0].labels.job 2:40: is empty",
            "error: [0].labels.__scheme__ 2:58: \"ftp\" is not a scheme",
            "error: [0].targets[0] 3:16: \"a\" has no port",
            "error: [0].targets[1] 3:21: \"99999\" is not a port",
            "error: [0].targets[2] 3:32: is a number",
            "warning: [0].targets[3] 3:35: \"::1:9100\" is read as [::1]:9100",
            "error: [1].labels 4:3: is missing",
            "error: [2].labels.job 5:72: stands here again",
            "error: [2].labels.__metrics_path__ 6:25: is not a path",
            "error: [2].target 6:44: is no key; did you mean targets?",
            "error: [3] 7:3: is a number; write a map",
        ];
        assert_eq!(told.len(), expected.len(), "{told:#?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told}\n{expected}");
        }
        assert_eq!(file.elements, []);
    }

    #[test]
    fn tabs_marks_and_line_ends_of_other_systems_are_fine() {
        let text = "\u{feff}[\r\n\t{\"labels\":\t{\"service\": \"\\u65e5\", \"project\": \"p\", \
                    \"farm\": \"f\", \"job\": \"j\"}, \"targets\": []}\r\n]\r\n";
        let file = import_config(text);
        assert_eq!(file.problems, []);
        assert_eq!(&*file.elements[0].service, "日");
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert_eq!(import_config("").problems, []);
        assert_eq!(import_config("[]").problems, []);
        for text in ["{}", "[", "3", &"[".repeat(100_000)] {
            assert_eq!(import_config(text).problems.len(), 1);
        }
    }
}
