//! Working out the tree after an import of rules.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{ImportReport, Imported};
use super::rule_draft::RuleDraft;
use super::rule_file::{GroupDraft, RuleFile};
use crate::model::{GroupOptions, Place, Problem, RuleId, RuleOwner, Tree};
use crate::tree::draft::{Draft, provisional};

/// The kind under which rules are counted.
const KIND: &str = "Rules";

/// Works out the tree after importing a rule file into `current`.
///
/// A rule goes to `owner`; without one to the project of its label `project`, else to the service
/// of its label `service`, else to the site. A rule whose name exists stays as it is and counts as
/// skipped; of two with one name in the file, the first counts. Options of a group are taken for
/// an owner that had no rules before; for others they would change how existing rules are
/// evaluated, so a warning tells about them instead.
///
/// # Errors
/// Every finding at once, those of reading included, each with its place.
pub fn plan_rules(
    file: &RuleFile,
    owner: Option<RuleOwner>,
    current: &Tree,
) -> Result<Imported, Vec<Problem>> {
    let mut planner = Planner {
        owner,
        current,
        draft: Draft::of(current),
        problems: file.problems.clone(),
        report: ImportReport::default(),
        seen: BTreeMap::new(),
    };
    for group in &file.groups {
        planner.group(group);
    }
    let target = planner.draft.into_tree();
    planner.report.finish(planner.problems, current, target)
}

struct Planner<'a> {
    owner: Option<RuleOwner>,
    current: &'a Tree,
    draft: Draft,
    problems: Vec<Problem>,
    report: ImportReport,
    /// Names of the file, with the line of the first rule that has each.
    seen: BTreeMap<&'a str, usize>,
}

impl<'a> Planner<'a> {
    fn group(&mut self, group: &'a GroupDraft) {
        let mut owners: BTreeSet<RuleOwner> = BTreeSet::new();
        for rule in &group.rules {
            let Some(owner) = self.owner_of(rule) else {
                continue;
            };
            if self.is_there(rule) {
                self.report.count_skipped(KIND);
                continue;
            }
            let id = RuleId(provisional(&self.draft.rules, |id| id.0));
            self.draft.rule_ids.insert(rule.name.to_string(), id);
            self.draft.rules.insert(id, rule.rule(id, owner));
            self.report.count_imported(KIND);
            owners.insert(owner);
        }
        for owner in owners {
            self.options(owner, group);
        }
    }

    /// Whether the name is taken: by a rule of the tree, or by one further up in the file.
    fn is_there(&mut self, rule: &'a RuleDraft) -> bool {
        if let Some(first) = self.seen.get(rule.name.as_str()) {
            let message = format!("{} stands here again, after line {first}", rule.name);
            let remedy = "the first one counts; rename this one if it is wanted as well";
            self.warn(rule.path.clone(), rule.place, message, remedy);
            return true;
        }
        self.seen.insert(&rule.name, rule.place.line);
        self.draft.rule_ids.contains_key(rule.name.as_str())
    }

    /// Whose rule it is; a name that does not exist is an error.
    fn owner_of(&mut self, rule: &RuleDraft) -> Option<RuleOwner> {
        if self.owner.is_some() {
            return self.owner;
        }
        if let Some(name) = &rule.project {
            let Some(id) = self.draft.project_ids.get(name).copied() else {
                self.unknown(rule, "project", name);
                return None;
            };
            self.compare_services(rule, RuleOwner::Project(id));
            return Some(RuleOwner::Project(id));
        }
        let Some(name) = &rule.service else {
            return Some(RuleOwner::Site);
        };
        let Some(id) = self.draft.service_named(name) else {
            self.unknown(rule, "service", name);
            return None;
        };
        Some(RuleOwner::Service(id))
    }

    fn unknown(&mut self, rule: &RuleDraft, label: &str, name: &str) {
        let field = format!("{}.labels.{label}", rule.path);
        let message = format!("{label} {name} does not exist");
        let remedy = format!("make the {label} first, or name an object that all rules are for");
        self.problems
            .push(Problem::error(field, message, remedy).at(rule.place));
    }

    /// Points out a label `service` that is not the service of the project.
    fn compare_services(&mut self, rule: &RuleDraft, owner: RuleOwner) {
        let Some(group) = self.current.group_name(owner) else {
            return;
        };
        let service = group.split(" » ").next().unwrap_or_default();
        if let Some(said) = rule.service.as_ref().filter(|said| *said != service) {
            let field = format!("{}.labels.service", rule.path);
            let message = format!("says {said}, but the project belongs to {service}");
            self.warn(field, rule.place, message, "the project counts");
        }
    }

