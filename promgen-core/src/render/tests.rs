//! The renderers on a small tree whose outputs fit on a page.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::config::{LinkScheme, PrometheusVersion};
use crate::model::*;
use crate::testing::render::{self as property, YamlReader};

const SERDE_YAML: YamlReader = |text| serde_yaml::from_str(text).map_err(|e| e.to_string());
const SAPHYR: YamlReader = |text| serde_saphyr::from_str(text).map_err(|e| e.to_string());

/// Two services, three projects on two shards, overrides at two levels.
fn sample() -> Tree {
    let mut tree = Tree::empty(Site {
        domain: "promgen.example.com".to_owned(),
        name: "Promgen".to_owned(),
        group: GroupOptions::default(),
    });
    tree.shards = vec![shard(1, "east"), shard(2, "west")];
    tree.services = vec![service(1, "shop"), service(2, "検索")];
    tree.projects = vec![
        project(1, "web", 1, 1, Some(1)),
        project(2, "db", 1, 2, Some(1)),
        project(3, "index", 2, 1, None),
    ];
    tree.farms = vec![Farm {
        id: FarmId(1),
        name: Name::stored("web-farm"),
        source: LOCAL_SOURCE.to_owned(),
    }];
    tree.hosts = vec![
        host(1, "b.example.com"),
        host(2, "a.example.com"),
        host(3, "::1"),
    ];
    tree.exporters = vec![
        exporter(1, "node", 9100, "/metrics?match[]=%7Bjob%3D%22x%22%7D", 1),
        exporter(2, "mysqld", 9104, "", 2),
        exporter(3, "node", 9100, "", 3),
    ];
    tree.probes = vec![probe(1, "http_2xx"), probe(2, "http_post")];
    tree.urls = vec![
        url(1, "https://b/", 1, 1),
        url(2, "https://c/", 1, 2),
        url(3, "https://a/", 1, 1),
    ];
    tree.rules = vec![
        rule(1, "HostDown", RuleOwner::Site, None),
        rule(
            2,
            "HostDown_shop",
            RuleOwner::Service(ServiceId(1)),
            Some(1),
        ),
        rule(
            3,
            "HostDown_shop_web",
            RuleOwner::Project(ProjectId(1)),
            Some(2),
        ),
    ];
    tree
}

fn shard(id: i32, name: &str) -> Shard {
    Shard {
        id: ShardId(id),
        name: Name::stored(name),
        url: String::new(),
        proxy: false,
        enabled: false,
        authorization: None,
        samples: 1,
        targets: 1,
    }
}

fn service(id: i32, name: &str) -> Service {
    Service {
        id: ServiceId(id),
        name: Name::stored(name),
        description: String::new(),
        owner: None,
        group: GroupOptions::default(),
    }
}

fn project(id: i32, name: &str, service: i32, shard: i32, farm: Option<i32>) -> Project {
    Project {
        id: ProjectId(id),
        name: Name::stored(name),
        description: String::new(),
        owner: None,
        service: ServiceId(service),
        shard: ShardId(shard),
        farm: farm.map(FarmId),
        group: GroupOptions::default(),
    }
}

fn host(id: i32, name: &str) -> Host {
    Host {
        id: HostId(id),
        name: name.to_owned(),
        farm: FarmId(1),
    }
}

fn exporter(id: i32, job: &str, port: u16, path: &str, project: i32) -> Exporter {
    Exporter {
        id: ExporterId(id),
        job: job.to_owned(),
        port,
        path: path.to_owned(),
        scheme: Scheme::Http,
        project: ProjectId(project),
        enabled: true,
    }
}

fn probe(id: i32, module: &str) -> Probe {
    Probe {
        id: ProbeId(id),
        module: module.to_owned(),
        description: String::new(),
    }
}

fn url(id: i32, url: &str, project: i32, probe: i32) -> Url {
    Url {
        id: UrlId(id),
        url: url.to_owned(),
        project: ProjectId(project),
        probe: ProbeId(probe),
    }
}

