//! Opening the database, and where transactions begin.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend,
    IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

#[cfg(any(feature = "postgres", feature = "mysql"))]
use sea_orm::sqlx::Executor as _;

use super::address::{Address, Backend};
use super::error::Shared;
use super::tx::{Access, Limits};
use super::waits::Waits;
use super::{StoreError, Tx, reach};
use crate::config::DatabaseUrl;
use crate::model::Secret;

/// Connections per process to a database server, besides those for batches. `PostgreSQL` allows 100 by
/// default, so that five processes fit.
const SERVER_CONNECTIONS: u32 = 16;

/// Connections to a server for batches: of posts, and of attempts.
const BATCHES: u32 = 2;

/// What a server is told on each new connection: transactions see what is committed, whatever its own
/// default is. Said once, it need not be said again for each transaction.
///
/// A process that is stopped in the middle of a transaction, or whose machine is cut off, would keep its
/// locks until somebody notices. One that says nothing for half a minute is undone by the server; the
/// longest that a transaction computes between two statements are seconds, for a very large tree.
#[cfg(feature = "mysql")]
const MYSQL_SESSION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
#[cfg(feature = "postgres")]
const POSTGRES_SESSION: &str = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED; \
                                SET idle_in_transaction_session_timeout = '30s'";

/// The same on the connections for batches, which compute nothing in between.
///
/// All that they do finds its rows by an index, but the server makes its plans while the tables are
/// small, and would go on reading them as a whole. What that makes expensive on paper would be compiled
/// first, each time.
#[cfg(feature = "postgres")]
const POSTGRES_BATCHES: &str = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED; \
                                SET idle_in_transaction_session_timeout = '10s'; \
                                SET enable_seqscan = off; SET jit = off";

/// The same on `MariaDB`, in seconds. `MySQL` has no such setting.
#[cfg(feature = "mysql")]
const MARIADB_SHARED: &str = "SET SESSION idle_transaction_timeout = 30";
#[cfg(feature = "mysql")]
const MARIADB_BATCHES: &str = "SET SESSION idle_transaction_timeout = 10";

/// Readers of the `SQLite` file at once; more than a few only share one disk.
const FILE_READERS: u32 = 8;

/// How long a transaction waits for a connection, or for the lock of the `SQLite` file, before it
/// is told [`StoreError::Busy`]. Below the ten seconds after which Alertmanager gives up a post.
const PATIENCE: Duration = Duration::from_secs(8);

/// Prepared statements that a connection keeps. A batch makes a different one for each number of
/// its rows; with the 100 that are usual, they would be prepared again and again.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
const STATEMENTS: usize = 1000;

/// A connection that was idle for this long is tried before it is used: a server that restarted
/// in between costs nobody an error.
const TRY_AFTER_IDLE: Duration = Duration::from_secs(2);

/// Whether opening may make a database that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    /// Make the `SQLite` file when it is absent. Servers' databases are never made.
    IfMissing,
    /// A missing `SQLite` file is [`StoreError::MissingFile`].
    Never,
}

/// The database, open. Cheap to clone; all clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Backend,
    pub(super) address: Address,
    pub(super) reader: DatabaseConnection,
    /// On `SQLite` a pool of one connection, so that writers queue in here, in order, instead of
    /// spinning on the file's lock. Elsewhere the same pool as `reader`.
    pub(super) writer: DatabaseConnection,
    /// `writer` on `SQLite`, [`BATCHES`] connections of their own elsewhere.
    pub(super) batches: DatabaseConnection,
    pub(super) reader_waits: Arc<Waits>,
    /// Where there is one pool, both count in one place.
    pub(super) writer_waits: Arc<Waits>,
    pub(super) batches_waits: Arc<Waits>,
    limits: Limits,
    /// What transactions that write may do.
    writes: Access,
}

impl Store {
    /// Opens the database. Does not look at the schema: see [`Store::schema`].
    ///
    /// # Errors
    /// [`StoreError::UnknownKind`], [`StoreError::BadUrl`], [`StoreError::MissingFile`],
    /// [`StoreError::Folder`], [`StoreError::Open`], or [`StoreError::Gone`] when the server cannot
    /// be reached.
    pub async fn open(url: &DatabaseUrl, create: Create) -> Result<Self, StoreError> {
        let address = Address::parse(url)?;
        let opened = match &address {
            Address::Sqlite(path) => open_file(&address, path, create).await,
            Address::Postgres(url) => open_server(&address, url, Backend::Postgres).await,
            Address::MySql(url) => open_server(&address, url, Backend::MySql).await,
        };
        opened.map_err(StoreError::while_opening)
    }

