use super::*;
use crate::model::{
    GroupOptions, Name, Project, ProjectId, PromDuration, RuleKind, RuleOwner, Service, ServiceId,
    ShardId, Site,
};

const A: RuleOwner = RuleOwner::Service(ServiceId(1));
const B: RuleOwner = RuleOwner::Service(ServiceId(2));
const P: RuleOwner = RuleOwner::Project(ProjectId(1));

fn rule(id: i32, owner: RuleOwner, parent: Option<i32>) -> Rule {
    Rule {
        id: RuleId(id),
        name: Name::stored(format!("Down{id}")),
        kind: RuleKind::Alert,
        clause: "up{<exclude>} == 0".to_owned(),
        duration: PromDuration::stored("5m"),
        keep_firing_for: None,
        enabled: true,
        parent: parent.map(RuleId),
        owner,
        description: String::new(),
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
    }
}

/// Services A, with project P, and B.
fn tree(rules: Vec<Rule>) -> Tree {
    let group = GroupOptions::default;
    let service = |(id, name)| Service {
        id: ServiceId(id),
        name: Name::stored(name),
        description: String::new(),
        owner: None,
        group: group(),
    };
    let site = Site {
        domain: "example.com".to_owned(),
        name: "Promgen".to_owned(),
        group: group(),
    };
    Tree {
        services: [(1, "A"), (2, "B")].map(service).to_vec(),
        projects: vec![Project {
            id: ProjectId(1),
            name: Name::stored("P"),
            description: String::new(),
            owner: None,
            service: ServiceId(1),
            shard: ShardId(1),
            farm: None,
            group: group(),
        }],
        rules,
        ..Tree::empty(site)
    }
}

/// The site's rule, overridden by A and B, and A's by its project.
fn whole() -> Tree {
    let site = RuleOwner::Site;
    tree(vec![
        rule(1, site, None),
        rule(2, A, Some(1)),
        rule(3, B, Some(1)),
        rule(4, P, Some(2)),
    ])
}

fn around(tree: &Tree, id: i32, sees: &dyn Fn(&Rule) -> bool) -> Branch {
    Family::of(tree, sees).around(tree.rule(RuleId(id)).unwrap())
}

/// Ids of a tree, each followed by those below it; 0 for one that is not seen.
fn outline(branch: &Branch) -> String {
    let id = branch.seen.as_ref().map_or(0, |seen| seen.rule.id.0);
    let below: Vec<String> = branch.overrides.iter().map(outline).collect();
    format!("{id}({})", below.join(" "))
}

#[test]
fn the_tree_is_the_same_from_wherever_one_looks_but_for_what_comes_first() {
    let tree = whole();
    assert_eq!(outline(&around(&tree, 1, &|_| true)), "1(2(4()) 3())");
    assert_eq!(outline(&around(&tree, 4, &|_| true)), "1(2(4()) 3())");
    assert_eq!(outline(&around(&tree, 3, &|_| true)), "1(3() 2(4()))");
}

#[test]
fn every_level_says_what_it_comes_to_and_what_is_different() {
    let mut tree = whole();
    tree.rules[1].duration = PromDuration::stored("10m");
    let severity = ("severity".to_owned(), "major".to_owned());
    tree.rules[1].labels.extend([severity]);
    let head = around(&tree, 2, &|_| true);
    let site = head.seen.unwrap();
    assert_eq!(site.effective, r#"up{service!~"A|B"} == 0"#);
    assert_eq!((site.overridden, site.differences), (None, Vec::new()));
    let service = head.overrides[0].seen.as_ref().unwrap();
    assert_eq!(service.owner.name, "A");
    assert_eq!(service.overridden.as_deref(), Some("up{<exclude>} == 0"));
    let told = service.differences.iter();
    let told: Vec<_> = told
        .map(|one| [&one.field, &one.before, &one.after])
        .collect();
    assert_eq!(
        told,
        [["duration", "5m", "10m"], ["labels.severity", "", "major"]]
    );
}

#[test]
fn what_one_may_not_see_is_counted_and_never_named() {
    let tree = whole();
    let head = around(&tree, 1, &|rule| rule.owner != B);
    assert_eq!(
        (outline(&head).as_str(), head.hidden, head.more),
        ("1(2(4()))", 1, 0)
    );
    let seen = head.seen.unwrap();
    assert_eq!(seen.effective, r#"up{service!~"A"} == 0"#);
    // Between the site and a project stands a service on which one has no role.
    let of_project = |rule: &Rule| rule.owner == P || rule.owner == RuleOwner::Site;
    let head = around(&tree, 4, &of_project);
    assert_eq!((outline(&head).as_str(), head.hidden), ("1(0(4()))", 1));
    let seen = head.overrides[0].overrides[0].seen.as_ref().unwrap();
    assert_eq!(seen.overridden, None);
    // Without the site's rule the tree begins where one may see.
    let head = around(&tree, 4, &|rule| rule.owner == P);
    assert_eq!(outline(&head), "4()");
}

#[test]
fn of_many_overrides_the_one_looked_at_is_shown() {
    let mut tree = tree(vec![rule(1, RuleOwner::Site, None)]);
    tree.rules
        .extend((0..60).map(|id| rule(id + 2, B, Some(1))));
    let head = around(&tree, 61, &|_| true);
    assert_eq!((head.overrides.len(), head.more), (MOST, 10));
    let first = head.overrides[0].seen.as_ref().unwrap();
    assert_eq!(first.rule.id, RuleId(61));
}

/// How many rules a tree shows, and how many it counts.
fn size(branch: &Branch) -> (usize, usize) {
    let own = (1, branch.more);
    let below = branch.overrides.iter().map(size);
    below.fold(own, |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

#[test]
fn many_overrides_of_many_overrides_are_counted() {
    let mut rules = vec![rule(1, RuleOwner::Site, None)];
    rules.extend((2..22).map(|id| rule(id, A, Some(1))));
    rules.extend((22..422).map(|id| rule(id, P, Some(id % 20 + 2))));
    let tree = tree(rules);
    let head = around(&tree, 421, &|_| true);
    assert_eq!(size(&head), (MOST_IN_ALL, 421 - MOST_IN_ALL));
    let first = head.overrides[0].overrides[0].seen.as_ref().unwrap();
    assert_eq!(first.rule.id, RuleId(421));
}

#[test]
fn a_ring_comes_to_an_end() {
    let tree = tree(vec![rule(1, A, Some(2)), rule(2, A, Some(1))]);
    let mut depth = 0;
    let mut branch = &around(&tree, 1, &|_| true);
    while let Some(below) = branch.overrides.first() {
        (branch, depth) = (below, depth + 1);
    }
    assert_eq!(depth, DEEPEST);
}
