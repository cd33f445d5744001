//! The override tree: site, service, project.

use std::collections::BTreeMap;

use super::expand::{Overrides, has_macro, insert_before_macros};
use super::literal;
use crate::model::{Name, Problem, Rule, RuleId, RuleOwner, Tree};

/// What every rule's direct overrides cover, for a whole tree at once.
///
/// Disabled overrides count as well (as in Promgen): a disabled one means that nobody alerts there.
/// An override whose owner is gone is passed over.
#[derive(Debug, Clone, Default)]
pub struct OverrideIndex {
    covered: BTreeMap<RuleId, Overrides>,
    nothing: Overrides,
}

impl OverrideIndex {
    /// Looks at every rule once.
    pub fn new(tree: &Tree) -> Self {
        let mut covered: BTreeMap<RuleId, Overrides> = BTreeMap::new();
        for rule in &tree.rules {
            let Some(parent) = rule.parent else { continue };
            match rule.owner {
                RuleOwner::Site => {}
                RuleOwner::Service(id) => {
                    if let Some(service) = tree.service(id) {
                        let names = &mut covered.entry(parent).or_default().services;
                        names.insert(service.name.to_string());
                    }
                }
                RuleOwner::Project(id) => {
                    if let Some(project) = tree.project(id) {
                        let names = &mut covered.entry(parent).or_default().projects;
                        names.insert(project.name.to_string());
                    }
                }
            }
        }
        Self {
            covered,
            nothing: Overrides::default(),
        }
    }

    /// What the direct overrides of one rule cover.
    pub fn of(&self, rule: RuleId) -> &Overrides {
        self.covered.get(&rule).unwrap_or(&self.nothing)
    }
}

/// The override of `parent` for another owner, as it is first offered: enabled, everything else
/// copied but the labels `service` and `project` (they are computed), the clause narrowed to the
/// owner, and a name of its own. Its id is 0.
///
/// `taken` tells which rule names are in use. Source: Promgen's `copy_to`; the escaping, the
/// numbering and the cut to 128 characters are ours.
pub fn derive_override(
    parent: &Rule,
    owner: RuleOwner,
    owner_name: &Name,
    taken: &dyn Fn(&str) -> bool,
) -> Rule {
    let matcher = format!("{}=\"{}\",", owner.kind(), literal::escape(owner_name, '"'));
    let mut labels = parent.labels.clone();
    labels.retain(|name, _| name != "service" && name != "project");
    Rule {
        labels,
        id: RuleId(0),
        name: override_name(&parent.name, owner_name, taken),
        clause: insert_before_macros(&parent.clause, &matcher),
        enabled: true,
        parent: Some(parent.id),
        owner,
        ..parent.clone()
    }
}

/// Most characters of a rule's name.
const MAX_NAME: usize = 128;

fn override_name(parent: &Name, owner: &Name, taken: &dyn Fn(&str) -> bool) -> Name {
    let slug = slug(owner);
    let base = format!("{parent}_{slug}").replace('-', "_");
    let cut = |text: &str, room: usize| text.chars().take(room).collect::<String>();
    let plain = cut(&base, MAX_NAME);
    if !slug.is_empty() && !taken(&plain) {
        return Name::stored(plain);
    }
    // `_2` directly after the parent's name where the slug is empty.
    let base = base.trim_end_matches('_');
    let mut number = 2_u32;
    loop {
        let suffix = format!("_{number}");
        let name = format!("{}{suffix}", cut(base, MAX_NAME - suffix.len()));
        if !taken(&name) {
            return Name::stored(name);
        }
        number += 1;
    }
}

/// Lower-case ASCII letters, digits and `_`; blanks and dashes become one dash, all else falls
/// away. Source: what Django calls a slug.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            slug.push(c.to_ascii_lowercase());
        } else if (c.is_whitespace() || c == '-') && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches(['-', '_']).to_owned()
}