    /// Which database program it is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Begins a transaction that may write.
    ///
    /// On `SQLite` it holds the write lock from the start (`BEGIN IMMEDIATE`), so that it cannot
    /// fail half-way for another writer; elsewhere it is `READ COMMITTED`.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the turn does not come within some seconds, and
    /// [`StoreError::Gone`].
    pub async fn write_tx(&self) -> Result<Tx, StoreError> {
        self.begin_write(&self.writer, &self.writer_waits).await
    }

    /// As [`Store::write_tx`], for those who write all the time: always on the same few connections to
    /// a server, which so have each of their statements prepared already.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Gone`], as for [`Store::write_tx`].
    pub async fn batch_tx(&self) -> Result<Tx, StoreError> {
        self.begin_write(&self.batches, &self.batches_waits).await
    }

    async fn begin_write(
        &self,
        pool: &DatabaseConnection,
        waits: &Waits,
    ) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            // Servers were told once for each connection.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = waits.count(pool.begin_with_options(options)).await?;
        Ok(Tx::new(inner, self.limits, self.writes))
    }

    /// The same database, in which nothing changes: transactions that write do so, and are undone
    /// when they are committed.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        Self {
            writes: Access::Rehearse,
            ..self.clone()
        }
    }

    /// Whether batches can be written side by side: a file has one writer at a time.
    pub fn writes_side_by_side(&self) -> bool {
        self.backend != Backend::Sqlite
    }

    /// Begins a transaction that sees one snapshot and cannot write.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Gone`], as for [`Store::write_tx`].
    pub async fn read_tx(&self) -> Result<Tx, StoreError> {
        let options = match self.backend {
            Backend::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..TransactionOptions::default()
            },
            Backend::Postgres | Backend::MySql => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        let begin = self.reader.begin_with_options(options);
        let inner = self.reader_waits.count(begin).await?;
        Ok(Tx::new(inner, self.limits, Access::Read))
    }

    /// Closes all connections; transactions that are open end first.
    ///
    /// # Errors
    /// [`StoreError::Other`] when the driver cannot close, which leaves nothing to be done.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.reader.close_by_ref().await?;
        self.writer.close_by_ref().await?;
        self.batches.close_by_ref().await?;
        Ok(())
    }

    /// For statements that need no transaction, and do not write.
    pub(super) fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// A pool of a single connection of its own, for work that holds locks on its session.
    pub(super) async fn lone_connection(&self) -> Result<DatabaseConnection, StoreError> {
        match &self.address {
            Address::Sqlite(_) => Ok(self.writer.clone()),
            Address::Postgres(url) | Address::MySql(url) => {
                Ok(Database::connect(quiet(url.reveal(), 1)).await?)
            }
        }
    }
}

/// What all connections have in common: no statement is logged, since statements hold secrets.
fn quiet(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire_if_idle_for(TRY_AFTER_IDLE)
        .set_application_name("promgen")
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}

async fn open_file(address: &Address, path: &Path, create: Create) -> Result<Store, StoreError> {
    if !path.exists() {
        match create {
            Create::Never => {
                return Err(StoreError::MissingFile {
                    path: path.to_owned(),
                });
            }
            Create::IfMissing => make_file(path)?,
        }
    }
    // The writer comes first: it is the one that turns the journal to WAL.
    let mut writer = Database::connect(file_options(path, 1, FileUse::Write)).await?;
    let mut reader = Database::connect(file_options(path, FILE_READERS, FileUse::Read)).await?;
    let (writer_waits, reader_waits) = (Waits::listen(&mut writer), Waits::listen(&mut reader));
    Ok(Store {
        backend: Backend::Sqlite,
        address: address.clone(),
        reader,
        batches: writer.clone(),
        writer,
        reader_waits,
        batches_waits: Arc::clone(&writer_waits),
        writer_waits,
        limits: Limits::NONE,
        writes: Access::Write,
    })
}

