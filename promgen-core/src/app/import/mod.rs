//! Imports as use cases: rules, targets and probes, each in one transaction.

mod fetch;

pub use fetch::{fetch, shown};

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, refuse_errors};
use super::policy::{Access, Act};
use super::{Actor, App, AppError, Right, promtool};
use crate::import::{
    self, ImportReport, Imported, TargetsOptions, import_config, import_probes, import_rules_v2,
};
use crate::model::{Name, Problem, RuleOwner, Tree};
use crate::render::{self, RuleOptions};

/// Whether an import is done, or only worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Do it.
    #[default]
    Import,
    /// Say what would be done, and do nothing.
    DryRun,
}

/// Whose the imported rules become.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RulesFor {
    /// That of the project or service that the labels of each rule name, else the site's.
    #[default]
    Labels,
    /// This service's.
    Service(String),
    /// This project's.
    Project(String),
}

/// Where imported targets go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetsFor {
    /// The shard of all of them; without it, the one that each element names.
    pub shard: Option<String>,
    /// The user who answers for new services and projects.
    pub owner: Option<String>,
}

/// Imports a rule file of Prometheus 2 and later: all of it or nothing.
///
/// What becomes of each rule is told at [`plan_rules`](import::plan_rules).
///
/// # Errors
/// [`AppError::Invalid`] with every finding at once, each with its place; [`AppError::NotFound`]
/// for an unknown service or project; [`AppError::Forbidden`] without the right to change.
pub async fn rules(
    app: &App,
    actor: &Actor,
    text: &str,
    owner: &RulesFor,
    mode: Mode,
) -> Result<ImportReport, AppError> {
    actor.require(Right::Change, app.settings())?;
    let file = import_rules_v2(text);
    let plan = |tree: &Tree| {
        let owner = owner_of(tree, owner)?;
        refused(import::plan_rules(&file, owner, tree))
    };
    let warnings = second_opinion(app, plan).await?;
    let change = Change::begin(app, actor, Right::Change).await?;
    let mut report = run(app, change, mode, plan).await?;
    report.warnings.extend(warnings);
    Ok(report)
}

/// Imports a rule file, all of whose rules become those of one owner: all of it or nothing.
///
/// # Errors
/// As for [`rules`], but that it takes no more than to write a rule of that owner:
/// [`AppError::Forbidden`] without the role of an editor on it.
pub async fn rules_into(
    app: &App,
    actor: &Actor,
    text: &str,
    owner: RuleOwner,
    mode: Mode,
) -> Result<ImportReport, AppError> {
    // Before anything is read for somebody who may not: a second opinion takes its time.
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    super::rules::require_writer(app, &tx, &access, owner).await?;
    drop(tx);
    let file = import_rules_v2(text);
    let plan = |tree: &Tree| refused(import::plan_rules(&file, Some(owner), tree));
    let warnings = second_opinion(app, plan).await?;
    let (change, access) = Change::open(app, actor, Act::Edit).await?;
    super::rules::require_writer(app, change.tx(), &access, owner).await?;
    let mut report = run(app, change, mode, plan).await?;
    report.warnings.extend(warnings);
    Ok(report)
}

/// What promtool says of the rules that an import brings, on the tree of this moment.
async fn second_opinion(
    app: &App,
    plan: impl Fn(&Tree) -> Result<Imported, AppError>,
) -> Result<Vec<Problem>, AppError> {
    if app.settings().prometheus.promtool.is_none() {
        return Ok(Vec::new());
    }
    let tx = app.store().read_tx().await?;
    let current = tx.load_tree().await?;
    drop(tx);
    let target = plan(&current)?.target;
    refuse_errors(promtool::opinion(app, &current, &target).await.problems)
}

