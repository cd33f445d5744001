//! Comparing a database with the list of steps, and applying what is missing.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};

use super::ddl::{Column, Columns, Dialect, Index, Kind, Migration, Step, Table, column};
use super::{lock, steps, usernames};
use crate::store::address::Address;
use crate::store::{Store, StoreError};

/// The table in which applied steps are recorded.
const RECORDS: Table = Table {
    name: "promgen_migration",
    columns: RECORD_COLUMNS,
    indexes: &[],
};

const RECORD_COLUMNS: &[Column] = &[column("name", Kind::NameKey)];

/// A table that every database of the original has.
const ORIGINAL_TABLE: &str = "django_migrations";

/// How a database's schema compares with this program's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schema {
    /// Nothing of Promgen is in it.
    Empty,
    /// It was made by an older version, or making it was cut short.
    Older {
        /// The steps that are missing.
        pending: Vec<String>,
    },
    /// It is what this program needs.
    Current,
    /// It was made by a newer version.
    Newer {
        /// The steps that this program does not know.
        unknown: Vec<String>,
    },
    /// It belongs to the original Promgen.
    Original,
}

impl Schema {
    /// Refuses every schema but the current one, with the error that says what to do.
    ///
    /// # Errors
    /// [`StoreError::NotMigrated`], [`StoreError::NewerSchema`], [`StoreError::OriginalDatabase`].
    pub fn require_current(self) -> Result<(), StoreError> {
        match self {
            Self::Current => Ok(()),
            Self::Empty => Err(StoreError::NotMigrated {
                pending: names(steps::ALL.iter()),
            }),
            Self::Older { pending } => Err(StoreError::NotMigrated { pending }),
            Self::Newer { unknown } => Err(StoreError::NewerSchema { unknown }),
            Self::Original => Err(StoreError::OriginalDatabase),
        }
    }
}

impl Store {
    /// How the database's schema compares with this program's.
    ///
    /// # Errors
    /// What the database says.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        let tx = self.read_tx().await?;
        let found = inspect(tx.connection()).await?;
        Ok(found.schema())
    }

    /// Brings the schema up to date and returns the names of the steps that were applied.
    ///
    /// Any number of processes may call it at once; one works, the others wait and find nothing
    /// left to do. On `SQLite` and `PostgreSQL` it is all or nothing; on `MariaDB` a call that was
    /// cut short is taken up where it ended.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`], [`StoreError::OriginalDatabase`], [`StoreError::Occupied`],
    /// [`StoreError::Busy`] when another process holds the lock for minutes, or what the database
    /// says.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        match &self.address {
            Address::Sqlite(path) => {
                let _held = lock::lock_file(path).await?;
                let tx = self.write_tx().await?;
                let applied = apply_pending(tx.connection()).await?;
                tx.commit().await?;
                Ok(applied)
            }
            Address::Postgres(_) | Address::MySql(_) => self.migrate_server().await,
        }
    }

    /// Works on a connection of its own, which is closed at the end whatever happens: locks of the
    /// session never get back into the pool.
    async fn migrate_server(&self) -> Result<Vec<String>, StoreError> {
        let lone = self.lone_connection().await?;
        let work = async {
            let tx = lone.begin().await?;
            lock::lock_server(&tx).await?;
            let applied = apply_pending(&tx).await?;
            tx.commit().await?;
            Ok(applied)
        };
        let applied = work.await;
        lone.close_by_ref().await?;
        applied
    }
}

/// What was found in a database.
struct Found {
    tables: BTreeSet<String>,
    /// Names of the steps that are recorded.
    recorded: BTreeSet<String>,
}

