//! Rows and what they stand for: the few statements that every kind of object needs.

use std::collections::BTreeMap;
use std::pin::pin;

use futures_util::{Stream, TryStreamExt as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait,
    IntoActiveModel, PrimaryKeyTrait, QueryFilter, QueryOrder, Value,
};

use super::{StoreError, Tx};

/// Most rows in one statement. With at most 16 columns it stays below the 32,766 parameters that
/// `SQLite` takes (`PostgreSQL` and `MariaDB` take 65,535), and more rows gain little.
pub(super) const CHUNK_ROWS: usize = 1000;

/// A type of the model that is kept in a table of its own.
pub(super) trait Stored: Sized {
    /// The table.
    type Table: EntityTrait<
            PrimaryKey: PrimaryKeyTrait<ValueType = Self::Id>,
            Model: IntoActiveModel<Self::Row>,
        >;
    /// A row as it is written.
    type Row: ActiveModelTrait<Entity = Self::Table> + Send;
    /// The identity.
    type Id: Copy + Into<Value>;
    /// The table's name, for messages.
    const TABLE: &'static str;
    /// The column of the identity.
    const ID: <Self::Table as EntityTrait>::Column;

    /// The object's identity.
    fn id(&self) -> Self::Id;
    /// All columns but the identity.
    fn to_row(&self) -> Self::Row;
    /// Reads a row.
    fn from_row(row: <Self::Table as EntityTrait>::Model) -> Result<Self, StoreError>;
}

/// Inserts an object; the database gives the identity.
pub(super) async fn insert<T: Stored>(tx: &Tx, object: &T) -> Result<T::Id, StoreError> {
    let inserted = T::Table::insert(object.to_row())
        .exec(tx.connection())
        .await?;
    Ok(inserted.last_insert_id)
}

/// Inserts rows of a table whose identities the database gives, and answers those in the order of
/// the rows.
///
/// A database counts upwards while it goes through the rows of a statement. `PostgreSQL` tells all
/// identities. `MySQL` tells the first one, and the others follow at its step, for it knows
/// beforehand how many rows there are; `SQLite`, which has one writer at a time, tells the last.
pub(super) async fn insert_for_ids<E, A>(tx: &Tx, rows: Vec<A>) -> Result<Vec<i64>, StoreError>
where
    E: EntityTrait<Model: IntoActiveModel<A>>,
    A: ActiveModelTrait<Entity = E> + Send,
    <E::PrimaryKey as PrimaryKeyTrait>::ValueType: Into<Value>,
{
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(Vec::new());
    }
    let insert = E::insert_many(rows);
    if tx.connection().get_database_backend() == DbBackend::Postgres {
        let keys = insert.exec_with_returning_keys(tx.connection()).await?;
        let mut ids: Vec<i64> = keys.into_iter().map(number).collect();
        ids.sort_unstable();
        return Ok(ids);
    }
    let inserted = insert.exec(tx.connection()).await?;
    let told = inserted.last_insert_id.map(number).unwrap_or_default();
    let first = match tx.connection().get_database_backend() {
        DbBackend::Sqlite => told - (count - 1),
        _ => told,
    };
    Ok((0..count).map(|at| first + at * tx.id_step()).collect())
}

/// Writes all columns of an object that exists.
pub(super) async fn update<T: Stored>(tx: &Tx, object: &T) -> Result<(), StoreError> {
    let done = T::Table::update_many()
        .set(object.to_row())
        .filter(T::ID.eq(object.id()))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(missing::<T>(object.id()));
    }
    Ok(())
}

