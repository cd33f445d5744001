//! What is on the shards.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{project, service};
use super::{StoreError, Tx, Visible};
use crate::model::{ServiceId, ShardId};

/// A service that has a project on a shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardService {
    /// The shard.
    pub shard: ShardId,
    /// The service.
    pub service: ServiceId,
    /// Its name.
    pub name: String,
}

impl Tx {
    /// How many visible projects each shard has. A shard without any is not in it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_projects_by_shard(
        &self,
        visible: &Visible,
    ) -> Result<BTreeMap<ShardId, i64>, StoreError> {
        let counts: Vec<(ShardId, i64)> = project::Entity::find()
            .select_only()
            .column(project::Column::Shard)
            .column_as(project::Column::Id.count(), "projects")
            .filter(visible.projects())
            .group_by(project::Column::Shard)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(counts.into_iter().collect())
    }

    /// The services that have a visible project on one of these shards, each once per shard, by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_services_on(
        &self,
        visible: &Visible,
        shards: &[ShardId],
    ) -> Result<Vec<ShardService>, StoreError> {
        let above = project::Entity::belongs_to(service::Entity)
            .from(project::Column::Service)
            .to(service::Column::Id);
        let found: Vec<(ShardId, ServiceId, String)> = project::Entity::find()
            .select_only()
            .column(project::Column::Shard)
            .column(service::Column::Id)
            .column(service::Column::Name)
            .distinct()
            .join(JoinType::InnerJoin, above.into())
            .filter(visible.projects())
            .filter(project::Column::Shard.is_in(shards.iter().copied()))
            .order_by_asc(service::Column::Name)
            .order_by_asc(service::Column::Id)
            .into_tuple()
            .all(self.connection())
            .await?;
        let on = |(shard, service, name)| ShardService {
            shard,
            service,
            name,
        };
        Ok(found.into_iter().map(on).collect())
    }
}
