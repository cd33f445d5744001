//! What a query over the shards has to know: read for each of them, so no more than that.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{project, service, shard};
use super::rows::{CHUNK_ROWS, Stored};
use super::{StoreError, Tx};
use crate::model::{ProjectId, ServiceId, Shard};

impl Tx {
    /// The shards that take part in query proxying, enabled or not, by identity.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_proxied_shards(&self) -> Result<Vec<Shard>, StoreError> {
        let rows = shard::Entity::find()
            .filter(shard::Column::Proxy.eq(true))
            .order_by_asc(shard::Column::Id)
            .all(self.connection())
            .await?;
        rows.into_iter().map(Shard::from_row).collect()
    }

    /// The names of services; those that do not exist have none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_service_names(&self, ids: &[ServiceId]) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::with_capacity(ids.len());
        for some in ids.chunks(CHUNK_ROWS) {
            let found: Vec<String> = service::Entity::find()
                .select_only()
                .column(service::Column::Name)
                .filter(service::Column::Id.is_in(some.iter().copied()))
                .into_tuple()
                .all(self.connection())
                .await?;
            names.extend(found);
        }
        Ok(names)
    }

    /// The names of projects with the services above them; those that do not exist have none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_project_names(
        &self,
        ids: &[ProjectId],
    ) -> Result<Vec<(String, ServiceId)>, StoreError> {
        let mut names = Vec::with_capacity(ids.len());
        for some in ids.chunks(CHUNK_ROWS) {
            let found: Vec<(String, ServiceId)> = project::Entity::find()
                .select_only()
                .columns([project::Column::Name, project::Column::Service])
                .filter(project::Column::Id.is_in(some.iter().copied()))
                .into_tuple()
                .all(self.connection())
                .await?;
            names.extend(found);
        }
        Ok(names)
    }
}
