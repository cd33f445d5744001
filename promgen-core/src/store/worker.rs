//! Which processes work, and when each was last heard.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::worker;
use super::rows;
use super::{StoreError, Tx};
use crate::model::{Timestamp, Worker};

/// Between the names of hosts, which hold no blanks.
const BETWEEN: char = ' ';

impl Tx {
    /// Notes that a worker lives, in the place of what was noted of it before.
    ///
    /// # Errors
    /// What the database says.
    pub async fn save_worker(&self, worker: &Worker) -> Result<(), StoreError> {
        let replace = OnConflict::columns([worker::Column::Hostname, worker::Column::Process])
            .update_columns([
                worker::Column::Alerts,
                worker::Column::Servers,
                worker::Column::Started,
                worker::Column::Seen,
            ])
            .to_owned();
        worker::Entity::insert(row_of(worker))
            .on_conflict(replace)
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }

    /// Forgets a worker that ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_worker(&self, worker: &Worker) -> Result<(), StoreError> {
        worker::Entity::delete_many()
            .filter(worker::Column::Hostname.eq(rows::storable(&worker.hostname)))
            .filter(worker::Column::Process.eq(i64::from(worker.process)))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// All workers that were ever heard and not forgotten, by machine and process.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_workers(&self) -> Result<Vec<Worker>, StoreError> {
        let rows = worker::Entity::find()
            .order_by_asc(worker::Column::Hostname)
            .order_by_asc(worker::Column::Process)
            .all(self.connection())
            .await?;
        rows.into_iter().map(worker_of).collect()
    }

    /// Forgets workers that were last heard before a time: they were killed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget_workers(&self, before: Timestamp) -> Result<u64, StoreError> {
        let done = worker::Entity::delete_many()
            .filter(worker::Column::Seen.lt(before))
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected)
    }
}

fn row_of(worker: &Worker) -> worker::ActiveModel {
    worker::ActiveModel {
        id: ActiveValue::NotSet,
        hostname: ActiveValue::Set(rows::storable(&worker.hostname)),
        process: ActiveValue::Set(worker.process.into()),
        alerts: ActiveValue::Set(worker.alerts),
        servers: ActiveValue::Set(rows::storable(&worker.servers.join(&BETWEEN.to_string()))),
        started: ActiveValue::Set(worker.started),
        seen: ActiveValue::Set(worker.seen),
    }
}

fn worker_of(row: worker::Model) -> Result<Worker, StoreError> {
    let process = rows::narrow(row.process, || StoreError::Inconsistent {
        table: "worker",
        column: "process",
        id: row.id,
    })?;
    let servers = row.servers.split(BETWEEN).filter(|name| !name.is_empty());
    Ok(Worker {
        hostname: row.hostname,
        process,
        alerts: row.alerts,
        servers: servers.map(ToOwned::to_owned).collect(),
        started: row.started,
        seen: row.seen,
    })
}
