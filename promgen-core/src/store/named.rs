//! What the objects are called that are named somewhere by their ids.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::entity::{farm, probe, project, rule, service, shard, user_group, users};
use super::{Named, StoreError, Tx, Visible};
use crate::model::AuditKind;

impl Tx {
    /// The names of those of these objects that exist and are visible, as far as their kinds have
    /// names: services, projects, farms, rules, shards, probes, groups and users. Of the last four
    /// all are. One query for each kind that is asked for.
    ///
    /// # Errors
    /// What the database says.
    pub async fn names(
        &self,
        objects: &BTreeSet<Named>,
        visible: &Visible,
    ) -> Result<BTreeMap<Named, String>, StoreError> {
        use AuditKind::{Farm, Group, Probe, Project, Rule, Service, Shard, User};
        let all = Condition::all;
        let mut names = BTreeMap::new();
        for kind in [Service, Project, Farm, Rule, Shard, Probe, Group, User] {
            let of_kind = objects.iter().filter(|(one, _)| *one == kind);
            let ids: Vec<i32> = of_kind
                .filter_map(|(_, id)| i32::try_from(*id).ok())
                .collect();
            if ids.is_empty() {
                continue;
            }
            let found = match kind {
                Service => {
                    let columns = [service::Column::Id, service::Column::Name];
                    self.names_in::<service::Entity>(columns, &ids, visible.services())
                        .await?
                }
                Project => {
                    let columns = [project::Column::Id, project::Column::Name];
                    self.names_in::<project::Entity>(columns, &ids, visible.projects())
                        .await?
                }
                Farm => {
                    let columns = [farm::Column::Id, farm::Column::Name];
                    self.names_in::<farm::Entity>(columns, &ids, visible.farms())
                        .await?
                }
                Rule => {
                    let columns = [rule::Column::Id, rule::Column::Name];
                    self.names_in::<rule::Entity>(columns, &ids, visible.rules())
                        .await?
                }
                Shard => {
                    let columns = [shard::Column::Id, shard::Column::Name];
                    self.names_in::<shard::Entity>(columns, &ids, all()).await?
                }
                Probe => {
                    let columns = [probe::Column::Id, probe::Column::Module];
                    self.names_in::<probe::Entity>(columns, &ids, all()).await?
                }
                Group => {
                    let columns = [user_group::Column::Id, user_group::Column::Name];
                    self.names_in::<user_group::Entity>(columns, &ids, all())
                        .await?
                }
                _ => {
                    let columns = [users::Column::Id, users::Column::Username];
                    self.names_in::<users::Entity>(columns, &ids, all()).await?
                }
            };
            let found = found.into_iter();
            names.extend(found.map(|(id, name)| ((kind, i64::from(id)), name)));
        }
        Ok(names)
    }

    async fn names_in<E: EntityTrait>(
        &self,
        [id, name]: [E::Column; 2],
        ids: &[i32],
        visible: Condition,
    ) -> Result<Vec<(i32, String)>, StoreError> {
        let found = E::find()
            .select_only()
            .columns([id, name])
            .filter(id.is_in(ids.iter().copied()))
            .filter(visible)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(found)
    }
}
