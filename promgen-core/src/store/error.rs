//! What goes wrong with a database, and the one place that reads what a driver says.
//!
//! Callers see a handful of cases that they can act on; codes and texts of the three drivers stop
//! here. No message of this module holds a password: addresses are never part of one, and a
//! conflicting value (which some servers quote) is not passed on.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use sea_orm::{ConnAcquireErr, DbErr};
use thiserror::Error;

/// Why the store could not do what was asked.
///
/// [`is_transient`](Self::is_transient) tells whether the same call may succeed later.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database URL names a kind of database that is not built in. The operator's fault.
    #[error("{scheme:?} is not a kind of database; use a URL that begins with {known}")]
    UnknownKind {
        /// What stands before the first colon.
        scheme: String,
        /// The beginnings that are understood, as text.
        known: String,
    },
    /// The database URL does not follow the form of its kind. The operator's fault.
    #[error("the database URL is not usable: {reason}")]
    BadUrl {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The `SQLite` file does not exist, and this command does not create one.
    #[error("no database at {}; `promgen migrate` or `promgen web` creates it", path.display())]
    MissingFile {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The folder of the `SQLite` file is missing or cannot be written to.
    #[error("the folder of {} cannot be used", path.display())]
    Folder {
        /// The file that was to be made in it.
        path: PathBuf,
        /// What the operating system said.
        source: Shared<io::Error>,
    },
    /// The database could not be opened: login refused, unknown database, not a database file.
    #[error("the database cannot be opened")]
    Open {
        /// What the driver said.
        source: Cause,
    },
    /// A newer Promgen has changed the schema. Run that version.
    #[error("the database belongs to a newer Promgen (it has {})", unknown.join(", "))]
    NewerSchema {
        /// Migrations that this version does not know.
        unknown: Vec<String>,
    },
    /// The database is that of the original Promgen.
    #[error(
        "the database belongs to the original Promgen and is left alone; move over with `promgen tree apply`"
    )]
    OriginalDatabase,
    /// The database is empty of Promgen, but another program has a table of a name that is needed.
    #[error("the database has a table {table:?} that is not Promgen's; use an empty database")]
    Occupied {
        /// The table.
        table: String,
    },
    /// The schema is older than this program. Migrate first.
    #[error("the database has to be brought up to date with `promgen migrate` ({} steps)", pending.len())]
    NotMigrated {
        /// Migrations that are to be applied.
        pending: Vec<String>,
    },
    /// Somebody else holds what is needed, and waiting for it took too long. Try again.
    #[error("the database is busy")]
    Busy,
    /// The transaction was chosen as the victim of a deadlock or a serialisation failure. Do the
    /// whole of it again.
    #[error("the database undid the transaction because of another one")]
    Deadlock,
    /// No space is left for the database.
    #[error("the disk of the database is full")]
    Full,
    /// The server cannot be reached, went away, or is shutting down.
    #[error("the database is away")]
    Gone {
        /// What the driver said.
        source: Cause,
    },
    /// The database or its file can only be read.
    #[error("the database is read-only")]
    ReadOnly,
    /// Another row already has this name or key. The caller's fault.
    #[error("there is already one like it")]
    Unique,
    /// The row refers to one that does not exist, or is still referred to. The caller's fault.
    #[error("it refers to something that does not exist")]
    ForeignKey,
    /// A text is larger than the server accepts in one packet.
    #[error(
        "a text of {bytes} bytes is more than the server takes; raise its max_allowed_packet, which is {limit_bytes}"
    )]
    TooLarge {
        /// Size of the text.
        bytes: usize,
        /// What the server accepts.
        limit_bytes: usize,
    },
    /// A row is missing, or holds what Promgen never writes.
    #[error("row {id} of the table {table} has no usable {column}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id.
        id: i64,
    },
    /// Anything else that the database refuses.
    #[error("the database refused")]
    Other {
        /// What the driver said.
        source: Cause,
    },
}

impl StoreError {
    /// Whether the same call may succeed later, without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Busy | Self::Deadlock | Self::Full | Self::Gone { .. }
        )
    }

    /// The same error as it counts while opening: what nobody can act on is [`Self::Open`].
    pub(super) fn while_opening(self) -> Self {
        match self {
            Self::Other { source } => Self::Open { source },
            other => other,
        }
    }
}

/// What a driver said, for the log.
#[derive(Clone)]
pub struct Cause(DbErr);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The text alone: a driver's own form may quote values and statements.
impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cause({})", self.0)
    }
}

impl Error for Cause {}

/// An error that several waiters can be told of.
#[derive(Debug)]
pub struct Shared<E>(std::sync::Arc<E>);

impl<E> Clone for Shared<E> {
    fn clone(&self) -> Self {
        Self(std::sync::Arc::clone(&self.0))
    }
}

impl<E> From<E> for Shared<E> {
    fn from(error: E) -> Self {
        Self(std::sync::Arc::new(error))
    }
}

impl<E: fmt::Display> fmt::Display for Shared<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E: Error> Error for Shared<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match kind(&error) {
            Kind::Busy => Self::Busy,
            Kind::Deadlock => Self::Deadlock,
            Kind::Full => Self::Full,
            Kind::ReadOnly => Self::ReadOnly,
            Kind::Unique => Self::Unique,
            Kind::ForeignKey => Self::ForeignKey,
            Kind::Gone => Self::Gone {
                source: Cause(error),
            },
            Kind::Other => Self::Other {
                source: Cause(error),
            },
        }
    }
}