/// Deletes an object; one that does not exist is deleted already.
pub(super) async fn delete<T: Stored>(tx: &Tx, id: T::Id) -> Result<(), StoreError> {
    T::Table::delete_many()
        .filter(T::ID.eq(id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// All objects, sorted by identity.
pub(super) async fn list<T: Stored>(tx: &Tx) -> Result<Vec<T>, StoreError> {
    let rows = T::Table::find().order_by_asc(T::ID);
    gather(rows.stream(tx.connection()).await?, T::from_row).await
}

/// What is made of rows. They are taken one at a time: all rows of a large table at once are several
/// times as large as what is made of them.
pub(super) async fn gather<R, T>(
    rows: impl Stream<Item = Result<R, DbErr>>,
    mut make: impl FnMut(R) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut rows = pin!(rows);
    let mut all = Vec::new();
    while let Some(row) = rows.try_next().await? {
        all.push(make(row)?);
    }
    Ok(all)
}

/// The objects that a condition leaves, sorted by identity.
pub(super) async fn list_where<T: Stored>(
    tx: &Tx,
    condition: Condition,
) -> Result<Vec<T>, StoreError> {
    let rows = T::Table::find()
        .filter(condition)
        .order_by_asc(T::ID)
        .all(tx.connection())
        .await?;
    rows.into_iter().map(T::from_row).collect()
}

/// The objects whose column holds one of many values, sorted by identity.
pub(super) async fn list_in<T: Stored, V>(
    tx: &Tx,
    column: <T::Table as EntityTrait>::Column,
    values: &[V],
) -> Result<Vec<T>, StoreError>
where
    V: Copy + Into<Value>,
{
    let mut found: Vec<T> = Vec::new();
    for chunk in values.chunks(CHUNK_ROWS) {
        let one_of = column.is_in(chunk.iter().copied());
        found.extend(list_where(tx, Condition::all().add(one_of)).await?);
    }
    found.sort_by_key(|object| number(object.id()));
    Ok(found)
}

/// The object that a condition singles out; of several the one that was made first.
pub(super) async fn find<T: Stored>(
    tx: &Tx,
    condition: Condition,
) -> Result<Option<T>, StoreError> {
    let row = T::Table::find()
        .filter(condition)
        .order_by_asc(T::ID)
        .one(tx.connection())
        .await?;
    row.map(T::from_row).transpose()
}

/// The object of an identity.
pub(super) async fn find_id<T: Stored>(tx: &Tx, id: T::Id) -> Result<Option<T>, StoreError> {
    find(tx, Condition::all().add(T::ID.eq(id))).await
}

fn missing<T: Stored>(id: T::Id) -> StoreError {
    StoreError::Inconsistent {
        table: T::TABLE,
        column: "id",
        id: number(id),
    }
}

/// An identity as a number, for messages.
pub(super) fn number(id: impl Into<Value>) -> i64 {
    match id.into() {
        Value::Int(Some(id)) => id.into(),
        Value::BigInt(Some(id)) => id,
        _ => 0,
    }
}

/// Owners grouped by their type, for conditions of the form `type = ? AND id IN (…)`: a long
/// chain of ORs is deeper than `SQLite` allows.
pub(super) fn by_kind(
    owners: impl Iterator<Item = (&'static str, i32)>,
) -> BTreeMap<&'static str, Vec<i32>> {
    let mut grouped: BTreeMap<&'static str, Vec<i32>> = BTreeMap::new();
    for (kind, id) in owners {
        grouped.entry(kind).or_default().push(id);
    }
    grouped
}

/// A map of texts as JSON.
pub(super) fn map_to_text(map: &BTreeMap<String, String>) -> String {
    // A map with string keys and values always serialises.
    serde_json::to_string(map).unwrap_or_default()
}

/// A map of texts from JSON; the caller says where it stands.
pub(super) fn map_from_text(
    text: &str,
    broken: impl FnOnce() -> StoreError,
) -> Result<BTreeMap<String, String>, StoreError> {
    serde_json::from_str(text).map_err(|_| broken())
}

/// A text that every database keeps: `PostgreSQL` refuses NUL.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A number from a column that is wider than it.
pub(super) fn narrow<N, W>(wide: W, broken: impl FnOnce() -> StoreError) -> Result<N, StoreError>
where
    N: TryFrom<W>,
{
    N::try_from(wide).map_err(|_| broken())
}

/// A counter for a column that has a sign; what does not fit is the largest that does.
pub(super) fn counter(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