/// Whether `child` may override `parent`: a service overrides site rules; a project overrides site
/// rules and those of its own service. A parent without the macro is a warning: both will fire.
pub fn check_parent(tree: &Tree, child: &Rule, parent: &Rule) -> Vec<Problem> {
    let mut problems = Vec::new();
    let legal = match (child.owner, parent.owner) {
        (RuleOwner::Service(_) | RuleOwner::Project(_), RuleOwner::Site) => true,
        (RuleOwner::Project(project), RuleOwner::Service(service)) => tree
            .project(project)
            .is_some_and(|project| project.service == service),
        _ => false,
    };
    if !legal {
        let message = format!("{} cannot be overridden from here", parent.name);
        let remedy = "a service overrides site rules, a project those and its own service's";
        problems.push(Problem::error("parent", message, remedy));
    }
    if !has_macro(&parent.clause) {
        let message = format!(
            "{} has no {}, so both rules will fire",
            parent.name,
            super::MACRO
        );
        let remedy = "put the macro between the braces of its selectors";
        problems.push(Problem::warning("parent", message, remedy));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        GroupOptions, Project, ProjectId, PromDuration, RuleKind, Service, ServiceId, Severity,
        ShardId, Site,
    };

    fn rule(name: &str, clause: &str) -> Rule {
        Rule {
            id: RuleId(7),
            name: Name::stored(name),
            kind: RuleKind::Alert,
            clause: clause.to_owned(),
            duration: PromDuration::stored("5m"),
            keep_firing_for: None,
            enabled: false,
            parent: None,
            owner: RuleOwner::Site,
            description: String::new(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
        }
    }

    fn derived(parent: &Rule, owner: RuleOwner, name: &str, taken: &[&str]) -> Rule {
        derive_override(parent, owner, &Name::stored(name), &|name| {
            taken.contains(&name)
        })
    }

    #[test]
    fn an_override_is_narrowed_before_every_macro() {
        let parent = rule("DiskFull", "f{<exclude>} / s{<exclude>}");
        let service = derived(&parent, RuleOwner::Service(ServiceId(1)), "A", &[]);
        assert_eq!(
            service.clause,
            r#"f{service="A",<exclude>} / s{service="A",<exclude>}"#
        );
        assert!(service.enabled);
        let project = derived(&service, RuleOwner::Project(ProjectId(1)), "P\"", &[]);
        let selector = r#"{service="A",project="P\"",<exclude>}"#;
        assert_eq!(project.clause, format!("f{selector} / s{selector}"));
    }

    fn owned(id: i32, owner: RuleOwner, parent: Option<i32>) -> Rule {
        Rule {
            id: RuleId(id),
            owner,
            parent: parent.map(RuleId),
            ..rule("Down", "up{<exclude>}")
        }
    }

    /// Services A (with project P) and B.
    fn tree(rules: Vec<Rule>) -> Tree {
        let group = GroupOptions::default;
        let mut tree = Tree::empty(Site {
            domain: "example.com".to_owned(),
            name: "Promgen".to_owned(),
            group: group(),
        });
        tree.services = [(1, "A"), (2, "B")]
            .map(|(id, name)| Service {
                id: ServiceId(id),
                name: Name::stored(name),
                description: String::new(),
                owner: None,
                group: group(),
            })
            .to_vec();
        tree.projects = vec![Project {
            id: ProjectId(1),
            name: Name::stored("P"),
            description: String::new(),
            owner: None,
            service: ServiceId(1),
            shard: ShardId(1),
            farm: None,
            group: group(),
        }];
        tree.rules = rules;
        tree
    }

    const A: RuleOwner = RuleOwner::Service(ServiceId(1));
    const B: RuleOwner = RuleOwner::Service(ServiceId(2));
    const P: RuleOwner = RuleOwner::Project(ProjectId(1));

    #[test]
    fn only_direct_overrides_with_an_owner_are_covered_disabled_or_not() {
        let gone = RuleOwner::Service(ServiceId(9));
        let tree = tree(vec![
            owned(1, RuleOwner::Site, None),
            owned(2, A, Some(1)),
            owned(3, P, Some(2)),
            owned(4, A, Some(1)),
            owned(5, gone, Some(1)),
        ]);
        let index = OverrideIndex::new(&tree);
        let names = |rule| {
            let covered = index.of(RuleId(rule));
            (covered.services.len(), covered.projects.len())
        };
        assert_eq!([names(1), names(2), names(3)], [(1, 0), (0, 1), (0, 0)]);
        assert!(index.of(RuleId(1)).services.contains("A"));
        assert!(index.of(RuleId(77)).is_empty());
    }

    #[test]
    fn overrides_go_down_the_tree_and_never_in_circles() {
        let tree = tree(Vec::new());
        let legal = |child, parent| {
            let (child, parent) = (owned(2, child, Some(1)), owned(1, parent, None));
            check_parent(&tree, &child, &parent).is_empty()
        };
        assert!(legal(A, RuleOwner::Site) && legal(P, RuleOwner::Site) && legal(P, A));
        for (child, parent) in [
            (RuleOwner::Site, RuleOwner::Site),
            (RuleOwner::Site, A),
            (A, A),
            (A, B),
            (A, P),
            (P, P),
            (P, B),
        ] {
            assert!(!legal(child, parent), "{child:?} below {parent:?}");
        }
    }

    #[test]
    fn a_parent_without_the_macro_is_a_warning() {
        let mut parent = owned(1, RuleOwner::Site, None);
        parent.clause = "up == 0 # <exclude>".to_owned();
        let problems = check_parent(&tree(Vec::new()), &owned(2, A, Some(1)), &parent);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].severity, Severity::Warning);
        assert!(problems[0].message.contains("both rules will fire"));
    }

    #[test]
    fn computed_labels_are_not_copied() {
        let mut parent = rule("Down", "up");
        for name in ["service", "project", "severity"] {
            parent.labels.insert(name.to_owned(), "x".to_owned());
        }
        let child = derived(&parent, RuleOwner::Service(ServiceId(1)), "A", &[]);
        assert_eq!(child.labels.into_keys().collect::<Vec<_>>(), ["severity"]);
    }

    #[test]
    fn names_of_overrides_are_slugs_and_never_collide() {
        let parent = rule("DiskFull", "up");
        let name = |owner: &str, taken: &[&str]| {
            derived(&parent, RuleOwner::Service(ServiceId(1)), owner, taken)
                .name
                .to_string()
        };
        assert_eq!(name("My Shop-1", &[]), "DiskFull_my_shop_1");
        assert_eq!(name("svc.001", &[]), "DiskFull_svc001");
        assert_eq!(name("日本語", &[]), "DiskFull_2");
        assert_eq!(name("a", &["DiskFull_a", "DiskFull_a_2"]), "DiskFull_a_3");
        let long = rule(&"x".repeat(128), "up");
        let cut = derived(&long, RuleOwner::Service(ServiceId(1)), "a", &[]).name;
        assert_eq!(cut.chars().count(), 128);
    }
}
