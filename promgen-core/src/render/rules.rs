//! The rules file of Prometheus 2.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Select;
use super::yaml::scalar;
use crate::config::{LinkScheme, PrometheusVersion, Settings};
use crate::model::{GroupOptions, PromDuration, Rule, RuleKind, RuleOwner, Tree};
use crate::rules::{OverrideIndex, expand};

/// What rendering of rules depends on besides the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleOptions {
    /// Scheme of the links in the annotation `rule`.
    pub scheme: LinkScheme,
    /// The oldest Prometheus that loads the file; newer fields are left out.
    pub min_version: PrometheusVersion,
}

impl From<&Settings> for RuleOptions {
    fn from(settings: &Settings) -> Self {
        Self {
            scheme: settings.scheme,
            min_version: settings.prometheus.min_version,
        }
    }
}

/// A rule group as Prometheus gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleGroup {
    /// Domain, service, or `service » project`.
    pub name: String,
    /// Its options, as far as the oldest Prometheus knows them.
    pub options: GroupOptions,
    /// Its rules, by name.
    pub rules: Vec<RuleEntry>,
}

/// A rule as Prometheus gets it: expanded, with computed labels and links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleEntry {
    /// Alerting or recording.
    pub kind: RuleKind,
    /// Name of the alert or the series.
    pub name: String,
    /// The expanded expression.
    pub expr: String,
    /// `for`; recording rules have none.
    pub duration: Option<PromDuration>,
    /// `keep_firing_for`.
    pub keep_firing_for: Option<PromDuration>,
    /// Labels, `service` and `project` included.
    pub labels: BTreeMap<String, String>,
    /// Annotations, the link `rule` included.
    pub annotations: BTreeMap<String, String>,
}

/// The enabled rules of the selected owners, by group: the site's, then services, then projects,
/// each by id; within a group by name. A rule whose owner is gone is left out.
pub fn rule_groups(tree: &Tree, select: &Select, options: &RuleOptions) -> Vec<RuleGroup> {
    let overrides = OverrideIndex::new(tree);
    let mut by_owner: BTreeMap<RuleOwner, Vec<&Rule>> = BTreeMap::new();
    for rule in tree
        .rules
        .iter()
        .filter(|rule| rule.enabled && select.has_rules_of(rule.owner))
    {
        by_owner.entry(rule.owner).or_default().push(rule);
    }
    let groups = by_owner.into_iter().filter_map(|(owner, mut rules)| {
        rules.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        let labels = owner_labels(tree, owner)?;
        let entry = |rule: &&Rule| {
            let expr = expand(&rule.clause, overrides.of(rule.id)).text;
            entry(tree, rule, expr, &labels, options)
        };
        Some(RuleGroup {
            name: tree.group_name(owner)?,
            options: known_options(group_options(tree, owner)?, options.min_version),
            rules: rules.iter().map(entry).collect(),
        })
    });
    groups.collect()
}

/// The rules file: groups of [`rule_groups`] as YAML with sorted keys.
pub fn rules(tree: &Tree, select: &Select, options: &RuleOptions) -> String {
    let groups = rule_groups(tree, select, options);
    if groups.is_empty() {
        return "groups: []\n".to_owned();
    }
    let mut out = String::from("groups:\n");
    for group in &groups {
        write_group(&mut out, group);
    }
    out
}

fn entry(
    tree: &Tree,
    rule: &Rule,
    expr: String,
    owner_labels: &[(&'static str, String)],
    options: &RuleOptions,
) -> RuleEntry {
    let alerting = rule.kind == RuleKind::Alert;
    let mut labels = rule.labels.clone();
    labels.retain(|name, _| name != "service" && name != "project");
    labels.extend(
        owner_labels
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone())),
    );
    let mut annotations = BTreeMap::new();
    if alerting {
        annotations.clone_from(&rule.annotations);
        let (scheme, domain) = (options.scheme.as_str(), &tree.site.domain);
        annotations.insert(
            "rule".to_owned(),
            format!("{scheme}://{domain}/rule/{}", rule.id),
        );
    }
    let known = options.min_version
        >= PrometheusVersion {
            major: 2,
            minor: 42,
        };
    RuleEntry {
        kind: rule.kind,
        name: rule.name.to_string(),
        expr,
        duration: alerting.then(|| rule.duration.clone()),
        keep_firing_for: rule.keep_firing_for.clone().filter(|_| alerting && known),
        labels,
        annotations,
    }
}

