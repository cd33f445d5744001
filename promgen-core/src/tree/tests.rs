//! Reading, planning and writing together: round trips, and the bad documents.

use super::*;
use crate::model::{GroupOptions, Sender, Site, Timestamp, Tree};

const GOLDEN: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tests/golden/tree.yml"
));

fn empty() -> Tree {
    Tree::empty(Site {
        domain: "example.com".to_owned(),
        name: "Promgen".to_owned(),
        group: GroupOptions::default(),
    })
}

fn options() -> PlanOptions {
    PlanOptions {
        prune: false,
        create_users: true,
        now: Timestamp(0),
    }
}

fn applied(text: &str, current: &Tree) -> Plan {
    plan(&read(text).unwrap(), current, &options()).unwrap()
}

fn all_secret(_: &Sender) -> bool {
    true
}

fn none_secret(_: &Sender) -> bool {
    false
}

/// The findings of a document, read and planned on an empty tree.
fn problems(text: &str) -> Vec<String> {
    let found = match read(text) {
        Err(problems) => problems,
        Ok(document) => plan(&document, &empty(), &PlanOptions::default()).unwrap_err(),
    };
    found.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn assert_problem(text: &str, part: &str) {
    let found = problems(text);
    assert!(
        found.iter().any(|problem| problem.contains(part)),
        "{part:?} is not in {found:#?}"
    );
}

#[test]
fn applying_an_export_changes_nothing() {
    let tree = applied(GOLDEN, &empty()).target;
    assert!(tree.rules.len() > 10 && tree.hosts.len() > 10);
    for secrets in [true, false] {
        for ids in [true, false] {
            let export = write(&tree, &ExportOptions { secrets, ids }, &all_secret);
            let document = read(&export).unwrap();
            let prune = PlanOptions {
                prune: true,
                ..PlanOptions::default()
            };
            let plan = plan(&document, &tree, &prune).unwrap();
            assert!(plan.summary.is_empty(), "{}", plan.summary);
            assert_eq!(plan.target, tree);
        }
    }
}

#[test]
fn an_export_with_secrets_makes_the_same_tree_elsewhere() {
    let tree = applied(GOLDEN, &empty()).target;
    let options = ExportOptions {
        secrets: true,
        ids: false,
    };
    let export = write(&tree, &options, &none_secret);
    let copy = applied(&export, &empty()).target;
    assert_eq!(write(&copy, &options, &none_secret), export);
}

#[test]
fn what_is_not_mentioned_stays_and_pruning_keeps_to_what_is() {
    let tree = applied(GOLDEN, &empty()).target;
    let text = "promgen: 1\nservices: [{name: svc-000, projects: []}]\n";
    let kept = applied(text, &tree);
    assert!(kept.summary.is_empty(), "{}", kept.summary);
    let prune = PlanOptions {
        prune: true,
        ..options()
    };
    let pruned = plan(&read(text).unwrap(), &tree, &prune).unwrap();
    assert_eq!(pruned.target.services.len(), 1);
    assert_eq!(pruned.target.projects.len(), 0);
    assert_eq!(pruned.target.shards.len(), tree.shards.len());
    assert!(
        pruned
            .target
            .rules
            .iter()
            .any(|rule| rule.name == "ServiceOnly")
    );
    assert!(
        !pruned
            .target
            .rules
            .iter()
            .any(|rule| rule.name == "ProjectOnly")
    );
}

#[test]
fn an_id_with_another_name_is_a_rename() {
    let tree = applied("promgen: 1\nshards: [{name: east}]\n", &empty()).target;
    let text = format!(
        "promgen: 1\nshards: [{{id: {}, name: west}}]\n",
        tree.shards[0].id
    );
    let plan = applied(&text, &tree);
    assert_eq!(plan.target.shards.len(), 1);
    assert_eq!(
        plan.summary.to_string(),
        "~ shard west (name)\n0 created, 1 changed, 0 removed"
    );
}

#[test]
fn a_shared_farm_is_written_once() {
    let text = "promgen: 1\nshards: [{name: s}]\nservices:\n- name: a\n  projects:\n  \
                - {name: p, shard: s, farm: {name: f, hosts: [h1]}}\n  \
                - {name: q, shard: s, farm: {like: p}}\n";
    let tree = applied(text, &empty()).target;
    assert_eq!(tree.farms.len(), 1);
    assert_eq!(tree.projects[0].farm, tree.projects[1].farm);
    let export = write(&tree, &ExportOptions::default(), &none_secret);
    assert_eq!(export.matches("like: p").count(), 1, "{export}");
}

#[test]
fn every_finding_comes_at_once_with_its_line() {
    let text = "promgen: 1\nshard: []\nshards:\n- name: a/b\n- {name: ok, proxy: perhaps}\nservices:\n\
                - projects: []\n  name: x\n  name: y\n  rules:\n  - {name: R, clause: up, duration: 5x}\n";
    let found = problems(text);
    assert_eq!(found.len(), 5, "{found:#?}");
    for (line, part) in [
        (2, "shards?"),
        (4, "'/'"),
        (5, "proxy"),
        (9, "again"),
        (11, "5x"),
    ] {
        let at = format!(" {line}:");
        assert!(
            found.iter().any(|p| p.contains(&at) && p.contains(part)),
            "{part}: {found:#?}"
        );
    }
}

#[test]
fn bad_values_are_refused() {
    let project = |inner: &str| {
        format!(
            "promgen: 1\nshards: [{{name: s}}]\nservices: [{{name: a, projects: [{{name: p, shard: s, {inner}}}]}}]"
        )
    };
    assert_problem("promgen: 2", "version 2");
    assert_problem("[]", "write a map");
    assert_problem("", "write a map");
    assert_problem(
        "promgen: 1\nservices: [{name: ''}]",
        "at least one character",
    );
    assert_problem(
        &project("exporters: [{job: n, port: 0}]"),
        "0 is not a port",
    );
    assert_problem(&project("exporters: [{job: n, port: 65536}]"), "65536");
    assert_problem(&project("exporters: [{job: n, port: x}]"), "port");
    assert_problem(
        &project("exporters: [{job: n, port: 1, path: m}]"),
        "not a path",
    );
    assert_problem(&project("farm: {name: f, hosts: ['h:1']}"), "not a host");
    assert_problem(&project("urls: [{url: 'ftp://a', probe: x}]"), "not a URL");
    assert_problem(
        &project("urls: [{url: 'http://a', probe: x}]"),
        "probe x does not exist",
    );
    assert_problem(&project("senders: [{driver: d}]"), "no value");
    assert_problem(
        &project("senders: [{driver: d, ref: abc}]"),
        "no sender abc",
    );
    assert_problem(
        &project("senders: [{driver: d, value: v, filters: [{name: 1a, value: b}]}]"),
        "1a",
    );
    assert_problem(&project("owner: ghost"), "user ghost does not exist");
    assert_problem(&project("farm: {like: ghost}"), "no farm");
}

#[test]
fn what_is_named_must_exist_and_be_named_once() {
    let services = |inner: &str| format!("promgen: 1\nservices: [{inner}]");
    assert_problem(
        &services("{name: a, projects: [{name: p, shard: x}]}"),
        "shard x does not exist",
    );
    assert_problem(&services("{name: a}, {name: a}"), "after line 2");
    let rules = |inner: &str| format!("promgen: 1\nsite: {{rules: [{inner}]}}");
    assert_problem(
        &rules("{name: R, clause: up, parent: X}"),
        "rule X does not exist",
    );
    assert_problem(
        &rules("{name: R, clause: up}, {name: R, clause: up}"),
        "again",
    );
    let cycle = "{name: A, clause: up, parent: B}, {name: B, clause: up, parent: A}";
    assert_problem(&rules(cycle), "its own ancestor");
    assert_problem(
        "promgen: 1\nshards: [{id: 9, name: s}]",
        "no shard of that id",
    );
}

#[test]
fn a_masked_secret_leaves_what_is_stored() {
    let text = "promgen: 1\nshards: [{name: s, authorization: Basic abc}]\nservices:\n\
                - {name: a, senders: [{driver: d, value: 'http://x/y', alias: ops, secret: key}]}\n";
    let tree = applied(text, &empty()).target;
    let export = write(&tree, &ExportOptions::default(), &all_secret);
    assert!(!export.contains("abc") && !export.contains("http://x/y") && !export.contains("key"));
    assert_eq!(applied(&export, &tree).target, tree);
    assert_problem(
        "promgen: 1\nshards: [{name: s, authorization: {secret: kept}}]",
        "none to keep",
    );
}

#[test]
fn a_rename_follows_into_the_clauses_below() {
    let rule =
        |name: &str, narrow: &str| format!("{{name: {name}, clause: 'up{{{narrow}}} == 0'}}");
    let text = format!(
        "promgen: 1\nshards: [{{name: s}}]\nservices:\n- name: a\n  rules: [{}, {}]\n  projects:\n  \
         - {{name: p, shard: s, rules: [{}]}}\n",
        rule("R1", r#"service="a""#),
        rule("R2", r#"service=~"a|b""#),
        rule("R3", r#"service="a",project="p""#),
    );
    let tree = applied(&text, &empty()).target;
    let service = tree.services[0].id;
    let renamed = applied(
        &format!("promgen: 1\nservices: [{{id: {service}, name: c}}]\n"),
        &tree,
    );
    let clauses: Vec<&str> = renamed
        .target
        .rules
        .iter()
        .map(|rule| rule.clause.as_str())
        .collect();
    assert!(clauses.contains(&r#"up{service="c"} == 0"#), "{clauses:?}");
    assert!(
        clauses.contains(&r#"up{service="c",project="p"} == 0"#),
        "{clauses:?}"
    );
    assert_eq!(renamed.warnings.len(), 1, "{:?}", renamed.warnings);
    assert!(renamed.warnings[0].field.contains("R2"));
}
