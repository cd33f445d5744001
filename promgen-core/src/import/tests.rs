//! Imports of targets, from text to tree.

use super::*;
use crate::model::{
    Exporter, ExporterId, Farm, FarmId, GroupOptions, LOCAL_SOURCE, Name, Problem, Project,
    ProjectId, PromDuration, Rule, RuleId, RuleKind, RuleOwner, Scheme, Service, ServiceId, Shard,
    ShardId, Site, Tree,
};
use crate::render::{Select, targets};

fn empty() -> Tree {
    Tree::empty(Site {
        domain: "example.com".to_owned(),
        name: String::new(),
        group: GroupOptions::default(),
    })
}

fn plan(text: &str, options: &TargetsOptions, tree: &Tree) -> Result<Imported, Vec<Problem>> {
    plan_targets(&import_config(text), options, tree)
}

fn import(text: &str, tree: &Tree) -> Imported {
    plan(text, &TargetsOptions::default(), tree).unwrap()
}

/// The tree as the database would hand it out after saving: new ids made real.
fn saved(mut tree: Tree) -> Tree {
    macro_rules! flip {
        ($($list:ident)*) => {$(
            for item in &mut tree.$list { item.id.0 = item.id.0.abs(); }
            tree.$list.sort_by_key(|item| item.id);
        )*};
    }
    for project in &mut tree.projects {
        project.shard.0 = project.shard.0.abs();
        project.service.0 = project.service.0.abs();
        project.farm = project.farm.map(|farm| FarmId(farm.0.abs()));
    }
    tree.hosts
        .iter_mut()
        .for_each(|host| host.farm.0 = host.farm.0.abs());
    tree.exporters
        .iter_mut()
        .for_each(|e| e.project.0 = e.project.0.abs());
    flip!(shards services projects farms hosts exporters);
    tree
}

fn counts(list: &std::collections::BTreeMap<&'static str, usize>) -> Vec<(&'static str, usize)> {
    list.iter().map(|(kind, count)| (*kind, *count)).collect()
}

const FIRST: &str = r#"[
  {"labels": {"service": "Test Service", "project": "Test 1", "farm": "Farm 1", "job": "node",
    "__shard": "test"}, "targets": ["aaa:9100", "bbb:9100"]},
  {"labels": {"service": "Test Service", "project": "Test 2", "farm": "Farm 2", "job": "mysqld",
    "__farm_source": "other", "__shard": "test"}, "targets": ["ccc:9104"]}
]"#;

