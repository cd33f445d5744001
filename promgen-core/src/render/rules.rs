//! The rules file, in the format of Prometheus 2 and later.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::select::Select;
use super::yaml;
use crate::config::{LinkScheme, Prometheus, PrometheusVersion, Settings};
use crate::model::{GroupOptions, PromDuration, Rule, RuleKind, RuleOwner, Tree};
use crate::rules::{OverrideIndex, expand};

/// First version that knows a group's `limit`.
pub(super) const LIMIT_SINCE: PrometheusVersion = version(2, 31);
/// First version that knows a rule's `keep_firing_for`.
pub(super) const KEEP_FIRING_SINCE: PrometheusVersion = version(2, 42);
/// First version that knows a group's `query_offset`.
pub(super) const QUERY_OFFSET_SINCE: PrometheusVersion = version(2, 53);

const fn version(major: u32, minor: u32) -> PrometheusVersion {
    PrometheusVersion { major, minor }
}

/// What the rules depend on besides the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleOptions {
    /// Scheme of the links to rules; `http` by default.
    pub scheme: LinkScheme,
    /// The oldest server that loads the outputs; by default that of
    /// [`Prometheus::min_version`].
    pub min_version: PrometheusVersion,
}

impl Default for RuleOptions {
    fn default() -> Self {
        Self {
            scheme: LinkScheme::default(),
            min_version: Prometheus::default().min_version,
        }
    }
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
    /// Its options, as far as [`RuleOptions::min_version`] knows them.
    pub options: GroupOptions,
    /// Its rules, by name.
    pub rules: Vec<RuleEntry>,
}

/// A rule as Prometheus gets it: expanded, with the computed labels and the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleEntry {
    /// Alerting or recording.
    pub kind: RuleKind,
    /// Name of the alert or of the recorded series.
    pub name: String,
    /// The expanded clause.
    pub expr: String,
    /// `for`; recording rules have none.
    pub duration: Option<PromDuration>,
    /// `keep_firing_for`, where set and known.
    pub keep_firing_for: Option<PromDuration>,
    /// Labels; `service` and `project` are those of the owner.
    pub labels: BTreeMap<String, String>,
    /// Annotations with the link `rule`; recording rules have none.
    pub annotations: BTreeMap<String, String>,
}

/// Computes the rules of a part of the tree as Prometheus is to get them.
///
/// One group per owner: the site first, then services, then projects, each kind by id; in a group
/// the rules by name, by bytes. Clauses are expanded. The labels `service` and `project` are those
/// of the owner, whatever the rule says, and the annotation `rule` links to the rule. Disabled
/// rules are left out, and so are rules whose owner is missing, and options that
/// [`RuleOptions::min_version`] does not know ([`gate()`](super::gate()) tells so).
pub fn rule_groups(tree: &Tree, select: &Select, options: &RuleOptions) -> Vec<RuleGroup> {
    let overrides = OverrideIndex::new(tree);
    let rendered = |rule: &&Rule| rule.enabled && select.has_rules_of(rule.owner);
    let mut chosen: Vec<&Rule> = tree.rules.iter().filter(rendered).collect();
    chosen.sort_by(|one, other| {
        (one.owner, &one.name, one.id).cmp(&(other.owner, &other.name, other.id))
    });
    let groups = chosen.chunk_by(|one, other| one.owner == other.owner);
    let group = |rules: &[&Rule]| {
        let owner = Owner::find(tree, rules.first()?.owner)?;
        let entry = |rule: &&Rule| {
            let expr = expand(&rule.clause, overrides.of(rule.id)).text;
            owner.entry(rule, expr, options)
        };
        Some(RuleGroup {
            rules: rules.iter().map(entry).collect(),
            options: known_options(owner.options, options.min_version),
            name: owner.group,
        })
    };
    groups.filter_map(group).collect()
}

/// Renders the rules of a part of the tree as a YAML rules file: the groups of [`rule_groups`].
pub fn rules(tree: &Tree, select: &Select, options: &RuleOptions) -> String {
    let groups = rule_groups(tree, select, options);
    if groups.is_empty() {
        return "groups: []\n".to_owned();
    }
    let mut out = "groups:\n".to_owned();
    for group in &groups {
        write_group(&mut out, group);
    }
    out
}

/// One rule by itself as YAML: its entry in the rules file, without the group around it.
///
/// Disabled rules have one too. `None` when the owner of the rule is missing.
pub fn rule_yaml(tree: &Tree, rule: &Rule, options: &RuleOptions) -> Option<String> {
    let owner = Owner::find(tree, rule.owner)?;
    let overrides = OverrideIndex::new(tree);
    let expr = expand(&rule.clause, overrides.of(rule.id)).text;
    let mut out = String::new();
    write_entry(&mut out, &owner.entry(rule, expr, options), "", "");
    Some(out)
}

/// What the rules of a group take from the object that they belong to.
pub(super) struct Owner<'a> {
    group: String,
    options: &'a GroupOptions,
    service: Option<&'a str>,
    project: Option<&'a str>,
    domain: &'a str,
}

