//! One process at a time changes the schema.
//!
//! Each database has a lock that ends with its holder, however that ends: a lock on a file beside
//! the `SQLite` file, an advisory lock of the transaction on `PostgreSQL`, a named lock of the
//! session on `MariaDB`.

use std::fs::File;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

use crate::store::StoreError;
use crate::store::error::Shared;

/// Number of the advisory lock: the letters `promgen` as bytes.
const ADVISORY_KEY: i64 = 0x70_72_6f_6d_67_65_6e;

/// How long a process waits for another one's migration, in seconds.
const PATIENCE_SECONDS: u32 = 120;

/// Locks the file beside a `SQLite` database until the answer is dropped.
pub(super) async fn lock_file(database: &Path) -> Result<File, StoreError> {
    let path = beside(database);
    let locked = tokio::task::spawn_blocking({
        let path = path.clone();
        move || {
            let file = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(path)?;
            // Waits as long as the other process lives; the system gives the lock back with it.
            file.lock().map(|()| file)
        }
    });
    let folder = |source| StoreError::Folder {
        path,
        source: Shared::from(source),
    };
    match locked.await {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(folder(error)),
        // The blocking thread was stopped with the runtime.
        Err(_) => Err(StoreError::Busy),
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".migrate.lock");
    name.into()
}

/// Locks a server's database for as long as this transaction's connection is open.
pub(super) async fn lock_server(connection: &DatabaseTransaction) -> Result<(), StoreError> {
    match connection.get_database_backend() {
        DbBackend::Postgres => {
            let patience = format!("SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'");
            connection.execute_unprepared(&patience).await?;
            let lock = format!("SELECT pg_advisory_xact_lock({ADVISORY_KEY})");
            connection.execute_unprepared(&lock).await?;
            Ok(())
        }
        DbBackend::MySql => {
            // The name counts for the whole server, so that it has to hold the database's.
            let lock = format!(
                "SELECT CAST(GET_LOCK(CONCAT('promgen-', MD5(DATABASE())), {PATIENCE_SECONDS}) AS SIGNED)"
            );
            let statement = Statement::from_string(DbBackend::MySql, lock);
            let row = connection.query_one_raw(statement).await?;
            let taken: Option<i64> = match row {
                Some(row) => row.try_get_by_index(0)?,
                None => None,
            };
            if taken == Some(1) {
                Ok(())
            } else {
                Err(StoreError::Busy)
            }
        }
        _ => Ok(()),
    }
}