/// Imports a targets file: all of it or nothing.
///
/// What becomes of each element is told at [`plan_targets`](import::plan_targets).
///
/// # Errors
/// [`AppError::Invalid`] with every finding at once, each with its place; [`AppError::NotFound`]
/// for an unknown owner; [`AppError::Forbidden`] without the right to change.
pub async fn targets(
    app: &App,
    actor: &Actor,
    text: &str,
    to: &TargetsFor,
    mode: Mode,
) -> Result<ImportReport, AppError> {
    actor.require(Right::Change, app.settings())?;
    let shard = to.shard.as_ref().map(|name| Name::parse(name)).transpose();
    let replace_shard = shard
        .map_err(|error| AppError::invalid("shard", error.to_string(), "choose another name"))?;
    let file = import_config(text);
    let change = Change::begin(app, actor, Right::Change).await?;
    run(app, change, mode, |tree| {
        let user = |name: &String| tree.users.iter().find(|user| user.username == *name);
        let owner = match &to.owner {
            Some(name) => {
                let found = user(name).ok_or_else(|| AppError::not_found("user", name))?;
                Some(found.id)
            }
            None => None,
        };
        let options = TargetsOptions {
            replace_shard,
            owner,
        };
        refused(import::plan_targets(&file, &options, tree))
    })
    .await
}

/// Makes probes of the modules of a blackbox exporter's configuration: all of them or none.
///
/// `descriptions` holds what people say of new ones, by module; the others are described by their
/// names. [`new_probes`] tells which modules are new.
///
/// # Errors
/// [`AppError::Invalid`] with every finding at once, each with its place; [`AppError::Forbidden`]
/// without the right to change.
pub async fn probes(
    app: &App,
    actor: &Actor,
    text: &str,
    descriptions: &BTreeMap<String, String>,
    mode: Mode,
) -> Result<ImportReport, AppError> {
    actor.require(Right::Change, app.settings())?;
    let file = import_probes(text);
    let change = Change::begin(app, actor, Right::Change).await?;
    run(app, change, mode, |tree| {
        refused(import::plan_probes(&file, descriptions, tree))
    })
    .await
}

/// The modules that [`probes`] would make probes of.
///
/// # Errors
/// As [`probes`].
pub async fn new_probes(app: &App, actor: &Actor, text: &str) -> Result<Vec<String>, AppError> {
    actor.require(Right::Change, app.settings())?;
    let file = import_probes(text);
    refuse_errors(file.problems.clone())?;
    let tx = app.store().read_tx().await?;
    let tree = tx.load_outline().await?;
    Ok(file.new_ones(&tree).map(ToOwned::to_owned).collect())
}

/// Works an import out on the tree of a transaction, and brings it about unless it is a dry run.
async fn run(
    app: &App,
    mut change: Change<'_>,
    mode: Mode,
    plan: impl FnOnce(&Tree) -> Result<Imported, AppError>,
) -> Result<ImportReport, AppError> {
    let current = change.tree().await?;
    let Imported { target, mut report } = plan(&current)?;
    report.warnings.extend(gate(app, &current, &target)?);
    if mode == Mode::Import && !report.is_empty() {
        super::tree::save(app, &mut change, &current, &target).await?;
        change.commit().await?;
    }
    Ok(report)
}

/// What Prometheus would refuse, and what it loads otherwise than meant since this import.
fn gate(app: &App, current: &Tree, target: &Tree) -> Result<Vec<Problem>, AppError> {
    let options = RuleOptions::from(app.settings());
    let found = refuse_errors(render::gate(target, &options))?;
    let before: BTreeSet<Problem> = render::gate(current, &options).into_iter().collect();
    let is_new = |problem: &Problem| !before.contains(problem);
    Ok(found.into_iter().filter(is_new).collect())
}

fn refused(planned: Result<Imported, Vec<Problem>>) -> Result<Imported, AppError> {
    planned.map_err(|problems| AppError::Invalid { problems })
}

fn owner_of(tree: &Tree, owner: &RulesFor) -> Result<Option<RuleOwner>, AppError> {
    let found = match owner {
        RulesFor::Labels => return Ok(None),
        RulesFor::Service(name) => {
            let service = tree
                .services
                .iter()
                .find(|service| service.name == *name.as_str());
            let service = service.ok_or_else(|| AppError::not_found("service", name))?;
            RuleOwner::Service(service.id)
        }
        RulesFor::Project(name) => {
            let project = tree
                .projects
                .iter()
                .find(|project| project.name == *name.as_str());
            let project = project.ok_or_else(|| AppError::not_found("project", name))?;
            RuleOwner::Project(project.id)
        }
    };
    Ok(Some(found))
}