/// Makes an empty file that only its owner may read: it will hold tokens and addresses.
fn make_file(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(path).map(drop);
    made.map_err(|source| StoreError::Folder {
        path: path.to_owned(),
        source: Shared::from(source),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileUse {
    Read,
    Write,
}

#[cfg(feature = "sqlite")]
fn file_options(path: &Path, connections: u32, file_use: FileUse) -> ConnectOptions {
    // The URL only selects the driver; the path goes in as a path, whatever characters it has.
    let mut options = quiet("sqlite://promgen.db", connections);
    let path = path.to_owned();
    options.map_sqlx_sqlite_opts(move |sqlite| sqlite_settings(sqlite, &path, file_use));
    options.map_sqlx_sqlite_before_acquire(|connection, _| {
        let outside = is_outside(connection);
        Box::pin(async move { Ok(outside) })
    });
    options
}

/// Whether a connection that nobody uses is outside of any transaction, as it must be; others are
/// closed.
///
/// `SQLite` undoes a transaction by itself when the disk is full, but the driver believes that it is
/// still in it: what comes next would be a part of a transaction that nobody ever commits.
#[cfg(feature = "sqlite")]
fn is_outside(connection: &sea_orm::sqlx::SqliteConnection) -> bool {
    !sea_orm::sqlx::Connection::is_in_transaction(connection)
}

/// Without the driver nobody gets here: the address was refused.
#[cfg(not(feature = "sqlite"))]
fn file_options(_: &Path, connections: u32, _: FileUse) -> ConnectOptions {
    quiet("sqlite://promgen.db", connections)
}

#[cfg(feature = "sqlite")]
fn sqlite_settings(
    sqlite: sea_orm::sqlx::sqlite::SqliteConnectOptions,
    path: &Path,
    file_use: FileUse,
) -> sea_orm::sqlx::sqlite::SqliteConnectOptions {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

    let sqlite = sqlite
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        // In WAL mode NORMAL may lose the last commits on a power cut, and a 2xx would be a lie.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        // Rows are handed over by a thread; with the default of 50 it waits at every turn.
        .row_buffer_size(1024)
        .statement_cache_capacity(STATEMENTS);
    match file_use {
        FileUse::Read => sqlite.pragma("query_only", "ON"),
        FileUse::Write => sqlite,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ServerUse {
    Shared,
    Batches,
}

fn server_options(url: &str, server_use: ServerUse) -> ConnectOptions {
    let connections = match server_use {
        ServerUse::Shared => SERVER_CONNECTIONS,
        ServerUse::Batches => BATCHES,
    };
    let options = quiet(url, connections);
    #[cfg(feature = "postgres")]
    let options = {
        let mut options = options;
        let session = match server_use {
            ServerUse::Shared => POSTGRES_SESSION,
            ServerUse::Batches => POSTGRES_BATCHES,
        };
        options.map_sqlx_postgres_opts(|postgres| postgres.statement_cache_capacity(STATEMENTS));
        options.map_sqlx_postgres_pool_opts(move |pool| {
            pool.after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(session).await.map(drop) })
            })
        });
        options
    };
    #[cfg(feature = "mysql")]
    let options = {
        let mut options = options;
        let session = match server_use {
            ServerUse::Shared => MARIADB_SHARED,
            ServerUse::Batches => MARIADB_BATCHES,
        };
        options.map_sqlx_mysql_opts(|mysql| mysql.statement_cache_capacity(STATEMENTS));
        options.map_sqlx_mysql_pool_opts(move |pool| {
            pool.after_connect(move |connection, _| {
                Box::pin(async move {
                    connection.execute(MYSQL_SESSION).await?;
                    match connection.execute(session).await {
                        // MySQL refuses it, and goes on.
                        Err(sea_orm::sqlx::Error::Database(_)) => Ok(()),
                        done => done.map(drop),
                    }
                })
            })
        });
        options
    };
    options
}

async fn open_server(
    address: &Address,
    url: &Secret<String>,
    backend: Backend,
) -> Result<Store, StoreError> {
    reach::connect_once(backend, url.reveal(), PATIENCE).await?;
    let mut pool = Database::connect(server_options(url.reveal(), ServerUse::Shared)).await?;
    let mut batches = Database::connect(server_options(url.reveal(), ServerUse::Batches)).await?;
    let (waits, batches_waits) = (Waits::listen(&mut pool), Waits::listen(&mut batches));
    let limits = match backend {
        Backend::MySql => limits(&pool).await?,
        Backend::Postgres | Backend::Sqlite => Limits::NONE,
    };
    Ok(Store {
        backend,
        address: address.clone(),
        reader: pool.clone(),
        writer: pool,
        batches,
        reader_waits: Arc::clone(&waits),
        writer_waits: waits,
        batches_waits,
        limits,
        writes: Access::Write,
    })
}

/// The server's `max_allowed_packet`, for a larger statement would cost the connection, and its
/// `auto_increment_increment`, which is more than 1 in a cluster.
async fn limits(pool: &DatabaseConnection) -> Result<Limits, StoreError> {
    let query = "SELECT CAST(@@max_allowed_packet AS SIGNED), \
                 CAST(@@auto_increment_increment AS SIGNED)";
    let statement = Statement::from_string(DbBackend::MySql, query);
    let Some(row) = pool.query_one_raw(statement).await? else {
        return Ok(Limits::NONE);
    };
    let bytes: i64 = row.try_get_by_index(0)?;
    Ok(Limits {
        packet_bytes: Some(usize::try_from(bytes).unwrap_or(usize::MAX)),
        id_step: row.try_get_by_index(1)?,
    })
}
