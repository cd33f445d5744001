//! Prometheus servers, and what their workers last did.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{prometheus, server_state};
use super::rows::{self, Stored};
use super::{StoreError, Tx};
use crate::model::{Server, ServerId, ServerState, Shard, ShardId};

impl Stored for Server {
    type Table = prometheus::Entity;
    type Row = prometheus::ActiveModel;
    type Id = ServerId;
    const TABLE: &'static str = "prometheus";
    const ID: prometheus::Column = prometheus::Column::Id;

    fn id(&self) -> ServerId {
        self.id
    }

    fn to_row(&self) -> prometheus::ActiveModel {
        prometheus::ActiveModel {
            id: ActiveValue::NotSet,
            shard: ActiveValue::Set(self.shard),
            host: ActiveValue::Set(self.host.clone()),
            port: ActiveValue::Set(self.port.into()),
        }
    }

    fn from_row(row: prometheus::Model) -> Result<Self, StoreError> {
        let port = rows::narrow(row.port, || StoreError::Inconsistent {
            table: "prometheus",
            column: "port",
            id: rows::number(row.id),
        })?;
        Ok(Self {
            id: row.id,
            shard: row.shard,
            host: row.host,
            port,
        })
    }
}

impl Tx {
    /// The server of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_server(&self, id: ServerId) -> Result<Option<Server>, StoreError> {
        rows::find_id(self, id).await
    }

    /// The server of that address.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_server(&self, host: &str, port: u16) -> Result<Option<Server>, StoreError> {
        let condition = Condition::all()
            .add(prometheus::Column::Host.eq(host))
            .add(prometheus::Column::Port.eq(i32::from(port)));
        rows::find(self, condition).await
    }

    /// The servers of that host, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_servers(&self, host: &str) -> Result<Vec<Server>, StoreError> {
        let rows = prometheus::Entity::find()
            .filter(prometheus::Column::Host.eq(host))
            .order_by_asc(prometheus::Column::Id)
            .all(self.connection())
            .await?;
        rows.into_iter().map(Server::from_row).collect()
    }

    /// The servers of that shard, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_servers_of(&self, shard: ShardId) -> Result<Vec<Server>, StoreError> {
        rows::list_where(
            self,
            Condition::all().add(prometheus::Column::Shard.eq(shard)),
        )
        .await
    }

    /// Every server, sorted by id, and every shard.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_fleet(&self) -> Result<(Vec<Server>, Vec<Shard>), StoreError> {
        Ok((rows::list(self).await?, rows::list(self).await?))
    }

    /// What is recorded of each server, sorted by its id. A server that was never seen is not in it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_server_states(&self) -> Result<Vec<(ServerId, ServerState)>, StoreError> {
        let rows = server_state::Entity::find()
            .order_by_asc(server_state::Column::Server)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(state_of).collect())
    }

    /// Records what the worker of a server did, in the place of what was recorded before.
    ///
    /// # Errors
    /// [`StoreError::ForeignKey`] when the server is gone, or what the database says.
    pub async fn save_server_state(
        &self,
        server: ServerId,
        state: &ServerState,
    ) -> Result<(), StoreError> {
        let row = server_state::ActiveModel {
            server: ActiveValue::Set(server),
            applied_revision: ActiveValue::Set(state.applied_revision),
            applied_at: ActiveValue::Set(state.applied_at),
            seen_at: ActiveValue::Set(state.seen_at),
            pulled_at: ActiveValue::Set(state.pulled_at),
            failed_revision: ActiveValue::Set(state.failed_revision),
            error: ActiveValue::Set(state.error.as_deref().map(rows::storable)),
            failed_at: ActiveValue::Set(state.failed_at),
        };
        let replace = OnConflict::column(server_state::Column::Server)
            .update_columns([
                server_state::Column::AppliedRevision,
                server_state::Column::AppliedAt,
                server_state::Column::SeenAt,
                server_state::Column::PulledAt,
                server_state::Column::FailedRevision,
                server_state::Column::Error,
                server_state::Column::FailedAt,
            ])
            .to_owned();
        server_state::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }
}

fn state_of(row: server_state::Model) -> (ServerId, ServerState) {
    let state = ServerState {
        applied_revision: row.applied_revision,
        applied_at: row.applied_at,
        seen_at: row.seen_at,
        pulled_at: row.pulled_at,
        failed_revision: row.failed_revision,
        error: row.error,
        failed_at: row.failed_at,
    };
    (row.server, state)
}