fn rule(id: i32, name: &str, owner: RuleOwner, parent: Option<i32>) -> Rule {
    Rule {
        id: RuleId(id),
        name: Name::stored(name),
        kind: RuleKind::Alert,
        clause: "up{<exclude>} == 0".to_owned(),
        duration: PromDuration::stored("5m"),
        keep_firing_for: None,
        enabled: true,
        parent: parent.map(RuleId),
        owner,
        description: String::new(),
        labels: map(&[("severity", "major")]),
        annotations: map(&[("summary", "{{ $labels.instance }} is down")]),
    }
}

fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

fn all_rules(tree: &Tree) -> String {
    rules(tree, &Select::All, &RuleOptions::default())
}

fn version(major: u32, minor: u32) -> RuleOptions {
    RuleOptions {
        scheme: LinkScheme::Http,
        min_version: PrometheusVersion { major, minor },
    }
}

fn errors(tree: &Tree) -> Vec<String> {
    let mut found = gate(tree, &RuleOptions::default());
    found.retain(|problem| problem.severity == Severity::Error);
    found.into_iter().map(|problem| problem.field).collect()
}

#[test]
fn an_empty_tree_gives_empty_documents() {
    let tree = Tree::empty(sample().site);
    assert_eq!(targets(&tree, &Select::All), "[]");
    assert_eq!(urls(&tree, &Select::All), "[]");
    assert_eq!(all_rules(&tree), "groups: []\n");
}

#[test]
fn targets_carry_the_labels_of_promgen() {
    let expected = r#"[
  {
    "labels": {
      "__farm_source": "promgen",
      "__metrics_path__": "/metrics",
      "__param_match[]": "{job=\"x\"}",
      "__scheme__": "http",
      "__shard": "east",
      "farm": "web-farm",
      "job": "node",
      "project": "web",
      "service": "shop"
    },
    "targets": [
      "[::1]:9100",
      "a.example.com:9100",
      "b.example.com:9100"
    ]
  }
]"#;
    assert_eq!(targets(&sample(), &Select::Shard(ShardId(1))), expected);
}

#[test]
fn a_farm_without_hosts_gives_a_group_without_targets() {
    let mut tree = sample();
    tree.hosts.clear();
    let text = targets(&tree, &Select::Project(ProjectId(2)));
    assert!(text.ends_with("    \"targets\": []\n  }\n]"), "{text}");
    assert!(!text.contains("__metrics_path__"), "{text}");
}

#[test]
fn targets_are_ordered_by_job_and_port_and_shared_farms_serve_both() {
    let text = targets(&sample(), &Select::Service(ServiceId(1)));
    let groups: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let jobs: Vec<&str> = groups
        .iter()
        .map(|g| g["labels"]["job"].as_str().unwrap())
        .collect();
    assert_eq!(jobs, ["mysqld", "node"]);
    assert_eq!(groups[0]["targets"][1], "a.example.com:9104");
    assert_eq!(groups[1]["targets"][1], "a.example.com:9100");
}

#[test]
fn disabled_exporters_and_projects_without_farm_are_left_out() {
    let mut tree = sample();
    assert_eq!(targets(&tree, &Select::Service(ServiceId(2))), "[]");
    tree.exporters[1].enabled = false;
    assert_eq!(targets(&tree, &Select::Project(ProjectId(2))), "[]");
}

#[test]
fn urls_are_grouped_by_project_and_probe_in_first_seen_order() {
    let text = urls(&sample(), &Select::All);
    let groups: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(groups.len(), 2);
    assert_eq!(
        groups[0]["targets"],
        serde_json::json!(["https://a/", "https://b/"])
    );
    let labels = serde_json::json!({
        "__param_module": "http_post", "__shard": "east", "job": "http_post",
        "project": "web", "service": "shop",
    });
    assert_eq!(groups[1]["labels"], labels);
    assert_eq!(urls(&sample(), &Select::Shard(ShardId(2))), "[]");
}