/// The labels that say what a rule belongs to; they always win over what the user wrote.
fn owner_labels(tree: &Tree, owner: RuleOwner) -> Option<Vec<(&'static str, String)>> {
    match owner {
        RuleOwner::Site => Some(Vec::new()),
        RuleOwner::Service(id) => Some(vec![("service", tree.service(id)?.name.to_string())]),
        RuleOwner::Project(id) => {
            let project = tree.project(id)?;
            let service = tree.service(project.service)?;
            Some(vec![
                ("project", project.name.to_string()),
                ("service", service.name.to_string()),
            ])
        }
    }
}

fn group_options(tree: &Tree, owner: RuleOwner) -> Option<&GroupOptions> {
    match owner {
        RuleOwner::Site => Some(&tree.site.group),
        RuleOwner::Service(id) => tree.service(id).map(|service| &service.group),
        RuleOwner::Project(id) => tree.project(id).map(|project| &project.group),
    }
}

/// Leaves out what the oldest Prometheus would refuse the whole file for.
fn known_options(options: &GroupOptions, min: PrometheusVersion) -> GroupOptions {
    let since = |major, minor| min >= PrometheusVersion { major, minor };
    GroupOptions {
        interval: options.interval.clone(),
        limit: options.limit.filter(|_| since(2, 31)),
        query_offset: options.query_offset.clone().filter(|_| since(2, 53)),
    }
}

fn write_group(out: &mut String, group: &RuleGroup) {
    let mut keys: Vec<String> = Vec::new();
    if let Some(interval) = &group.options.interval {
        keys.push(format!("interval: {}", scalar(interval.as_str())));
    }
    if let Some(limit) = group.options.limit {
        keys.push(format!("limit: {limit}"));
    }
    keys.push(format!("name: {}", scalar(&group.name)));
    if let Some(offset) = &group.options.query_offset {
        keys.push(format!("query_offset: {}", scalar(offset.as_str())));
    }
    // Writing to a String cannot fail.
    writeln!(out, "- {}\n  rules:", keys.join("\n  ")).ok();
    for rule in &group.rules {
        write_rule(out, rule);
    }
}

fn write_rule(out: &mut String, rule: &RuleEntry) {
    let mut lines: Vec<String> = Vec::new();
    if rule.kind == RuleKind::Alert {
        lines.push(format!("alert: {}", scalar(&rule.name)));
        write_map(&mut lines, "annotations", &rule.annotations);
    }
    lines.push(format!("expr: {}", scalar(&rule.expr)));
    if let Some(duration) = &rule.duration {
        lines.push(format!("for: {}", scalar(duration.as_str())));
    }
    if let Some(span) = &rule.keep_firing_for {
        lines.push(format!("keep_firing_for: {}", scalar(span.as_str())));
    }
    write_map(&mut lines, "labels", &rule.labels);
    if rule.kind == RuleKind::Record {
        lines.push(format!("record: {}", scalar(&rule.name)));
    }
    writeln!(out, "  - {}", lines.join("\n    ")).ok();
}

fn write_map(lines: &mut Vec<String>, key: &str, map: &BTreeMap<String, String>) {
    if map.is_empty() {
        lines.push(format!("{key}: {{}}"));
        return;
    }
    lines.push(format!("{key}:"));
    lines.extend(
        map.iter()
            .map(|(key, value)| format!("  {}: {}", scalar(key), scalar(value))),
    );
}
