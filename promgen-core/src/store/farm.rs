//! Farms and hosts.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::{farm, host, project};
use super::rows::{self, Stored};
use super::{StoreError, Tx};
use crate::model::{Farm, FarmId, Host, HostId, Name, Project};

impl Stored for Farm {
    type Table = farm::Entity;
    type Row = farm::ActiveModel;
    type Id = FarmId;
    const TABLE: &'static str = "farm";
    const ID: farm::Column = farm::Column::Id;

    fn id(&self) -> FarmId {
        self.id
    }

    fn to_row(&self) -> farm::ActiveModel {
        farm::ActiveModel {
            id: ActiveValue::NotSet,
            name: ActiveValue::Set(self.name.to_string()),
            source: ActiveValue::Set(self.source.clone()),
        }
    }

    fn from_row(row: farm::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            name: Name::stored(row.name),
            source: row.source,
        })
    }
}

impl Stored for Host {
    type Table = host::Entity;
    type Row = host::ActiveModel;
    type Id = HostId;
    const TABLE: &'static str = "host";
    const ID: host::Column = host::Column::Id;

    fn id(&self) -> HostId {
        self.id
    }

    fn to_row(&self) -> host::ActiveModel {
        host::ActiveModel {
            id: ActiveValue::NotSet,
            name: ActiveValue::Set(self.name.clone()),
            farm: ActiveValue::Set(self.farm),
        }
    }

    fn from_row(row: host::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            name: row.name,
            farm: row.farm,
        })
    }
}

impl Tx {
    /// The farm of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_farm(&self, id: FarmId) -> Result<Option<Farm>, StoreError> {
        rows::find_id(self, id).await
    }

    /// All farms, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_farms(&self) -> Result<Vec<Farm>, StoreError> {
        rows::list(self).await
    }

    /// The farm of that name, byte for byte, whose hosts come from that source.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_farm_of(&self, source: &str, name: &str) -> Result<Option<Farm>, StoreError> {
        let condition = Condition::all()
            .add(farm::Column::Source.eq(source))
            .add(farm::Column::Name.eq(name));
        rows::find(self, condition).await
    }

    /// Whether a farm serves any project.
    ///
    /// # Errors
    /// What the database says.
    pub async fn is_farm_used(&self, id: FarmId) -> Result<bool, StoreError> {
        let condition = Condition::all().add(project::Column::Farm.eq(id));
        let found: Option<Project> = rows::find(self, condition).await?;
        Ok(found.is_some())
    }

    /// The hosts of one farm, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_hosts_of(&self, farm: FarmId) -> Result<Vec<Host>, StoreError> {
        let rows = host::Entity::find()
            .filter(host::Column::Farm.eq(farm))
            .order_by_asc(host::Column::Id)
            .all(self.connection())
            .await?;
        rows.into_iter().map(Host::from_row).collect()
    }

    /// How many hosts each farm has. A farm without hosts is not in it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_hosts(&self) -> Result<BTreeMap<FarmId, i64>, StoreError> {
        let counts: Vec<(FarmId, i64)> = host::Entity::find()
            .select_only()
            .column(host::Column::Farm)
            .column_as(host::Column::Id.count(), "hosts")
            .group_by(host::Column::Farm)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(counts.into_iter().collect())
    }

    /// Deletes many hosts. Those that do not exist are deleted already.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_hosts(&self, ids: &[HostId]) -> Result<(), StoreError> {
        for chunk in ids.chunks(rows::CHUNK_ROWS) {
            host::Entity::delete_many()
                .filter(host::Column::Id.is_in(chunk.iter().copied()))
                .exec(self.connection())
                .await?;
        }
        Ok(())
    }

    /// The host of that name in a farm, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_host(&self, farm: FarmId, name: &str) -> Result<Option<Host>, StoreError> {
        let condition = Condition::all()
            .add(host::Column::Farm.eq(farm))
            .add(host::Column::Name.eq(name));
        rows::find(self, condition).await
    }

    /// Inserts many hosts; their ids are returned in the order in which the hosts were given.
    ///
    /// # Errors
    /// [`StoreError::Unique`], [`StoreError::ForeignKey`], or what the database says.
    pub async fn insert_hosts(&self, hosts: &[Host]) -> Result<Vec<HostId>, StoreError> {
        let newest = self.newest_host().await?;
        for chunk in hosts.chunks(rows::CHUNK_ROWS) {
            host::Entity::insert_many(chunk.iter().map(Stored::to_row))
                .exec_without_returning(self.connection())
                .await?;
        }
        // Read back by their ids, which are greater than any before: by name it would be one
        // search per host, and a planner that has not seen the new rows reads the whole table for it.
        let added = self.hosts_after(newest).await?;
        let ids: HashMap<(FarmId, &str), HostId> = added
            .iter()
            .map(|host| ((host.farm, host.name.as_str()), host.id))
            .collect();
        let id_of = |host: &Host| {
            let id = ids.get(&(host.farm, host.name.as_str()));
            id.copied().ok_or_else(|| unread(host.farm))
        };
        hosts.iter().map(id_of).collect()
    }

    /// All hosts, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.hosts_after(HostId(0)).await
    }

    /// Hosts with a greater id. There are many, so no row is built for them.
    async fn hosts_after(&self, id: HostId) -> Result<Vec<Host>, StoreError> {
        let rows = host::Entity::find()
            .select_only()
            .columns([host::Column::Id, host::Column::Name, host::Column::Farm])
            .filter(host::Column::Id.gt(id))
            .order_by_asc(host::Column::Id)
            .into_tuple()
            .stream(self.connection())
            .await?;
        rows::gather(rows, |(id, name, farm)| Ok(Host { id, name, farm })).await
    }

    async fn newest_host(&self) -> Result<HostId, StoreError> {
        let newest: Option<HostId> = host::Entity::find()
            .select_only()
            .column(host::Column::Id)
            .order_by_desc(host::Column::Id)
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(newest.unwrap_or(HostId(0)))
    }
}

/// A host that was inserted and cannot be read: its name was changed on the way.
fn unread(farm: FarmId) -> StoreError {
    StoreError::Inconsistent {
        table: "host",
        column: "name",
        id: rows::number(farm),
    }
}
