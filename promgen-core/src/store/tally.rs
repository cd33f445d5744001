//! How many objects lie directly below others: what lists show.

use std::collections::BTreeMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::entity::{project, rule, sender};
use super::{StoreError, Tx, rows};
use crate::model::{ProjectId, RuleOwner, SenderOwner, ServiceId};

/// What a service has of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Projects.
    pub projects: u64,
    /// Rules that belong to the service itself.
    pub rules: u64,
    /// Senders that belong to the service itself.
    pub senders: u64,
}

impl Tx {
    /// What these services have, in three statements. A service that has nothing is not in it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tally_services(
        &self,
        services: &[ServiceId],
    ) -> Result<BTreeMap<ServiceId, Tally>, StoreError> {
        let ids: Vec<i32> = services.iter().map(|id| id.0).collect();
        let below = Condition::all().add(project::Column::Service.is_in(ids.iter().copied()));
        let projects = self.count_by(project::Entity, project::Column::Service, below);
        let owned = Condition::all()
            .add(rule::Column::OwnerType.eq(RuleOwner::Service(ServiceId(0)).kind()))
            .add(rule::Column::OwnerId.is_in(ids.iter().copied()));
        let rules = self.count_by(rule::Entity, rule::Column::OwnerId, owned);
        let owned = Condition::all()
            .add(sender::Column::OwnerType.eq(SenderOwner::Service(ServiceId(0)).kind()))
            .add(sender::Column::OwnerId.is_in(ids));
        let senders = self.count_by(sender::Entity, sender::Column::OwnerId, owned);
        let mut tallies: BTreeMap<ServiceId, Tally> = BTreeMap::new();
        for (id, count) in projects.await? {
            tallies.entry(ServiceId(id)).or_default().projects = count;
        }
        for (id, count) in rules.await? {
            tallies.entry(ServiceId(id)).or_default().rules = count;
        }
        for (id, count) in senders.await? {
            tallies.entry(ServiceId(id)).or_default().senders = count;
        }
        Ok(tallies)
    }

    /// How many rules each of some services, or each of some projects, has of its own. One without
    /// is not in it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_rules_of(
        &self,
        owners: &[RuleOwner],
    ) -> Result<BTreeMap<RuleOwner, u64>, StoreError> {
        let mut counted = BTreeMap::new();
        for (kind, ids) in rows::by_kind(owners.iter().map(|owner| (owner.kind(), owner.id()))) {
            let owned = Condition::all()
                .add(rule::Column::OwnerType.eq(kind))
                .add(rule::Column::OwnerId.is_in(ids));
            let counts = self.count_by(rule::Entity, rule::Column::OwnerId, owned);
            counted.extend(counts.await?.into_iter().map(|(id, count)| match kind {
                "service" => (RuleOwner::Service(ServiceId(id)), count),
                "project" => (RuleOwner::Project(ProjectId(id)), count),
                _ => (RuleOwner::Site, count),
            }));
        }
        Ok(counted)
    }

    /// How many rows there are of each value of a column.
    pub(super) async fn count_by<E: EntityTrait>(
        &self,
        _: E,
        column: E::Column,
        condition: Condition,
    ) -> Result<Vec<(i32, u64)>, StoreError> {
        let rows: Vec<(i32, i64)> = E::find()
            .select_only()
            .column(column)
            .expr(Expr::cust("COUNT(*)"))
            .filter(condition)
            .group_by(column)
            .into_tuple()
            .all(self.connection())
            .await?;
        let counted = rows.into_iter();
        Ok(counted
            .map(|(id, count)| (id, count.unsigned_abs()))
            .collect())
    }
}