/// What a driver's error comes down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(any(feature = "postgres", feature = "mysql")),
    expect(
        dead_code,
        reason = "SQLite knows no deadlock, and without a driver nobody speaks"
    )
)]
enum Kind {
    Busy,
    Deadlock,
    Full,
    Gone,
    ReadOnly,
    Unique,
    ForeignKey,
    Other,
}

fn kind(error: &DbErr) -> Kind {
    match error {
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Kind::Busy,
        DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => Kind::Gone,
        #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
        DbErr::Conn(sea_orm::RuntimeErr::SqlxError(source))
        | DbErr::Exec(sea_orm::RuntimeErr::SqlxError(source))
        | DbErr::Query(sea_orm::RuntimeErr::SqlxError(source)) => drivers::kind(source),
        _ => Kind::Other,
    }
}

/// The codes of the three databases.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod drivers {
    use sea_orm::sqlx;

    use super::Kind;

    pub(super) fn kind(error: &sqlx::Error) -> Kind {
        match error {
            sqlx::Error::Database(said) => database(said.as_ref()),
            sqlx::Error::PoolTimedOut => Kind::Busy,
            sqlx::Error::Io(source) if source.kind() == std::io::ErrorKind::StorageFull => {
                Kind::Full
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Kind::Gone,
            _ => Kind::Other,
        }
    }

    fn database(said: &dyn sqlx::error::DatabaseError) -> Kind {
        #[cfg(feature = "sqlite")]
        if let Some(error) = said.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
            use sqlx::error::DatabaseError as _;
            return sqlite(error.code().and_then(|code| code.parse().ok()).unwrap_or(0));
        }
        #[cfg(feature = "postgres")]
        if let Some(error) = said.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
            return postgres(error.code());
        }
        #[cfg(feature = "mysql")]
        if let Some(error) = said.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
            return mysql(error.number());
        }
        Kind::Other
    }

    /// Extended result codes; the low byte is the primary code. Source: sqlite.org/rescode.html.
    #[cfg(feature = "sqlite")]
    fn sqlite(code: u32) -> Kind {
        match code {
            // SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE.
            1555 | 2067 => Kind::Unique,
            // SQLITE_CONSTRAINT_FOREIGNKEY.
            787 => Kind::ForeignKey,
            _ => match code & 0xff {
                // SQLITE_BUSY and SQLITE_LOCKED.
                5 | 6 => Kind::Busy,
                // SQLITE_READONLY.
                8 => Kind::ReadOnly,
                // SQLITE_FULL.
                13 => Kind::Full,
                _ => Kind::Other,
            },
        }
    }

    /// SQLSTATE. Source: `PostgreSQL` manual, appendix A.
    #[cfg(feature = "postgres")]
    fn postgres(code: &str) -> Kind {
        match code {
            "23505" => Kind::Unique,
            "23503" => Kind::ForeignKey,
            "40001" | "40P01" => Kind::Deadlock,
            // Lock not available, query cancelled by a timeout, too many connections.
            "55P03" | "57014" | "53300" => Kind::Busy,
            // Disk full, out of memory.
            "53100" | "53200" => Kind::Full,
            "25006" => Kind::ReadOnly,
            // Administrator shutdown, crash shutdown, cannot connect now, idle session ended.
            "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => Kind::Gone,
            _ if code.starts_with("08") => Kind::Gone,
            _ => Kind::Other,
        }
    }

    /// Error numbers. Source: `MariaDB` error code reference.
    #[cfg(feature = "mysql")]
    fn mysql(number: u16) -> Kind {
        match number {
            1022 | 1062 | 1169 | 1586 => Kind::Unique,
            1216 | 1217 | 1451 | 1452 | 1557 | 1761 | 1762 => Kind::ForeignKey,
            // Deadlock found; record has changed since last read.
            1213 | 1020 => Kind::Deadlock,
            // Lock wait timeout, too many connections, query interrupted by a timeout.
            1205 | 1040 | 1203 | 1969 | 3024 => Kind::Busy,
            // Disk full, table full, error writing a file.
            1021 | 1114 | 1026 => Kind::Full,
            // --read-only, read-only transaction, read-only mode.
            1290 | 1792 | 1836 => Kind::ReadOnly,
            // Server shutdown in progress, connection killed, normal shutdown, query killed.
            1053 | 1927 | 1077 | 1317 => Kind::Gone,
            _ => Kind::Other,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[cfg(feature = "sqlite")]
        #[test]
        fn sqlite_extended_codes_count_as_their_primary_code() {
            // SQLITE_BUSY_SNAPSHOT, SQLITE_READONLY_DBMOVED, SQLITE_FULL, SQLITE_CORRUPT.
            assert_eq!(sqlite(517), Kind::Busy);
            assert_eq!(sqlite(1032), Kind::ReadOnly);
            assert_eq!(sqlite(13), Kind::Full);
            assert_eq!(sqlite(11), Kind::Other);
        }

        #[cfg(feature = "postgres")]
        #[test]
        fn every_connection_exception_of_postgresql_means_gone() {
            assert_eq!(postgres("08006"), Kind::Gone);
            assert_eq!(postgres("57P01"), Kind::Gone);
            assert_eq!(postgres("40P01"), Kind::Deadlock);
            assert_eq!(postgres("42P01"), Kind::Other);
        }

        #[cfg(feature = "mysql")]
        #[test]
        fn lock_waits_and_deadlocks_of_mariadb_are_told_apart() {
            assert_eq!(mysql(1205), Kind::Busy);
            assert_eq!(mysql(1213), Kind::Deadlock);
            assert_eq!(mysql(1146), Kind::Other);
        }
    }
}
