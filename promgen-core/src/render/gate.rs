//! The output gate: whether Prometheus would refuse a whole file.
//!
//! Prometheus takes a rules or targets file whole or not at all, and everybody's rules and targets
//! are in it. What one rule gets wrong by itself is found where it is written
//! ([`check_rule`](crate::rules::check_rule)); here is what only shows in the whole, or depends on
//! the versions of Prometheus in use.
//!
//! Sources: Prometheus `model/rulefmt` (`RuleGroups.Validate`) and `discovery/targetgroup`.

use std::collections::BTreeMap;

use super::rules::{KEEP_FIRING_SINCE, LIMIT_SINCE, QUERY_OFFSET_SINCE, RuleOptions};
use super::targets::scraped_project;
use crate::config::PrometheusVersion;
use crate::model::{Exporter, ExporterPath, Problem, RuleOwner, Tree};

/// First version that takes any text as the name of a label.
const ANY_LABEL_SINCE: PrometheusVersion = PrometheusVersion { major: 3, minor: 0 };

/// What stands between service and project in the name of a project's group.
const SEPARATOR: &str = " » ";

/// Tells what would make Prometheus refuse the rules or the targets of a tree.
///
/// Errors stand for a refused file. Warnings stand for what Prometheus loads, but not as somebody
/// meant it: options that are kept, but left out because [`RuleOptions::min_version`] does not know
/// them, and rules that are the same alert. Fields begin with the object, as in
/// `service shop.name`. The tree may come without hosts, URLs and senders: none of them can make
/// Prometheus refuse a file.
pub fn gate(tree: &Tree, options: &RuleOptions) -> Vec<Problem> {
    let mut problems = group_names(tree);
    problems.extend(options_left_out(tree, options));
    problems.extend(same_rules(tree));
    if options.min_version < ANY_LABEL_SINCE {
        problems.extend(parameters(tree));
    }
    problems
}

/// Site, services and projects, whether they have rules or not: a clash that waits for the first
/// rule would hit somebody who did not make it.
fn owners(tree: &Tree) -> impl Iterator<Item = RuleOwner> {
    let services = tree.services.iter().map(|s| RuleOwner::Service(s.id));
    let projects = tree.projects.iter().map(|p| RuleOwner::Project(p.id));
    std::iter::once(RuleOwner::Site)
        .chain(services)
        .chain(projects)
}

/// An owner as the fields of problems name it.
fn field_of(tree: &Tree, owner: RuleOwner) -> String {
    let name = match owner {
        RuleOwner::Site => return "site".to_owned(),
        RuleOwner::Service(id) => tree.service(id).map(|service| &service.name),
        RuleOwner::Project(id) => tree.project(id).map(|project| &project.name),
    };
    format!("{} {}", owner.kind(), name.map_or("", |name| name.as_str()))
}

fn group_names(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    if tree.site.domain.is_empty() {
        let message = "is empty, and so is the name of the site's rule group";
        let remedy = "give the host name under which people reach this installation";
        problems.push(Problem::error("site.domain", message, remedy));
    }
    for service in tree.services.iter().filter(|s| s.name.contains(SEPARATOR)) {
        let field = format!("service {}.name", service.name);
        let message = "holds ` » `, which divides service and project in the names of groups";
        problems.push(Problem::error(field, message, "rename the service"));
    }
    let mut seen: BTreeMap<String, RuleOwner> = BTreeMap::new();
    for owner in owners(tree) {
        let Some(name) = tree.group_name(owner) else {
            continue;
        };
        if let Some(first) = seen.get(&name) {
            let field = format!("{}.name", field_of(tree, owner));
            let other = field_of(tree, *first);
            let message = format!("its rule group would be called {name:?}, like that of {other}");
            problems.push(Problem::error(field, message, "rename one of the two"));
        } else {
            seen.insert(name, owner);
        }
    }
    problems
}

fn options_left_out(tree: &Tree, options: &RuleOptions) -> Vec<Problem> {
    let site = std::iter::once((RuleOwner::Site, &tree.site.group));
    let services = tree
        .services
        .iter()
        .map(|s| (RuleOwner::Service(s.id), &s.group));
    let projects = tree
        .projects
        .iter()
        .map(|p| (RuleOwner::Project(p.id), &p.group));
    let mut problems = Vec::new();
    for (owner, group) in site.chain(services).chain(projects) {
        for (key, set, since) in [
            ("limit", group.limit.is_some(), LIMIT_SINCE),
            (
                "query_offset",
                group.query_offset.is_some(),
                QUERY_OFFSET_SINCE,
            ),
        ] {
            if set && options.min_version < since {
                let field = format!("{}.group.{key}", field_of(tree, owner));
                problems.push(left_out(field, since));
            }
        }
    }
    if options.min_version < KEEP_FIRING_SINCE {
        let keeping = tree
            .rules
            .iter()
            .filter(|rule| rule.keep_firing_for.is_some());
        let field = |name| format!("rule {name}.keep_firing_for");
        problems.extend(keeping.map(|rule| left_out(field(&rule.name), KEEP_FIRING_SINCE)));
    }
    problems
}

fn left_out(field: String, since: PrometheusVersion) -> Problem {
    let PrometheusVersion { major, minor } = since;
    let message = format!("is kept, but left out: it needs Prometheus {major}.{minor}");
    let remedy =
        format!("once no older server loads it, set prometheus.min_version to {major}.{minor}");
    Problem::warning(field, message, remedy)
}

/// Enabled rules that are the same alert or series: Prometheus loads them, and then fires double.
fn same_rules(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = BTreeMap::new();
    for rule in tree.rules.iter().filter(|rule| rule.enabled) {
        let identity = (rule.owner, rule.kind, &rule.name, &rule.labels);
        if let Some(first) = seen.insert(identity, rule.id) {
            let field = format!("rule {}", rule.name);
            let message = format!("has the name and the labels of another one (rule {first})");
            problems.push(Problem::warning(
                field,
                message,
                "rename or remove one of the two",
            ));
        }
    }
    problems
}

/// Query parameters of the exporters that are rendered: each becomes a label `__param_NAME`.
fn parameters(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let queried = |exporter: &&Exporter| exporter.path.contains('?');
    for exporter in tree.exporters.iter().filter(queried) {
        let Some(project) = scraped_project(tree, exporter) else {
            continue;
        };
        let params = ExporterPath::split(&exporter.path).params;
        for name in params.keys().filter(|name| !is_end_of_label(name)) {
            let project = &project.name;
            let (job, port) = (&exporter.job, exporter.port);
            let field = format!("project {project}.exporter {job}:{port}.path");
            let message = format!(
                "the parameter {name} becomes the label __param_{name}, for which Prometheus \
                 before 3.0 refuses the whole file"
            );
            let remedy = "leave the parameter out, or set prometheus.min_version to 3.0";
            problems.push(Problem::error(field, message, remedy));
        }
    }
    problems
}

/// Whether the text may follow `__param_` in the name of a label. Prometheus has no bound of length.
fn is_end_of_label(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