impl<'a> Owner<'a> {
    /// The owner; `None` when it, or the service above it, is missing.
    pub(super) fn find(tree: &'a Tree, owner: RuleOwner) -> Option<Self> {
        let (options, service, project) = match owner {
            RuleOwner::Site => (&tree.site.group, None, None),
            RuleOwner::Service(id) => {
                let service = tree.service(id)?;
                (&service.group, Some(service), None)
            }
            RuleOwner::Project(id) => {
                let project = tree.project(id)?;
                let service = tree.service(project.service)?;
                (&project.group, Some(service), Some(project))
            }
        };
        Some(Self {
            group: tree.group_name(owner)?,
            options,
            service: service.map(|service| service.name.as_str()),
            project: project.map(|project| project.name.as_str()),
            domain: &tree.site.domain,
        })
    }

    pub(super) fn entry(&self, rule: &Rule, expr: String, options: &RuleOptions) -> RuleEntry {
        let alert = rule.kind == RuleKind::Alert;
        let knows_keep = options.min_version >= KEEP_FIRING_SINCE;
        let keep = rule.keep_firing_for.clone();
        RuleEntry {
            kind: rule.kind,
            name: rule.name.to_string(),
            expr,
            duration: alert.then(|| rule.duration.clone()),
            keep_firing_for: keep.filter(|_| alert && knows_keep),
            labels: self.labels(rule),
            annotations: if alert {
                self.annotations(rule, options)
            } else {
                BTreeMap::new()
            },
        }
    }

    fn labels(&self, rule: &Rule) -> BTreeMap<String, String> {
        let mut labels = rule.labels.clone();
        for (name, value) in [("service", self.service), ("project", self.project)] {
            // Prometheus expands the labels of alerts as templates, those of records not.
            let value = match rule.kind {
                RuleKind::Alert => value.map(as_template),
                RuleKind::Record => value.map(Cow::Borrowed),
            };
            match value {
                Some(value) => labels.insert(name.to_owned(), value.into_owned()),
                None => labels.remove(name),
            };
        }
        labels
    }

    fn annotations(&self, rule: &Rule, options: &RuleOptions) -> BTreeMap<String, String> {
        let scheme = options.scheme.as_str();
        let link = format!("{scheme}://{}/rule/{}", as_template(self.domain), rule.id);
        let mut annotations = rule.annotations.clone();
        annotations.insert("rule".to_owned(), link);
        annotations
    }
}

/// A text as a template of Prometheus that expands to that text.
///
/// Names may hold `{{`; left alone, one such service would make Prometheus refuse the whole file.
fn as_template(text: &str) -> Cow<'_, str> {
    if text.contains("{{") {
        return Cow::Owned(text.replace("{{", r#"{{"{{"}}"#));
    }
    Cow::Borrowed(text)
}

fn known_options(options: &GroupOptions, oldest: PrometheusVersion) -> GroupOptions {
    let offset = options.query_offset.clone();
    GroupOptions {
        interval: options.interval.clone(),
        limit: options.limit.filter(|_| oldest >= LIMIT_SINCE),
        query_offset: offset.filter(|_| oldest >= QUERY_OFFSET_SINCE),
    }
}

/// Indentation of a group, of its keys, of a rule, of the rule's keys.
const GROUP: &str = "- ";
const GROUP_KEY: &str = "  ";
const RULE: &str = "  - ";
const RULE_KEY: &str = "    ";

/// Writes a group; its keys are sorted, so the dash goes to whichever is first.
fn write_group(out: &mut String, group: &RuleGroup) {
    let mut lead = Some(GROUP);
    let mut next = || lead.take().unwrap_or(GROUP_KEY);
    let options = &group.options;
    if let Some(interval) = &options.interval {
        yaml::text(out, next(), "interval", interval.as_str());
    }
    if let Some(limit) = options.limit {
        yaml::number(out, next(), "limit", limit);
    }
    yaml::text(out, next(), "name", &group.name);
    if let Some(offset) = &options.query_offset {
        yaml::text(out, next(), "query_offset", offset.as_str());
    }
    yaml::open(out, GROUP_KEY, "rules");
    for rule in &group.rules {
        write_entry(out, rule, RULE, RULE_KEY);
    }
}

/// Writes a rule; `first` stands before its first key, `others` before the others.
fn write_entry(out: &mut String, rule: &RuleEntry, first: &str, others: &str) {
    match rule.kind {
        RuleKind::Alert => write_alert(out, rule, first, others),
        RuleKind::Record => write_record(out, rule, first, others),
    }
}

fn write_alert(out: &mut String, rule: &RuleEntry, first: &str, others: &str) {
    yaml::text(out, first, "alert", &rule.name);
    yaml::map(out, others, "annotations", &rule.annotations);
    yaml::text(out, others, "expr", &rule.expr);
    let spans = [
        ("for", &rule.duration),
        ("keep_firing_for", &rule.keep_firing_for),
    ];
    for (key, span) in spans {
        if let Some(span) = span {
            yaml::text(out, others, key, span.as_str());
        }
    }
    yaml::map(out, others, "labels", &rule.labels);
}

fn write_record(out: &mut String, rule: &RuleEntry, first: &str, others: &str) {
    yaml::text(out, first, "expr", &rule.expr);
    yaml::map(out, others, "labels", &rule.labels);
    yaml::text(out, others, "record", &rule.name);
}