#[test]
fn the_worked_example_gives_the_numbers_of_the_reference() {
    let first = import(FIRST, &empty());
    assert_eq!(
        counts(&first.report.imported),
        [
            ("Exporter", 2),
            ("Farm", 2),
            ("Host", 3),
            ("Project", 2),
            ("Service", 1),
            ("Shard", 1)
        ]
    );
    assert_eq!(
        counts(&first.report.skipped),
        [("Service", 1), ("Shard", 1)]
    );
    assert_eq!(first.report.warnings, []);

    let tree = saved(first.target);
    let moved = FIRST
        .replace("Farm 1", "Farm 3")
        .replace(r#""aaa:9100", "bbb:9100""#, r#""ddd:9100", "fff:9100""#);
    let again = import(&moved, &tree);
    assert_eq!(counts(&again.report.imported), [("Host", 2)]);
    assert_eq!(
        counts(&again.report.skipped),
        [("Farm", 2), ("Service", 2), ("Shard", 2)]
    );
    assert_eq!(again.target.hosts.len(), 5);
    assert_eq!(again.target.farms.len(), 2);
    assert_eq!(again.report.changed.len(), 1);
    assert_eq!(again.report.changed[0].name, "Farm 3 (pmc)");

    let third = import(&moved, &again.target);
    assert!(third.report.is_empty());
    assert_eq!(third.target, again.target);
}

#[test]
fn a_chosen_shard_replaces_those_of_the_file() {
    let options = TargetsOptions {
        replace_shard: Some(Name::stored("east")),
        owner: None,
    };
    let text = FIRST.replacen("\"__shard\": \"test\"", "\"__shard\": \"other\"", 1);
    let tree = plan(&text, &options, &empty()).unwrap().target;
    let names: Vec<&str> = tree.shards.iter().map(|shard| &*shard.name).collect();
    assert_eq!(names, ["east"]);
    assert!(tree.shards[0].enabled && !tree.shards[0].proxy);
}

#[test]
fn a_project_moves_to_the_shard_and_service_of_the_file() {
    let tree = saved(import(FIRST, &empty()).target);
    let text = FIRST
        .replace("Test Service", "Other")
        .replace("\"test\"", "\"east\"");
    let done = import(&text, &tree);
    assert_eq!(
        counts(&done.report.imported),
        [("Service", 1), ("Shard", 1)]
    );
    let fields: Vec<_> = done
        .report
        .changed
        .iter()
        .map(|c| (c.kind, c.fields.join(",")))
        .collect();
    let project = ("project", "service,shard".to_owned());
    assert_eq!(fields, [project.clone(), project]);
    assert!(
        done.report.warnings[0]
            .message
            .contains("moves to service Other")
    );
}

#[test]
fn a_moved_project_may_not_keep_overriding_a_rule_of_its_old_service() {
    let mut tree = saved(import(FIRST, &empty()).target);
    let rule = |id, name: &str, owner, parent| Rule {
        id: RuleId(id),
        name: Name::stored(name),
        kind: RuleKind::Alert,
        clause: "up{<exclude>}".to_owned(),
        duration: PromDuration::stored("5m"),
        keep_firing_for: None,
        enabled: true,
        parent,
        owner,
        description: String::new(),
        labels: std::collections::BTreeMap::new(),
        annotations: std::collections::BTreeMap::new(),
    };
    let (service, project) = (tree.services[0].id, tree.projects[0].id);
    tree.rules = vec![
        rule(1, "A", RuleOwner::Service(service), None),
        rule(2, "B", RuleOwner::Project(project), Some(RuleId(1))),
    ];
    let text = FIRST.replace("Test Service", "Other");
    let problems = plan(&text, &TargetsOptions::default(), &tree).unwrap_err();
    let about = problems.iter().find(|p| p.field.starts_with("rule B"));
    let place = about.and_then(|problem| problem.place).unwrap();
    assert_eq!(place.line, 2, "{problems:?}");
}

/// Two projects that share a local farm.
fn sharing() -> Tree {
    let mut tree = empty();
    tree.shards
        .push(Shard::new(ShardId(1), Name::stored("test")));
    tree.services.push(Service {
        id: ServiceId(1),
        name: Name::stored("Test Service"),
        description: String::new(),
        owner: None,
        group: GroupOptions::default(),
    });
    for (id, name) in [(1, "Test 1"), (2, "Test 2")] {
        tree.projects.push(Project {
            id: ProjectId(id),
            name: Name::stored(name),
            description: String::new(),
            owner: None,
            service: ServiceId(1),
            shard: ShardId(1),
            farm: Some(FarmId(1)),
            group: GroupOptions::default(),
        });
    }
    tree.farms.push(Farm {
        id: FarmId(1),
        name: Name::stored("Shared"),
        source: LOCAL_SOURCE.to_owned(),
    });
    tree.exporters.push(Exporter {
        id: ExporterId(1),
        job: "node".to_owned(),
        port: 9100,
        path: String::new(),
        scheme: Scheme::Https,
        project: ProjectId(1),
        enabled: false,
    });
    tree
}

#[test]
fn a_farm_that_serves_others_is_not_renamed() {
    let done = import(FIRST, &sharing());
    assert_eq!(
        done.report.imported["Farm"], 1,
        "the second one serves nobody else any more"
    );
    let names: Vec<&str> = done.target.farms.iter().map(|farm| &*farm.name).collect();
    assert_eq!(names, ["Farm 1", "Farm 2"]);
    assert!(
        done.report.warnings[0]
            .message
            .contains("leaves farm Shared")
    );
}

#[test]
fn exporters_are_told_apart_by_path_and_scheme_too() {
    let text = FIRST.replacen("\"__shard\"", "\"__scheme__\": \"https\", \"__shard\"", 1);
    let done = import(&text, &sharing());
    assert_eq!(done.report.imported["Exporter"], 1);
    assert!(
        !done.target.exporters.last().unwrap().enabled,
        "it was disabled and stays so"
    );
    assert_eq!(import(FIRST, &sharing()).report.imported["Exporter"], 2);
}

#[test]
fn remote_farms_are_one_of_each_name_and_source() {
    let text = FIRST
        .replace("Farm 2", "Farm 1")
        .replace("\"other\"", "\"pmc\"");
    let done = import(&text, &empty());
    assert_eq!(done.report.imported["Farm"], 1);
    assert_eq!(done.target.projects[0].farm, done.target.projects[1].farm);
    let local = text.replace("\"__shard\"", "\"__farm_source\": \"promgen\", \"__shard\"");
    let local = local
        .replacen("\"__farm_source\": \"pmc\", ", "", 1)
        .replace("\"__farm_source\": \"pmc\",", "");
    assert_eq!(import(&local, &empty()).report.imported["Farm"], 2);
}

#[test]
fn what_the_file_says_twice_and_differently_is_refused() {
    let text = FIRST.replace("Test 2", "Test 1");
    let problems = plan(&text, &TargetsOptions::default(), &empty()).unwrap_err();
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields[..2], ["[1].labels.farm", "[1].labels.__farm_source"]);
    assert!(problems[0].message.contains("in line 2"));
}

