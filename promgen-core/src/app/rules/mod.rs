//! Rules: listed, looked at, written, overridden, and tried out.
//!
//! What is written passes the same checks as in a tree document
//! ([`check_rule`](crate::rules::check_rule), [`check_parent`](crate::rules::check_parent), and
//! promtool where it is set).

mod audience;
mod draft;
mod family;
mod heirs;
mod opinion;
mod overriding;
mod page;
mod rows;
mod save;
mod tab;
pub mod trial;
mod view;

pub use self::audience::{Audience, audience};
pub use self::draft::{Checked, RuleChange, check};
pub use self::family::{Branch, Difference, Seen};
pub use self::heirs::{Heirs, heirs};
pub use self::overriding::override_rule;
pub use self::page::{ChildRule, RulePage, page};
pub(super) use self::rows::rows;
pub use self::rows::{OwnedRules, OwnerName, ParentName, RuleRow, one, owned, table};
pub use self::save::{create, delete, update};
pub use self::tab::{Inherited, RulesTab, tab};
pub use self::view::RuleView;
pub use crate::store::RuleFilter;

use self::view::{listed, view};
use super::policy::{Access, Act, On};
use super::{Actor, App, AppError, Listed, Slice};
use crate::model::{Name, Rule, RuleId, RuleOwner};
use crate::store::Tx;

/// The rules that the actor may see: those of the site, of services, of projects, each by owner and
/// name. Warnings are left out.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &RuleFilter<'_>,
    slice: Slice,
) -> Result<Listed<RuleView>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::List, app.settings())?;
    let rules = tx.page_rules(&access.visible(), filter, slice).await?;
    listed(app, &tx, rules).await
}

/// The rules of one owner, by name.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`] without a role on it.
pub async fn list_of(
    app: &App,
    actor: &Actor,
    owner: RuleOwner,
    slice: Slice,
) -> Result<Listed<RuleView>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    require(app, &tx, &access, Act::See, owner).await?;
    let filter = RuleFilter {
        owner_kind: Some(owner.kind()),
        owner_id: Some(owner.id()),
        ..RuleFilter::default()
    };
    let rules = tx.page_rules(&access.visible(), &filter, slice).await?;
    listed(app, &tx, rules).await
}

/// One rule, with what is worth saying about it.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown rule, [`AppError::Forbidden`] without a role on what it
/// belongs to.
pub async fn find(app: &App, actor: &Actor, id: RuleId) -> Result<RuleView, AppError> {
    let (tx, _, rule) = seen(app, actor, id).await?;
    let tree = tx.load_around(&rule).await?;
    Ok(view(app, &tree, rule))
}

/// A rule that the actor may see, with the transaction that it was read in and what they have.
async fn seen(app: &App, actor: &Actor, id: RuleId) -> Result<(Tx, Access, Rule), AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::See, app.settings())?;
    let rule = tx.load_rule(id).await?;
    let rule = rule.ok_or_else(|| AppError::not_found("rule", &id))?;
    require(app, &tx, &access, Act::See, rule.owner).await?;
    Ok((tx, access, rule))
}

/// Refuses whoever may not write the rules of an owner.
pub(super) async fn require_writer(
    app: &App,
    tx: &Tx,
    access: &Access,
    owner: RuleOwner,
) -> Result<Name, AppError> {
    let act = match owner {
        RuleOwner::Site => Act::ChangeSite,
        RuleOwner::Service(_) | RuleOwner::Project(_) => Act::Edit,
    };
    require(app, tx, access, act, owner).await
}

/// Refuses an act on what a rule belongs to; answers the name of that.
async fn require(
    app: &App,
    tx: &Tx,
    access: &Access,
    act: Act,
    owner: RuleOwner,
) -> Result<Name, AppError> {
    access.require(act, app.settings())?;
    match owner {
        RuleOwner::Site => {
            access.require_on(act, On::Site, app.settings())?;
            Ok(Name::stored(tx.load_site().await?.domain))
        }
        RuleOwner::Service(id) => {
            let service = tx.load_service(id).await?;
            let service = service.ok_or_else(|| AppError::not_found("service", &id))?;
            access.require_on(act, On::Service(&service), app.settings())?;
            Ok(service.name)
        }
        RuleOwner::Project(id) => {
            let project = tx.load_project(id).await?;
            let project = project.ok_or_else(|| AppError::not_found("project", &id))?;
            access.require_on(act, On::Project(&project), app.settings())?;
            Ok(project.name)
        }
    }
}
