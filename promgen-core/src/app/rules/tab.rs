//! The rules that concern a service or a project: its own, and those that it can override.

use std::collections::BTreeMap;

use super::rows::{RuleRow, counted};
use super::{require, require_writer};
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError, Listed, Part, Slice, Sort};
use crate::model::{RuleId, RuleOwner, ServiceId};
use crate::store::{RuleFilter, RuleKey, Tx};

/// Most rules of each kind that a tab shows; the list of all rules has the others.
const MOST: u64 = 50;

/// A rule that a service or project has from above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inherited {
    /// The rule.
    pub row: RuleRow,
    /// The override that the service or project has of it.
    pub overridden: Option<RuleId>,
}

/// The rules that concern a service or a project; of each kind as many as fit, with their number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesTab {
    /// The service or project.
    pub owner: RuleOwner,
    /// Its own, in the order that was asked for.
    pub own: Listed<RuleRow>,
    /// Those of a project's service, for whoever may see that.
    pub of_service: Option<(ServiceId, Listed<Inherited>)>,
    /// Those of the site.
    pub of_site: Listed<Inherited>,
    /// Whether the viewer may register and override.
    pub may_edit: bool,
}

/// The rules that concern a service or a project.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown owner, [`AppError::Forbidden`] without a role on it.
pub async fn tab(
    app: &App,
    actor: &Actor,
    owner: RuleOwner,
    sort: Sort<RuleKey>,
) -> Result<RulesTab, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    require(app, &tx, &access, Act::See, owner).await?;
    let reading = Reading {
        app,
        tx: &tx,
        access: &access,
    };
    let service = match owner {
        RuleOwner::Project(id) => {
            let project = tx.load_project(id).await?;
            let service = project.map(|project| project.service);
            service.filter(|id| access.on_service(*id).is_some())
        }
        RuleOwner::Site | RuleOwner::Service(_) => None,
    };
    let of_service = match service {
        Some(id) => {
            let above = reading.inherited(owner, RuleOwner::Service(id)).await?;
            Some((id, above))
        }
        None => None,
    };
    Ok(RulesTab {
        owner,
        own: reading.of(owner, sort).await?,
        of_service,
        of_site: reading.inherited(owner, RuleOwner::Site).await?,
        may_edit: require_writer(app, &tx, &access, owner).await.is_ok(),
    })
}

struct Reading<'a> {
    app: &'a App,
    tx: &'a Tx,
    access: &'a Access,
}

impl Reading<'_> {
    async fn of(&self, owner: RuleOwner, sort: Sort<RuleKey>) -> Result<Listed<RuleRow>, AppError> {
        let filter = RuleFilter {
            owner_kind: Some(owner.kind()),
            owner_id: Some(owner.id()),
            ..RuleFilter::default()
        };
        let slice = Slice {
            offset: 0,
            limit: MOST,
        };
        let visible = self.access.visible();
        let part = Part { sort, slice };
        let listed = self.tx.page_rules(&visible, &filter, part).await?;
        counted(self.app, self.tx, self.access, listed).await
    }

    /// The rules of somebody above, with the overrides of them below.
    async fn inherited(
        &self,
        below: RuleOwner,
        above: RuleOwner,
    ) -> Result<Listed<Inherited>, AppError> {
        let listed = self.of(above, Sort::default()).await?;
        let ids: Vec<RuleId> = listed.items.iter().map(|row| row.rule.id).collect();
        let overrides = self.tx.list_overrides_for(below, &ids).await?;
        let overrides: BTreeMap<RuleId, RuleId> = overrides
            .into_iter()
            .filter_map(|rule| Some((rule.parent?, rule.id)))
            .collect();
        Ok(listed.map(|row| Inherited {
            overridden: overrides.get(&row.rule.id).copied(),
            row,
        }))
    }
}
