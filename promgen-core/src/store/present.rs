//! Which of the objects that are named somewhere are still there.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entity::{farm, project, rule, service, shard, user_group, users};
use super::{StoreError, Tx};
use crate::model::AuditKind;

/// A kind of object and an id, as the audit log has them.
pub type Named = (AuditKind, i64);

impl Tx {
    /// Those of these objects that exist, as far as their kinds have pages of their own: services,
    /// projects, farms, rules, shards, groups, users and the site. One query for each kind that is asked for.
    ///
    /// # Errors
    /// What the database says.
    pub async fn present(&self, named: &BTreeSet<Named>) -> Result<BTreeSet<Named>, StoreError> {
        let mut found = BTreeSet::new();
        let kinds: BTreeSet<AuditKind> = named.iter().map(|(kind, _)| *kind).collect();
        for kind in kinds {
            let ids: Vec<i64> = named
                .iter()
                .filter(|(one, _)| *one == kind)
                .map(|(_, id)| *id)
                .collect();
            let there = match kind {
                AuditKind::Service => {
                    self.present_ids::<service::Entity>(service::Column::Id, &ids)
                        .await?
                }
                AuditKind::Project => {
                    self.present_ids::<project::Entity>(project::Column::Id, &ids)
                        .await?
                }
                AuditKind::Farm => {
                    self.present_ids::<farm::Entity>(farm::Column::Id, &ids)
                        .await?
                }
                AuditKind::Rule => {
                    self.present_ids::<rule::Entity>(rule::Column::Id, &ids)
                        .await?
                }
                AuditKind::Shard => {
                    self.present_ids::<shard::Entity>(shard::Column::Id, &ids)
                        .await?
                }
                AuditKind::Group => {
                    self.present_ids::<user_group::Entity>(user_group::Column::Id, &ids)
                        .await?
                }
                // There is one site, and it stays.
                AuditKind::Site => ids,
                AuditKind::User => {
                    self.present_ids::<users::Entity>(users::Column::Id, &ids)
                        .await?
                }
                _ => Vec::new(),
            };
            found.extend(there.into_iter().map(|id| (kind, id)));
        }
        Ok(found)
    }

    async fn present_ids<E: EntityTrait>(
        &self,
        column: E::Column,
        wanted: &[i64],
    ) -> Result<Vec<i64>, StoreError> {
        let wanted = wanted.iter().filter_map(|id| i32::try_from(*id).ok());
        let found: Vec<i32> = E::find()
            .select_only()
            .column(column)
            .filter(column.is_in(wanted))
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(found.into_iter().map(i64::from).collect())
    }
}
