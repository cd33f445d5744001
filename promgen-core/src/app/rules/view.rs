//! A rule as it is shown.

use crate::app::{App, AppError, Listed};
use crate::model::{Problem, Rule, RuleKind, RuleOwner, Severity, Tree};
use crate::rules::{self, OverrideIndex};
use crate::store::Tx;

/// A rule with what is computed for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleView {
    /// The rule. Among its labels are `service` and `project`, among its annotations the link
    /// `rule`, as Prometheus gets them.
    pub rule: Rule,
    /// Name of what it belongs to; of the site the domain.
    pub owner_name: String,
    /// What is worth saying about it and stops nothing.
    pub warnings: Vec<Problem>,
}

/// Views of a list, without warnings.
pub(super) async fn listed(
    app: &App,
    tx: &Tx,
    rules: Listed<Rule>,
) -> Result<Listed<RuleView>, AppError> {
    let tree = tx.load_owners_of_rules(&rules.items).await?;
    Ok(rules.map(|rule| shown(app, &tree, rule)))
}

/// The view of one rule, from what is around it.
pub(super) fn view(app: &App, tree: &Tree, rule: Rule) -> RuleView {
    // It is stored, so somebody took it.
    let mut warnings = problems(tree, &rule, true);
    warnings.retain(|problem| problem.severity == Severity::Warning);
    RuleView {
        warnings,
        ..shown(app, tree, rule)
    }
}

/// What there is to say about a rule, from what is around it. Of one that promtool accepts, what
/// only the native parser finds is a warning.
pub(super) fn problems(tree: &Tree, rule: &Rule, accepted: bool) -> Vec<Problem> {
    let index = OverrideIndex::new(tree);
    let mut found = if accepted {
        rules::check_accepted_rule(rule, index.of(rule.id))
    } else {
        rules::check_rule(rule, index.of(rule.id))
    };
    if let Some(parent) = rule.parent.and_then(|id| tree.rule(id)) {
        found.extend(rules::check_parent(tree, rule, parent));
        if !rule.enabled {
            let message = format!(
                "is off, and {} leaves this out: nobody alerts here",
                parent.name
            );
            let remedy = "enable it, or delete it to have the general rule back";
            found.push(Problem::warning("enabled", message, remedy));
        }
    }
    // Whether the macro is missing does not depend on which of the overrides asks.
    if let Some(child) = tree
        .rules
        .iter()
        .find(|other| other.parent == Some(rule.id))
    {
        let said = rules::check_parent(tree, child, rule).into_iter();
        let warnings = said.filter(|problem| problem.severity == Severity::Warning);
        found.extend(warnings.map(|problem| Problem {
            field: "clause".to_owned(),
            ..problem
        }));
    }
    found
}

fn shown(app: &App, tree: &Tree, mut rule: Rule) -> RuleView {
    let (service, project) = match rule.owner {
        RuleOwner::Site => (None, None),
        RuleOwner::Service(id) => (tree.service(id), None),
        RuleOwner::Project(id) => {
            let project = tree.project(id);
            (
                project.and_then(|project| tree.service(project.service)),
                project,
            )
        }
    };
    let service = service.map(|service| service.name.to_string());
    let project = project.map(|project| project.name.to_string());
    let own = project.clone().or_else(|| service.clone());
    for (label, name) in [("service", service), ("project", project)] {
        match name {
            Some(name) => rule.labels.insert(label.to_owned(), name),
            None => rule.labels.remove(label),
        };
    }
    if rule.kind == RuleKind::Alert {
        let (scheme, domain) = (app.settings().scheme.as_str(), &tree.site.domain);
        let link = format!("{scheme}://{domain}/rule/{}", rule.id);
        rule.annotations.insert("rule".to_owned(), link);
    }
    RuleView {
        owner_name: match rule.owner {
            RuleOwner::Site => tree.site.domain.clone(),
            // An owner that is gone leaves a name that is empty, and the list whole.
            RuleOwner::Service(_) | RuleOwner::Project(_) => own.unwrap_or_default(),
        },
        rule,
        warnings: Vec::new(),
    }
}