    fn options(&mut self, owner: RuleOwner, group: &GroupDraft) {
        if group.options == GroupOptions::default() {
            return;
        }
        let had_rules = self.current.rules.iter().any(|rule| rule.owner == owner);
        let options = match owner {
            RuleOwner::Site => Some(&mut self.draft.site.group),
            RuleOwner::Service(id) => {
                let service = self.draft.services.get_mut(&id);
                service.map(|service| &mut service.group)
            }
            RuleOwner::Project(id) => {
                let project = self.draft.projects.get_mut(&id);
                project.map(|project| &mut project.group)
            }
        };
        let Some(options) = options.filter(|options| **options != group.options) else {
            return;
        };
        if !had_rules && *options == GroupOptions::default() {
            options.clone_from(&group.options);
            return;
        }
        let name = self.current.group_name(owner).unwrap_or_default();
        let message = format!("its options are not those of the rules of {name}");
        let remedy = "they stay as they are there; change them with `promgen tree apply`";
        self.warn(
            format!("group {}", group.name),
            group.place,
            message,
            remedy,
        );
    }

    fn warn(&mut self, field: String, place: Place, message: String, remedy: &str) {
        self.problems
            .push(Problem::warning(field, message, remedy).at(place));
    }
}

#[cfg(test)]
mod tests {
    use super::super::import_rules_v2;
    use super::*;
    use crate::model::{Name, Service, ServiceId, Site};

    fn tree() -> Tree {
        let site = Site {
            domain: "example.com".to_owned(),
            name: String::new(),
            group: GroupOptions::default(),
        };
        let mut tree = Tree::empty(site);
        tree.services.push(Service {
            id: ServiceId(7),
            name: Name::stored("a {{ b"),
            description: String::new(),
            owner: None,
            group: GroupOptions::default(),
        });
        tree
    }

    fn plan(text: &str, owner: Option<RuleOwner>, tree: &Tree) -> Result<Imported, Vec<Problem>> {
        plan_rules(&import_rules_v2(text), owner, tree)
    }

    const FILE: &str = "groups:\n- name: x\n  interval: 1m\n  rules:\n  - {alert: A, expr: up}\n  \
        - {alert: B, expr: up, labels: {service: 'a {{\"{{\"}} b', severity: minor}}\n  \
        - {alert: A, expr: up == 0}\n";

    #[test]
    fn labels_say_whose_rule_it_is_and_are_not_stored() {
        let done = plan(FILE, None, &tree()).unwrap();
        let owners: Vec<_> = done
            .target
            .rules
            .iter()
            .map(|r| (&*r.name, r.owner))
            .collect();
        let service = RuleOwner::Service(ServiceId(7));
        assert_eq!(owners, [("B", service), ("A", RuleOwner::Site)]);
        assert_eq!(done.target.rules[0].labels.len(), 1);
        let interval = &done.target.services[0].group.interval;
        assert_eq!(interval.as_ref().unwrap().as_str(), "1m");
        assert_eq!(done.report.imported["Rules"], 2);
        assert_eq!(done.report.skipped["Rules"], 1);
        let warning = done.report.warnings[0].to_string();
        assert!(
            warning.contains("rules[2] 7:5: A stands here again, after line 5"),
            "{warning}"
        );
    }

    #[test]
    fn what_is_there_stays_and_a_second_import_does_nothing() {
        let first = plan(FILE, None, &tree()).unwrap().target;
        let other = FILE.replace("expr: up", "expr: down").replace("1m", "2m");
        let again = plan(&other, None, &first).unwrap();
        assert_eq!(again.target, first);
        assert!(again.report.is_empty());
        assert_eq!(again.report.skipped["Rules"], 3);
        let more = plan("{alert: C, expr: up}", None, &first).unwrap();
        assert_eq!(more.target.rules.len(), 3);
    }

    #[test]
    fn options_are_not_forced_on_rules_that_are_there() {
        let first = plan("{alert: Z, expr: up}", None, &tree()).unwrap().target;
        let done = plan(FILE, None, &first).unwrap();
        assert_eq!(done.target.site.group, GroupOptions::default());
        let told: Vec<String> = done
            .report
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(told[0].contains("group x 2:3: its options"), "{told:?}");
    }

    #[test]
    fn an_object_that_is_given_gets_all_rules() {
        let owner = RuleOwner::Service(ServiceId(7));
        let text = FILE.replace("a {{\"{{\"}} b", "ghost");
        let done = plan(&text, Some(owner), &tree()).unwrap();
        assert!(done.target.rules.iter().all(|rule| rule.owner == owner));
    }

    #[test]
    fn unknown_names_come_with_everything_else_that_is_wrong() {
        let text = "groups:\n- name: x\n  rules:\n  - {alert: A, expr: up, labels: {project: p}}\n  \
                    - {alert: B, expr: 'up{'}\n  - {alert: C, expr: up, labels: {service: s}}\n";
        let problems = plan(text, None, &tree()).unwrap_err();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("labels.project 4:5: project p does not exist"));
        assert!(told[2].contains("labels.service 6:5: service s does not exist"));
    }
}