impl Found {
    fn schema(&self) -> Schema {
        if self.tables.contains(ORIGINAL_TABLE) {
            return Schema::Original;
        }
        let known: BTreeSet<&str> = steps::ALL.iter().map(|step| step.name).collect();
        let unknown: Vec<String> = self
            .recorded
            .iter()
            .filter(|name| !known.contains(name.as_str()))
            .cloned()
            .collect();
        if !unknown.is_empty() {
            return Schema::Newer { unknown };
        }
        let pending = names(self.pending());
        match (self.recorded.is_empty(), pending.is_empty()) {
            (true, _) => Schema::Empty,
            (false, true) => Schema::Current,
            (false, false) => Schema::Older { pending },
        }
    }

    fn pending(&self) -> impl Iterator<Item = &'static Migration> {
        steps::ALL
            .iter()
            .filter(|step| !self.recorded.contains(step.name))
    }

    /// Another program's table that stands in the way.
    fn occupied(&self) -> Option<&'static str> {
        if self.tables.contains(RECORDS.name) {
            return None;
        }
        let ours = steps::ALL
            .iter()
            .filter_map(|migration| match &migration.step {
                Step::Table(table) => Some(table.name),
                Step::Rows(_)
                | Step::Columns(_)
                | Step::Index(..)
                | Step::Unindex(..)
                | Step::Narrow { .. }
                | Step::OwnerRoles(_)
                | Step::Usernames => None,
            });
        ours.into_iter().find(|name| self.tables.contains(*name))
    }
}

fn names<'a>(migrations: impl Iterator<Item = &'a Migration>) -> Vec<String> {
    migrations
        .map(|migration| migration.name.to_owned())
        .collect()
}

