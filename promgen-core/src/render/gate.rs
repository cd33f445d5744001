//! The output gate: no single change may make Prometheus refuse a whole output.
//!
//! Outputs are shared by all teams. What one rule or exporter gets wrong by itself is found when it
//! is checked; here is what only shows in the whole, or would break the file for everybody.

use std::collections::BTreeMap;

use super::RuleOptions;
use crate::config::PrometheusVersion;
use crate::model::{ExporterPath, LabelName, Problem, Tree};

/// Finds what would make Prometheus refuse the rules or the targets as a whole.
///
/// Needs no hosts, URLs or senders in the tree.
pub fn gate(tree: &Tree, options: &RuleOptions) -> Vec<Problem> {
    let mut problems = group_names(tree);
    problems.extend(service_names(tree));
    // Prometheus 3 takes any label name.
    if options.min_version < (PrometheusVersion { major: 3, minor: 0 }) {
        problems.extend(parameters(tree));
    }
    problems
}

fn group_names(tree: &Tree) -> Vec<Problem> {
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for service in &tree.services {
        *owners.entry(&service.name).or_default() += 1;
    }
    let mut projects: BTreeMap<&str, usize> = BTreeMap::new();
    for project in &tree.projects {
        *projects.entry(&project.name).or_default() += 1;
    }
    let twice = |kind: &str, names: BTreeMap<&str, usize>| {
        let names = names.into_iter().filter(|(_, count)| *count > 1);
        let problem = |(name, _): (&str, usize)| {
            let message = format!("two of them are called {name}, and so are their rule groups");
            Problem::error(kind, message, "rename one")
        };
        names.map(problem).collect::<Vec<_>>()
    };
    let mut problems = twice("services", owners);
    problems.extend(twice("projects", projects));
    problems
}

fn service_names(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for service in &tree.services {
        let field = format!("service {}", service.name);
        if service.name == tree.site.domain.as_str() {
            let message = "is called like the site, and so are their rule groups";
            problems.push(Problem::error(
                &field,
                message,
                "rename the service or the site",
            ));
        }
        if service.name.contains(" » ") {
            let message = "holds ` » `, which divides service and project in the names of groups";
            problems.push(Problem::error(&field, message, "rename the service"));
        }
    }
    problems
}

fn parameters(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for exporter in tree
        .exporters
        .iter()
        .filter(|exporter| exporter.path.contains('?'))
    {
        for name in ExporterPath::split(&exporter.path).params.keys() {
            if LabelName::parse(&format!("__param_{name}")).is_err() {
                let field = format!(
                    "exporter {}:{}{}",
                    exporter.job, exporter.port, exporter.path
                );
                let message = format!(
                    "the parameter {name} makes the label __param_{name}, for which Prometheus \
                     before 3.0 refuses the whole file"
                );
                let remedy = "leave the parameter out, or set prometheus.min_version to 3.0";
                problems.push(Problem::error(field, message, remedy));
            }
        }
    }
    problems
}