#[test]
fn what_cannot_be_kept_as_it_is_meant_is_pointed_out() {
    let text = r#"[
  {"labels": {"service": "s", "project": "p", "farm": "f", "job": "a"}, "targets": ["x:1", "y:2"]},
  {"labels": {"service": "s", "project": "p", "farm": "f", "job": "b"}, "targets": []}
]"#;
    let done = import(text, &empty());
    let told: Vec<String> = done
        .report
        .warnings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].starts_with("warning: [0].targets 2:3: name 2 ports"),
        "{told:?}"
    );
    assert!(told[1].contains("[1].targets 3:3: is empty"), "{told:?}");
    assert!(told[2].contains("differ from those further up"), "{told:?}");
}

#[test]
fn wrong_addresses_are_not_told_as_none_too() {
    let text = r#"[
  {"labels": {"service": "s", "project": "p", "farm": "f", "job": "a"}, "targets": ["x", "y:0"]},
  {"labels": {"service": "s", "project": "p", "farm": "f", "job": "b"}, "targets": ["x:1"]}
]"#;
    let problems = plan(text, &TargetsOptions::default(), &empty()).unwrap_err();
    let fields: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
    assert_eq!(fields, ["[0].targets[0]", "[0].targets[1]"], "{problems:?}");
}

#[test]
fn an_export_can_be_imported_elsewhere() {
    let text = FIRST
        .replacen(
            "\"__shard\"",
            "\"__metrics_path__\": \"/m\", \"__param_match[]\": \"{a=\\\"b c\\\"}\", \"__shard\"",
            1,
        )
        .replace("bbb", "[::1]");
    let tree = saved(import(&text, &empty()).target);
    let export = targets(&tree, &Select::All);
    let again = saved(import(&export, &empty()).target);
    assert_eq!(targets(&again, &Select::All), export);
    assert!(
        export.contains(r#""__param_match[]": "{a=\"b c\"}""#),
        "{export}"
    );
}
