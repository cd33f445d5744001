//! Shards.

use sea_orm::{ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::entity::{project, shard};
use super::rows::{self, Stored};
use super::{StoreError, Tx};
use crate::model::{Name, ProjectId, Secret, Shard, ShardId};

impl Stored for Shard {
    type Table = shard::Entity;
    type Row = shard::ActiveModel;
    type Id = ShardId;
    const TABLE: &'static str = "shard";
    const ID: shard::Column = shard::Column::Id;

    fn id(&self) -> ShardId {
        self.id
    }

    fn to_row(&self) -> shard::ActiveModel {
        let authorization = self
            .authorization
            .as_ref()
            .map(|value| value.reveal().clone());
        shard::ActiveModel {
            id: ActiveValue::NotSet,
            name: ActiveValue::Set(self.name.to_string()),
            url: ActiveValue::Set(self.url.clone()),
            proxy: ActiveValue::Set(self.proxy),
            enabled: ActiveValue::Set(self.enabled),
            authorization: ActiveValue::Set(authorization),
            samples: ActiveValue::Set(i64::try_from(self.samples).unwrap_or(i64::MAX)),
            targets: ActiveValue::Set(i64::try_from(self.targets).unwrap_or(i64::MAX)),
        }
    }

    fn from_row(row: shard::Model) -> Result<Self, StoreError> {
        let broken = |column| {
            move || StoreError::Inconsistent {
                table: "shard",
                column,
                id: rows::number(row.id),
            }
        };
        Ok(Self {
            id: row.id,
            name: Name::stored(row.name),
            url: row.url,
            proxy: row.proxy,
            enabled: row.enabled,
            authorization: row.authorization.map(Secret::new),
            samples: rows::narrow(row.samples, broken("samples"))?,
            targets: rows::narrow(row.targets, broken("targets"))?,
        })
    }
}

impl Tx {
    /// The shard of that name, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_shard(&self, name: &str) -> Result<Option<Shard>, StoreError> {
        rows::find(self, Condition::all().add(shard::Column::Name.eq(name))).await
    }

    /// Deletes a shard, its servers **and its projects** with everything below them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_shard(&self, id: ShardId) -> Result<(), StoreError> {
        let projects: Vec<ProjectId> = project::Entity::find()
            .select_only()
            .column(project::Column::Id)
            .filter(project::Column::Shard.eq(id))
            .into_tuple()
            .all(self.connection())
            .await?;
        self.delete_owned_by_projects(&projects).await?;
        rows::delete::<Shard>(self, id).await
    }
}
