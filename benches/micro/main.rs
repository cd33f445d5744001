//! Micro benchmarks of what runs for every change and every alert.

use divan::Bencher;
use promgen_core::alert::{Directory, Driver, Message, RouteRules, route};
use promgen_core::config::Settings;
use promgen_core::model::{
    Exporter, ExporterId, Farm, FarmId, GroupOptions, Host, HostId, Name, Project, ProjectId,
    PromDuration, Rule, RuleId, RuleKind, RuleOwner, Scheme, Sender, SenderId, SenderOwner,
    Service, ServiceId, Shard, ShardId, Site, Tree,
};
use promgen_core::render::{self, RuleOptions, Select};
use promgen_core::rules::{Overrides, check_rule, expand};

fn main() {
    divan::main();
}

fn numbers(count: i32) -> impl Iterator<Item = i32> {
    1..=count
}

/// Services of 10 projects of 20 hosts of 3 exporters, 600 targets each: 200 of them are 120,000
/// targets. One rule of the site, an override of it for each service, and of those for each project.
fn tree(services: i32) -> Tree {
    let group = GroupOptions::default;
    let site = Site {
        domain: "promgen.example.com".into(),
        name: "Promgen".into(),
        group: group(),
    };
    let mut tree = Tree::empty(site);
    tree.shards.push(Shard {
        id: ShardId(1),
        name: Name::stored("east"),
        url: String::new(),
        proxy: false,
        enabled: true,
        authorization: None,
        samples: 0,
        targets: 0,
    });
    tree.services = numbers(services).map(service).collect();
    for id in numbers(services * 10) {
        tree.projects.push(project(id));
        let name = Name::stored(format!("farm-{id:05}"));
        tree.farms.push(Farm {
            id: FarmId(id),
            name,
            source: "promgen".into(),
        });
        for (at, job) in (1..).zip(["node", "nginx", "mysqld"]) {
            tree.exporters.push(exporter(id * 3 + at - 3, id, job));
        }
        for at in numbers(20) {
            let name = format!("h{at:02}.p{id:05}.example.com");
            tree.hosts.push(Host {
                id: HostId(id * 20 + at - 20),
                name,
                farm: FarmId(id),
            });
        }
    }
    tree.rules.push(rule(1, RuleOwner::Site, None));
    for id in numbers(services) {
        let owner = RuleOwner::Service(ServiceId(id));
        tree.rules.push(rule(id + 1, owner, Some(1)));
    }
    for id in numbers(services * 10) {
        let parent = (id - 1) / 10 + 2;
        let owner = RuleOwner::Project(ProjectId(id));
        tree.rules
            .push(rule(id + services + 1, owner, Some(parent)));
    }
    tree
}

/// That tree for 120,000 targets, with 1,000 rules more that override nothing: 3,201 rules of which
/// 2,200 are overrides.
fn large_tree() -> Tree {
    let mut tree = tree(200);
    tree.rules.extend(numbers(1000).map(|id| {
        let owner = RuleOwner::Service(ServiceId((id - 1) % 200 + 1));
        rule(10_000 + id, owner, None)
    }));
    tree
}

fn service(id: i32) -> Service {
    Service {
        id: ServiceId(id),
        name: Name::stored(format!("service-{id:03}")),
        description: String::new(),
        owner: None,
        group: GroupOptions::default(),
    }
}

fn project(id: i32) -> Project {
    Project {
        id: ProjectId(id),
        name: Name::stored(format!("project-{id:04}")),
        description: String::new(),
        owner: None,
        service: ServiceId((id - 1) / 10 + 1),
        shard: ShardId(1),
        farm: Some(FarmId(id)),
        group: GroupOptions::default(),
    }
}

fn exporter(id: i32, project: i32, job: &str) -> Exporter {
    Exporter {
        id: ExporterId(id),
        job: job.into(),
        port: 9100,
        path: String::new(),
        scheme: Scheme::Http,
        project: ProjectId(project),
        enabled: true,
    }
}

fn rule(id: i32, owner: RuleOwner, parent: Option<i32>) -> Rule {
    Rule {
        id: RuleId(id),
        name: Name::stored(format!("Rule{id:04}")),
        kind: RuleKind::Alert,
        clause: "sum by (job) (rate(errors_total{job=\"api\",<exclude>}[5m])) > 1".into(),
        duration: PromDuration::stored("5m"),
        keep_firing_for: None,
        enabled: true,
        parent: parent.map(RuleId),
        owner,
        description: String::new(),
        labels: [("severity".to_owned(), "major".to_owned())].into(),
        annotations: [(
            "summary".to_owned(),
            "{{ $labels.instance }} is unwell".to_owned(),
        )]
        .into(),
    }
}

#[divan::bench]
fn expand_with_10_000_overrides(bencher: Bencher<'_, '_>) {
    let projects = numbers(10_000)
        .map(|id| format!("project-{id:05}"))
        .collect();
    let overrides = Overrides {
        projects,
        ..Overrides::default()
    };
    bencher.bench(|| expand("up{job=\"api\",<exclude>} == 0", &overrides));
}

#[divan::bench]
fn check_one_rule(bencher: Bencher<'_, '_>) {
    let rule = rule(1, RuleOwner::Site, None);
    bencher.bench(|| check_rule(&rule, &Overrides::default()));
}

/// 10,200, 120,000 and 1,000,200 targets: the time for each is to stay the same.
#[divan::bench(args = [17, 200, 1667])]
fn render_600_targets_of_services(bencher: Bencher<'_, '_>, services: i32) {
    let tree = tree(services);
    bencher.bench(|| render::targets(&tree, &Select::All));
}

#[divan::bench]
fn render_3_201_rules(bencher: Bencher<'_, '_>) {
    let (tree, options) = (large_tree(), RuleOptions::from(&Settings::default()));
    bencher.bench(|| render::rules(&tree, &Select::All, &options));
}

/// 20,021 rules; all but the first are overrides.
#[divan::bench]
fn render_20_021_rules(bencher: Bencher<'_, '_>) {
    let (tree, options) = (tree(1820), RuleOptions::from(&Settings::default()));
    bencher.bench(|| render::rules(&tree, &Select::All, &options));
}

#[divan::bench]
fn pass_the_gate(bencher: Bencher<'_, '_>) {
    let (tree, options) = (large_tree(), RuleOptions::from(&Settings::default()));
    bencher.bench(|| render::gate(&tree, &options));
}

#[divan::bench]
fn route_among_10_000_senders(bencher: Bencher<'_, '_>) {
    let mut tree = large_tree();
    tree.senders = numbers(10_000).map(sender).collect();
    let directory = Directory::new(&tree, &|_| Driver::Sends);
    let rules = RouteRules {
        split: true,
        ..RouteRules::default()
    };
    let body = br#"{"commonLabels": {"service": "service-001", "project": "project-0001"},
        "alerts": [{"labels": {"service": "service-001", "project": "project-0001"}}]}"#;
    let message = Message::parse(body, 64).unwrap_or_default();
    bencher.bench(|| route(&message, &directory, &rules));
}

fn sender(id: i32) -> Sender {
    Sender {
        id: SenderId(id),
        driver: "promgen.notification.webhook".into(),
        value: format!("https://chat.example.com/{id}"),
        alias: String::new(),
        owner: SenderOwner::Project(ProjectId(id % 2000 + 1)),
        added_by: None,
        enabled: true,
        secret: None,
        filters: Vec::new(),
    }
}
