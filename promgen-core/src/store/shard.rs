//! Shards.

use sea_orm::{ActiveValue, ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QuerySelect};

use super::entity::{project, shard};
use super::rows::{self, Stored};
use super::{Listed, Slice, StoreError, Tx, page};
use crate::model::{Name, Project, ProjectId, Secret, Shard, ShardId};

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

    /// The shard of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_shard(&self, id: ShardId) -> Result<Option<Shard>, StoreError> {
        rows::find_id(self, id).await
    }

    /// A slice of the shards whose name holds a text, by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_shards(
        &self,
        name: Option<&str>,
        slice: Slice,
    ) -> Result<Listed<Shard>, StoreError> {
        let named = name.map(|name| page::contains(self, shard::Column::Name, name));
        let condition = Condition::all().add_option(named);
        page::page(self, condition, &[(shard::Column::Name, Order::Asc)], slice).await
    }

    /// The shards of these ids, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_shards_by_id(&self, ids: &[ShardId]) -> Result<Vec<Shard>, StoreError> {
        rows::list_in(self, shard::Column::Id, ids).await
    }

    /// Whether a project is on a shard.
    ///
    /// # Errors
    /// What the database says.
    pub async fn is_shard_used(&self, id: ShardId) -> Result<bool, StoreError> {
        let on_it = Condition::all().add(project::Column::Shard.eq(id));
        let found: Option<Project> = rows::find(self, on_it).await?;
        Ok(found.is_some())
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