#[test]
fn rules_are_grouped_by_owner_with_the_macro_expanded() {
    let expected = r#"groups:
- name: promgen.example.com
  rules:
  - alert: HostDown
    annotations:
      rule: http://promgen.example.com/rule/1
      summary: '{{ $labels.instance }} is down'
    expr: up{service!~"shop"} == 0
    for: 5m
    labels:
      severity: major
- name: shop
  rules:
  - alert: HostDown_shop
    annotations:
      rule: http://promgen.example.com/rule/2
      summary: '{{ $labels.instance }} is down'
    expr: up{project!~"web"} == 0
    for: 5m
    labels:
      service: shop
      severity: major
- name: shop » web
  rules:
  - alert: HostDown_shop_web
    annotations:
      rule: http://promgen.example.com/rule/3
      summary: '{{ $labels.instance }} is down'
    expr: up{} == 0
    for: 5m
    labels:
      project: web
      service: shop
      severity: major
"#;
    assert_eq!(all_rules(&sample()), expected);
}

#[test]
fn a_selection_has_only_the_rules_of_its_owner_but_a_shard_has_all() {
    let tree = sample();
    let count = |select| {
        rules(&tree, &select, &RuleOptions::default())
            .matches("- alert:")
            .count()
    };
    assert_eq!(count(Select::Shard(ShardId(2))), 3);
    assert_eq!(count(Select::Service(ServiceId(1))), 1);
    assert_eq!(count(Select::Project(ProjectId(1))), 1);
    assert_eq!(count(Select::Service(ServiceId(2))), 0);
}

#[test]
fn disabled_rules_are_left_out_and_dangling_ones_are_skipped() {
    let mut tree = sample();
    tree.rules[0].enabled = false;
    tree.rules[2].owner = RuleOwner::Project(ProjectId(99));
    let text = all_rules(&tree);
    assert!(text.starts_with("groups:\n- name: shop\n"), "{text}");
    assert_eq!(text.matches("- alert:").count(), 1);
    tree.rules[1].enabled = false;
    assert_eq!(all_rules(&tree), "groups: []\n");
}

#[test]
fn labels_service_and_project_come_from_the_owner_alone() {
    let mut tree = sample();
    for rule in &mut tree.rules {
        rule.labels = map(&[("service", "forged"), ("project", "forged")]);
        rule.annotations = map(&[("rule", "forged")]);
    }
    let text = all_rules(&tree);
    assert!(!text.contains("forged"), "{text}");
    assert!(text.contains("    labels: {}\n"), "{text}");
}

