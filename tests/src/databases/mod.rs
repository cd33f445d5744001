//! Real databases for tests: one server of each kind per process, one database per test.
//!
//! `PostgreSQL` and `MariaDB` are started in temporary folders on free ports when the first test
//! asks for them, and stopped when the process ends, however it ends: each has a guardian (a shell)
//! that waits for the end of a pipe which only this process holds, then stops the server by its
//! process id and removes its folder. A server that is not installed is told once on standard
//! error; the tests that need it pass over it, except where `CI=true`.
//!
//! Never used here: a server that the tests did not start.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what cannot be started or asked fails the test that needs it"
)]

mod cluster;
mod guardian;
mod mariadb;
mod postgres;
mod server;

use std::sync::atomic::{AtomicU32, Ordering};

use promgen_core::config::DatabaseUrl;
use promgen_core::model::Secret;
use promgen_core::store::{Create, Store};
use sqlx::{Connection, Executor};

pub use cluster::Cluster;
pub use server::{Durability, Server};

/// A kind of database to test on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file in a temporary folder.
    Sqlite,
    /// `PostgreSQL`.
    Postgres,
    /// `MariaDB`.
    MariaDb,
}

/// An empty database of a test's own. Its file goes with it; on a server it stays until the server
/// stops.
#[derive(Debug)]
pub struct TestDatabase {
    kind: Kind,
    url: String,
    /// Holds the file of a `SQLite` database.
    _folder: Option<tempfile::TempDir>,
}

impl TestDatabase {
    /// Makes an empty database on the shared server of its kind (which is fast and would lose data
    /// in a crash), or `None` when that is not installed.
    ///
    /// # Panics
    /// When the server is missing although `CI=true`, does not start, or refuses.
    pub async fn create(kind: Kind) -> Option<Self> {
        if kind == Kind::Sqlite {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let url = format!("sqlite://{}", folder.path().join("promgen.db").display());
            return Some(Self {
                kind,
                url,
                _folder: Some(folder),
            });
        }
        Some(Self::create_on(server::shared(kind).await?).await)
    }

    /// Makes an empty database on a server that the caller started.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn create_on(server: &Server) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("promgen_test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE DATABASE {name}");
        execute_on(
            server.kind(),
            &server.url(server.maintenance_database()),
            &create,
        )
        .await
        .expect("a new database");
        Self {
            kind: server.kind(),
            url: server.url(&name),
            _folder: None,
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its address, as an operator would write it.
    pub fn url(&self) -> DatabaseUrl {
        DatabaseUrl(Secret::new(self.url.clone()))
    }

    /// Opens it as it is.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open(&self) -> Store {
        Store::open(&self.url(), Create::IfMissing)
            .await
            .expect("the database opens")
    }

    /// Opens it and brings its schema up to date.
    ///
    /// # Panics
    /// When it cannot be opened or migrated.
    pub async fn migrated(&self) -> Store {
        let store = self.open().await;
        store.migrate().await.expect("the schema is made");
        store
    }

    /// Runs SQL behind the store's back, for what only another program would do.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn execute(&self, sql: &str) {
        execute_on(self.kind, &self.url, sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Reads one number behind the store's back.
    ///
    /// # Panics
    /// When the database refuses, or answers with no number.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        let read = match self.kind {
            Kind::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(&self.url)
                    .await
                    .expect("open");
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
            Kind::Postgres => {
                let mut connection = sqlx::PgConnection::connect(&self.url).await.expect("open");
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
            Kind::MariaDb => {
                let mut connection = sqlx::MySqlConnection::connect(&self.url)
                    .await
                    .expect("open");
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
        };
        read.expect("a number")
    }
}

async fn execute_on(kind: Kind, url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match kind {
        Kind::Sqlite => {
            let url = format!("{url}?mode=rwc");
            let mut connection = sqlx::SqliteConnection::connect(&url).await?;
            connection.execute(sql).await?;
            connection.close().await
        }
        Kind::Postgres => {
            let mut connection = sqlx::PgConnection::connect(url).await?;
            connection.execute(sql).await?;
            connection.close().await
        }
        Kind::MariaDb => {
            let mut connection = sqlx::MySqlConnection::connect(url).await?;
            connection.execute(sql).await?;
            connection.close().await
        }
    }
}
