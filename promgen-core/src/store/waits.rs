//! How the connections are used, and how long transactions wait for theirs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sea_orm::DatabaseConnection;

use super::{Backend, Store};

/// A pool of connections at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// `reader` and `writer` on `SQLite`, `shared` and `batches` elsewhere.
    pub name: &'static str,
    /// Most connections.
    pub limit: u32,
    /// Open connections.
    pub open: u32,
    /// Open connections that nobody uses.
    pub idle: u32,
    /// Transactions that wait to begin.
    pub waiting: u64,
    /// Transactions that ever began.
    pub begun: u64,
    /// How long all of them together waited to begin.
    pub waited: Duration,
    /// Statements that were ever made.
    pub statements: u64,
}

/// Counts transactions that begin.
#[derive(Debug, Default)]
pub(super) struct Waits {
    waiting: AtomicU64,
    begun: AtomicU64,
    micros: AtomicU64,
    statements: AtomicU64,
}

impl Waits {
    /// Counts the statements on a connection from here on.
    pub(super) fn listen(connection: &mut DatabaseConnection) -> Arc<Self> {
        let waits: Arc<Self> = Arc::default();
        let counted = Arc::clone(&waits);
        connection.set_metric_callback(move |_| {
            counted.statements.fetch_add(1, Ordering::Relaxed);
        });
        waits
    }

    /// Awaits the beginning of a transaction, and counts it.
    pub(super) async fn count<T>(&self, begin: impl Future<Output = T>) -> T {
        let waiting = Waiting::new(self);
        let transaction = begin.await;
        drop(waiting);
        transaction
    }
}

/// Somebody who waits; also when they give up.
struct Waiting<'a> {
    waits: &'a Waits,
    since: Instant,
}

impl<'a> Waiting<'a> {
    fn new(waits: &'a Waits) -> Self {
        waits.waiting.fetch_add(1, Ordering::Relaxed);
        Self {
            waits,
            since: Instant::now(),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let micros = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.waits.waiting.fetch_sub(1, Ordering::Relaxed);
        self.waits.begun.fetch_add(1, Ordering::Relaxed);
        self.waits.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Store {
    /// How the connections are used. Asks nobody.
    pub fn pools(&self) -> Vec<PoolState> {
        let state = |name, connection: &DatabaseConnection, waits: &Waits| {
            let (limit, open, idle) = size(self.backend(), connection);
            PoolState {
                name,
                limit,
                open,
                idle: u32::try_from(idle).unwrap_or(u32::MAX),
                waiting: waits.waiting.load(Ordering::Relaxed),
                begun: waits.begun.load(Ordering::Relaxed),
                waited: Duration::from_micros(waits.micros.load(Ordering::Relaxed)),
                statements: waits.statements.load(Ordering::Relaxed),
            }
        };
        if self.backend() == Backend::Sqlite {
            vec![
                state("reader", &self.reader, &self.reader_waits),
                state("writer", &self.writer, &self.writer_waits),
            ]
        } else {
            vec![
                state("shared", &self.reader, &self.reader_waits),
                state("batches", &self.batches, &self.batches_waits),
            ]
        }
    }
}

/// Most connections, open ones, and idle ones.
fn size(backend: Backend, connection: &DatabaseConnection) -> (u32, u32, usize) {
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    macro_rules! of {
        ($pool:expr) => {{
            let pool = $pool;
            let limit = pool.options().get_max_connections();
            (limit, pool.size(), pool.num_idle())
        }};
    }
    match backend {
        #[cfg(feature = "sqlite")]
        Backend::Sqlite => of!(connection.get_sqlite_connection_pool()),
        #[cfg(feature = "postgres")]
        Backend::Postgres => of!(connection.get_postgres_connection_pool()),
        #[cfg(feature = "mysql")]
        Backend::MySql => of!(connection.get_mysql_connection_pool()),
        #[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
        _ => {
            // Without the driver nobody gets here: the address was refused.
            let _: &DatabaseConnection = connection;
            (0, 0, 0)
        }
    }
}
