//! What was asked of Prometheus servers, for their workers to find.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::server_task;
use super::{StoreError, Tx, rows};
use crate::model::{ServerTask, TaskKind};

impl Tx {
    /// What was asked of all servers last, by server and kind.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_server_tasks(&self) -> Result<Vec<ServerTask>, StoreError> {
        let rows = server_task::Entity::find()
            .order_by_asc(server_task::Column::Server)
            .order_by_asc(server_task::Column::Id)
            .all(self.connection())
            .await?;
        rows.into_iter().map(task_of).collect()
    }

    /// Asks something of a server, in the place of what was asked before and came of it.
    ///
    /// # Errors
    /// [`StoreError::ForeignKey`] when the server is gone, or what the database says.
    pub async fn save_server_task(&self, task: &ServerTask) -> Result<(), StoreError> {
        let row = server_task::ActiveModel {
            id: ActiveValue::NotSet,
            server: ActiveValue::Set(task.server),
            kind: ActiveValue::Set(task.kind.as_str().to_owned()),
            asked_by: ActiveValue::Set(task.asked_by.clone()),
            asked_at: ActiveValue::Set(task.asked_at),
            done_at: ActiveValue::Set(task.done_at),
            error: ActiveValue::Set(task.error.as_deref().map(rows::storable)),
        };
        let own = [server_task::Column::Server, server_task::Column::Kind];
        let replace = OnConflict::columns(own)
            .update_columns([
                server_task::Column::AskedBy,
                server_task::Column::AskedAt,
                server_task::Column::DoneAt,
                server_task::Column::Error,
            ])
            .to_owned();
        server_task::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }

    /// Records what came of a task. One that was asked for anew in the meantime still waits.
    ///
    /// # Errors
    /// What the database says.
    pub async fn finish_server_task(&self, task: &ServerTask) -> Result<(), StoreError> {
        let row = server_task::ActiveModel {
            done_at: ActiveValue::Set(task.done_at),
            error: ActiveValue::Set(task.error.as_deref().map(rows::storable)),
            ..Default::default()
        };
        server_task::Entity::update_many()
            .set(row)
            .filter(server_task::Column::Server.eq(task.server))
            .filter(server_task::Column::Kind.eq(task.kind.as_str()))
            .filter(server_task::Column::AskedAt.eq(task.asked_at))
            .exec(self.connection())
            .await?;
        Ok(())
    }
}

fn task_of(row: server_task::Model) -> Result<ServerTask, StoreError> {
    let kind: Result<TaskKind, _> = row.kind.parse();
    Ok(ServerTask {
        server: row.server,
        kind: kind.map_err(|_| StoreError::Inconsistent {
            table: "server_task",
            column: "kind",
            id: row.id,
        })?,
        asked_by: row.asked_by,
        asked_at: row.asked_at,
        done_at: row.done_at,
        error: row.error,
    })
}
