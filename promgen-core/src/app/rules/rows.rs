//! Rules in the lists of pages: each with what it belongs to, what it overrides, and whether the
//! viewer may change it.

use std::collections::BTreeSet;

use super::{require, require_writer, seen};
use crate::app::policy::{Access, Act, On};
use crate::app::{Actor, App, AppError, Listed, Part};
use crate::config::Settings;
use crate::model::{Rule, RuleId, RuleOwner, ServiceId, Tree};
use crate::store::{RuleFilter, RuleKey, Tx};

/// What a rule belongs to, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerName {
    /// Site, service or project.
    pub owner: RuleOwner,
    /// Its name; of the site the domain. Empty for one that is gone.
    pub name: String,
    /// The service of a project, with its name.
    pub service: Option<(ServiceId, String)>,
}

impl OwnerName {
    /// Of an owner that a tree has.
    pub(super) fn find(tree: &Tree, owner: RuleOwner) -> Self {
        let named = |id| Some((id, tree.service(id)?.name.to_string()));
        let (name, service) = match owner {
            RuleOwner::Site => (Some(tree.site.domain.clone()), None),
            RuleOwner::Service(id) => (named(id).map(|(_, name)| name), None),
            RuleOwner::Project(id) => {
                let project = tree.project(id);
                let name = project.map(|project| project.name.to_string());
                (name, project.and_then(|project| named(project.service)))
            }
        };
        let name = name.unwrap_or_default();
        Self {
            owner,
            name,
            service,
        }
    }
}

/// The rule that another one overrides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentName {
    /// Its identity.
    pub id: RuleId,
    /// Its name, for whoever may see it.
    pub name: Option<String>,
}

/// A rule in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    /// The rule as it was written.
    pub rule: Rule,
    /// What it belongs to.
    pub owner: OwnerName,
    /// What it overrides.
    pub parent: Option<ParentName>,
    /// How many rules override it, of those that the viewer may see. Where it is not asked for, 0.
    pub overrides: u64,
    /// Whether the viewer may change, switch and delete it.
    pub may_edit: bool,
}

/// Rules that the viewer may see.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn table(
    app: &App,
    actor: &Actor,
    filter: &RuleFilter<'_>,
    part: impl Into<Part<RuleKey>>,
) -> Result<Listed<RuleRow>, AppError> {
    let part = part.into();
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let listed = tx.page_rules(&access.visible(), filter, part).await?;
    counted(app, &tx, &access, listed).await
}

/// One rule, without what is around it: what a page that asks before something is done shows.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown rule, [`AppError::Forbidden`] without a role on what it
/// belongs to.
pub async fn one(app: &App, actor: &Actor, id: RuleId) -> Result<RuleRow, AppError> {
    let (tx, access, rule) = seen(app, actor, id).await?;
    let alone = Listed {
        count: 1,
        items: vec![rule],
    };
    let row = rows(app, &tx, &access, alone).await?.items.pop();
    row.ok_or_else(|| AppError::not_found("rule", &id))
}

/// The rules of one owner, and whether the viewer may make more of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedRules {
    /// The owner.
    pub owner: OwnerName,
    /// A slice of its rules.
    pub rules: Listed<RuleRow>,
    /// Whether the viewer may make rules there.
    pub may_edit: bool,
}

/// The rules of one owner.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`] without a role on it.
pub async fn owned(
    app: &App,
    actor: &Actor,
    owner: RuleOwner,
    part: impl Into<Part<RuleKey>>,
) -> Result<OwnedRules, AppError> {
    let part = part.into();
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    let name = named(app, &tx, &access, Act::See, owner).await?;
    let filter = RuleFilter {
        owner_kind: Some(owner.kind()),
        owner_id: Some(owner.id()),
        ..RuleFilter::default()
    };
    let listed = tx.page_rules(&access.visible(), &filter, part).await?;
    Ok(OwnedRules {
        rules: counted(app, &tx, &access, listed).await?,
        may_edit: require_writer(app, &tx, &access, owner).await.is_ok(),
        owner: name,
    })
}

/// An owner on which the viewer may do something, with its name.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`].
pub(super) async fn named(
    app: &App,
    tx: &Tx,
    access: &Access,
    act: Act,
    owner: RuleOwner,
) -> Result<OwnerName, AppError> {
    let name = require(app, tx, access, act, owner).await?.to_string();
    let service = match owner {
        RuleOwner::Site | RuleOwner::Service(_) => None,
        RuleOwner::Project(id) => match tx.load_project(id).await? {
            Some(project) => tx.load_service(project.service).await?,
            None => None,
        },
    };
    Ok(OwnerName {
        owner,
        name,
        service: service.map(|service| (service.id, service.name.to_string())),
    })
}

/// Rows of rules, in a number of statements that does not depend on how many they are.
pub(in crate::app) async fn rows(
    app: &App,
    tx: &Tx,
    access: &Access,
    listed: Listed<Rule>,
) -> Result<Listed<RuleRow>, AppError> {
    let parents: BTreeSet<RuleId> = listed.items.iter().filter_map(|rule| rule.parent).collect();
    let parents = tx.list_rules_by_id(&parents).await?;
    let all: Vec<Rule> = listed.items.iter().chain(&parents).cloned().collect();
    let mut tree = tx.load_owners_of_rules(&all).await?;
    tree.rules = parents;
    Ok(listed.map(|rule| row(&tree, access, app.settings(), rule)))
}

/// As [`rows`], with how many rules override each.
pub(super) async fn counted(
    app: &App,
    tx: &Tx,
    access: &Access,
    listed: Listed<Rule>,
) -> Result<Listed<RuleRow>, AppError> {
    let ids: Vec<RuleId> = listed.items.iter().map(|rule| rule.id).collect();
    let counts = tx.count_overrides_of(&access.visible(), &ids).await?;
    let rows = rows(app, tx, access, listed).await?;
    Ok(rows.map(|row| RuleRow {
        overrides: counts.get(&row.rule.id).copied().unwrap_or(0),
        ..row
    }))
}

/// The row of a rule; in the tree stand its owner, its parent, and the owner of that.
pub(super) fn row(tree: &Tree, access: &Access, settings: &Settings, rule: Rule) -> RuleRow {
    let on = On::rule(&rule, tree);
    let may_edit = on.is_some_and(|on| access.require_on(Act::Edit, on, settings).is_ok());
    let parent = rule.parent.map(|id| {
        let seen = tree.rule(id).filter(|parent| sees(tree, access, parent));
        ParentName {
            id,
            name: seen.map(|parent| parent.name.to_string()),
        }
    });
    RuleRow {
        owner: OwnerName::find(tree, rule.owner),
        parent,
        overrides: 0,
        may_edit,
        rule,
    }
}

/// Whether the viewer may see a rule whose owner stands in the tree.
pub(super) fn sees(tree: &Tree, access: &Access, rule: &Rule) -> bool {
    On::rule(rule, tree).is_some_and(|on| access.sees(on))
}