async fn inspect(connection: &impl ConnectionTrait) -> Result<Found, StoreError> {
    let backend = connection.get_database_backend();
    let query = match backend {
        DbBackend::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
             WHERE table_schema = ANY(current_schemas(false))"
        }
        DbBackend::MySql => {
            "SELECT CONVERT(table_name USING utf8mb4) FROM information_schema.tables \
             WHERE table_schema = DATABASE()"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table'",
    };
    let rows = connection
        .query_all_raw(Statement::from_string(backend, query))
        .await?;
    let tables: Result<BTreeSet<String>, _> =
        rows.iter().map(|row| row.try_get_by_index(0)).collect();
    let tables = tables?;
    let mut recorded = BTreeSet::new();
    if tables.contains(RECORDS.name) {
        let query = Query::select()
            .column("name")
            .from(RECORDS.name)
            .order_by("name", Order::Asc)
            .to_owned();
        for row in connection.query_all(&query).await? {
            recorded.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(Found { tables, recorded })
}

async fn apply_pending(connection: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let found = inspect(connection).await?;
    match found.schema() {
        Schema::Current => return Ok(Vec::new()),
        refused @ (Schema::Newer { .. } | Schema::Original) => refused.require_current()?,
        Schema::Empty | Schema::Older { .. } => {}
    }
    if let Some(table) = found.occupied() {
        return Err(StoreError::Occupied {
            table: table.to_owned(),
        });
    }
    let dialect = dialect(connection).await?;
    connection.execute(&dialect.create_table(&RECORDS)).await?;
    let mut applied = Vec::new();
    for migration in found.pending() {
        apply(connection, dialect, &migration.step).await?;
        record(connection, migration.name).await?;
        applied.push(migration.name.to_owned());
    }
    Ok(applied)
}

async fn apply(
    connection: &impl ConnectionTrait,
    dialect: Dialect,
    step: &Step,
) -> Result<(), StoreError> {
    match step {
        Step::Table(table) => {
            connection.execute(&dialect.create_table(table)).await?;
            for index in table.indexes {
                add_index(connection, dialect, table.name, index).await?;
            }
        }
        Step::Index(table, index) => add_index(connection, dialect, table, index).await?,
        Step::Unindex(table, index) => drop_index(connection, dialect, table, index).await?,
        Step::Narrow { table, all, some } => {
            if dialect.backend != DbBackend::MySql {
                add_index(connection, dialect, table, some).await?;
                drop_index(connection, dialect, table, all).await?;
            }
        }
        Step::Usernames => {
            for fill in usernames::fill() {
                connection.execute(&fill).await?;
            }
        }
        Step::OwnerRoles(kind) => {
            connection.execute(&kind.raise()).await?;
            connection.execute(&kind.give()).await?;
        }
        Step::Rows(rows) => {
            let any = Query::select()
                .expr(Expr::val(1))
                .from(rows.table)
                .limit(1)
                .to_owned();
            if connection.query_one(&any).await?.is_none() {
                connection.execute(&rows.insert()).await?;
            }
        }
        Step::Columns(Columns { table, columns }) => {
            for column in *columns {
                if !has_column(connection, table, column.name).await? {
                    connection
                        .execute(&dialect.add_column(table, column))
                        .await?;
                }
            }
        }
    }
    Ok(())
}

async fn record(connection: &impl ConnectionTrait, name: &str) -> Result<(), StoreError> {
    let insert = Query::insert()
        .into_table(RECORDS.name)
        .columns(["name"])
        .values_panic([name.into()])
        .to_owned();
    connection.execute(&insert).await?;
    Ok(())
}

async fn add_index(
    connection: &impl ConnectionTrait,
    dialect: Dialect,
    table: &str,
    index: &Index,
) -> Result<(), StoreError> {
    if !has_index(connection, table, &index.name(table)).await? {
        connection
            .execute(&dialect.create_index(table, index))
            .await?;
    }
    Ok(())
}

async fn drop_index(
    connection: &impl ConnectionTrait,
    dialect: Dialect,
    table: &str,
    index: &Index,
) -> Result<(), StoreError> {
    let mysql = dialect.backend == DbBackend::MySql;
    if !mysql || has_index(connection, table, &index.name(table)).await? {
        connection
            .execute(&dialect.drop_index(table, index))
            .await?;
    }
    Ok(())
}

/// Whether an index is there already. Only `MySQL` is asked: it has no `IF NOT EXISTS` for them.
async fn has_index(
    connection: &impl ConnectionTrait,
    table: &str,
    index: &str,
) -> Result<bool, StoreError> {
    if connection.get_database_backend() != DbBackend::MySql {
        return Ok(false);
    }
    let query = Query::select()
        .expr(Expr::val(1))
        .from((Alias::new("information_schema"), Alias::new("statistics")))
        .and_where(Expr::cust("table_schema = DATABASE()"))
        .and_where(Expr::col("table_name").eq(table))
        .and_where(Expr::col("index_name").eq(index))
        .limit(1)
        .to_owned();
    Ok(connection.query_one(&query).await?.is_some())
}

/// Whether a column is there already. Only `MySQL` is asked: elsewhere a step is done as a whole or
/// not at all.
async fn has_column(
    connection: &impl ConnectionTrait,
    table: &str,
    column: &str,
) -> Result<bool, StoreError> {
    if connection.get_database_backend() != DbBackend::MySql {
        return Ok(false);
    }
    let query = Query::select()
        .expr(Expr::val(1))
        .from((Alias::new("information_schema"), Alias::new("columns")))
        .and_where(Expr::cust("table_schema = DATABASE()"))
        .and_where(Expr::col("table_name").eq(table))
        .and_where(Expr::col("column_name").eq(column))
        .limit(1)
        .to_owned();
    Ok(connection.query_one(&query).await?.is_some())
}

async fn dialect(connection: &impl ConnectionTrait) -> Result<Dialect, StoreError> {
    let backend = connection.get_database_backend();
    if backend != DbBackend::MySql {
        return Ok(Dialect {
            backend,
            collation: None,
        });
    }
    let query = Statement::from_string(backend, "SELECT CONVERT(VERSION() USING utf8mb4)");
    let row = connection.query_one_raw(query).await?;
    let version: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    let mariadb = version.is_some_and(|version| version.contains("MariaDB"));
    let collation = if mariadb {
        "utf8mb4_nopad_bin"
    } else {
        "utf8mb4_0900_bin"
    };
    Ok(Dialect {
        backend,
        collation: Some(collation),
    })
}