#[test]
fn names_that_look_like_templates_stay_texts() {
    let mut tree = sample();
    tree.services[0].name = Name::stored("a{{b}}");
    let text = all_rules(&tree);
    assert!(text.contains("- name: a{{b}}\n"), "{text}");
    assert!(text.contains(r#"      service: a{{"{{"}}b}}"#), "{text}");
}

#[test]
fn recording_rules_have_a_series_and_no_alert() {
    let mut tree = sample();
    tree.rules.truncate(1);
    tree.rules[0].kind = RuleKind::Record;
    tree.rules[0].name = Name::stored("job:up:sum");
    let expected = "groups:\n- name: promgen.example.com\n  rules:\n  - expr: up{} == 0\n    \
                    labels:\n      severity: major\n    record: job:up:sum\n";
    assert_eq!(all_rules(&tree), expected);
}

#[test]
fn options_are_rendered_from_the_version_on_that_knows_them() {
    let mut tree = sample();
    tree.rules.truncate(1);
    tree.rules[0].keep_firing_for = Some(PromDuration::parse("10m").unwrap());
    tree.site.group = GroupOptions {
        interval: Some(PromDuration::parse("30s").unwrap()),
        limit: Some(7),
        query_offset: Some(PromDuration::parse("1m").unwrap()),
    };
    let at = |major, minor| rules(&tree, &Select::All, &version(major, minor));
    let newest = at(2, 53);
    let head = "groups:\n- interval: 30s\n  limit: 7\n  name: promgen.example.com\n  \
                query_offset: 1m\n  rules:\n";
    assert!(newest.starts_with(head), "{newest}");
    assert!(
        newest.contains("    for: 5m\n    keep_firing_for: 10m\n    labels:\n"),
        "{newest}"
    );
    for (text, options) in [(at(2, 52), 2), (at(2, 41), 1), (at(2, 30), 0)] {
        let known = ["keep_firing_for", "limit", "query_offset"].map(|key| text.contains(key));
        assert_eq!(
            known.iter().filter(|known| **known).count(),
            options,
            "{text}"
        );
    }
}

#[test]
fn long_expressions_are_folded_behind_column_80_as_pyyaml_does() {
    let mut tree = sample();
    tree.rules.truncate(1);
    tree.rules[0].clause =
        "sum by (service, project) (rate(errors_total{project=\"prj.000.01\",}[5m])) > 1"
            .to_owned();
    let expected = "    expr: sum by (service, project) \
                    (rate(errors_total{project=\"prj.000.01\",}[5m]))\n      > 1\n";
    let text = all_rules(&tree);
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_good_tree_passes_the_gate() {
    let mut tree = sample();
    tree.exporters[0].path = "/metrics?module=x".to_owned();
    assert_eq!(gate(&tree, &RuleOptions::default()), []);
}

#[test]
fn groups_of_one_name_are_refused() {
    let mut tree = sample();
    tree.exporters.clear();
    tree.services[1].name = Name::stored("promgen.example.com");
    assert_eq!(errors(&tree), ["service promgen.example.com.name"]);
    tree.services[1].name = Name::stored("shop » web");
    assert_eq!(
        errors(&tree),
        ["service shop » web.name", "project web.name"]
    );
    tree.services[1].name = Name::stored("shop");
    assert_eq!(errors(&tree), ["service shop.name"]);
    tree.services[1].name = Name::stored("shop »");
    tree.projects[0].name = Name::stored("» index");
    assert_eq!(errors(&tree), ["project index.name"]);
    tree.site.domain.clear();
    assert_eq!(errors(&tree), ["site.domain", "project index.name"]);
}

#[test]
fn parameters_that_are_no_label_names_are_refused_before_prometheus_3() {
    let mut tree = sample();
    assert_eq!(errors(&tree), ["project web.exporter node:9100.path"]);
    assert_eq!(gate(&tree, &version(3, 0)), []);
    tree.exporters[0].enabled = false;
    assert_eq!(errors(&tree), Vec::<String>::new());
}

#[test]
fn options_that_are_not_rendered_are_told_as_warnings() {
    let mut tree = sample();
    tree.exporters.clear();
    let minute = PromDuration::parse("1m").unwrap();
    tree.projects[0].group.query_offset = Some(minute.clone());
    tree.services[0].group.limit = Some(1);
    tree.rules[0].keep_firing_for = Some(minute);
    let told = |major, minor| -> Vec<String> {
        let problems = gate(&tree, &version(major, minor));
        assert!(!has_errors(&problems), "{problems:?}");
        problems.into_iter().map(|problem| problem.field).collect()
    };
    let [limit, offset, keep] = [
        "service shop.group.limit",
        "project web.group.query_offset",
        "rule HostDown.keep_firing_for",
    ];
    assert_eq!(told(2, 30), [limit, offset, keep]);
    assert_eq!(told(2, 42), [offset]);
    assert_eq!(told(2, 53), Vec::<String>::new());
}

#[test]
fn rules_that_are_the_same_alert_are_told() {
    let mut tree = sample();
    tree.exporters.clear();
    tree.rules.push(rule(4, "HostDown", RuleOwner::Site, None));
    let problems = gate(&tree, &RuleOptions::default());
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].field, "rule HostDown");
    assert_eq!(problems[0].severity, Severity::Warning);
}

proptest! {
    #[test]
    fn every_text_survives_both_yaml_readers(
        service in property::hostile_text(),
        texts in property::rule_texts(),
    ) {
        for read in [SERDE_YAML, SAPHYR] {
            let found = property::rule_texts_survive(&service, &texts, read);
            prop_assert_eq!(found, Ok(()));
        }
    }

    #[test]
    fn target_groups_are_laid_out_as_by_python(tree in property::trees()) {
        prop_assert_eq!(property::groups_are_laid_out_as_by_python(&tree), Ok(()));
    }

    #[test]
    fn rendering_is_a_pure_function(tree in property::trees()) {
        prop_assert_eq!(property::rendering_is_pure(&tree), Ok(()));
    }

    #[test]
    fn the_gate_never_panics(tree in property::trees()) {
        let first = gate(&tree, &RuleOptions::default());
        prop_assert_eq!(first, gate(&tree, &RuleOptions::default()));
    }
}
