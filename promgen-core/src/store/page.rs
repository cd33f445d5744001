//! Lists in pages: how many there are, and a slice of them.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, DbBackend, EntityTrait, IntoSimpleExpr as _,
    Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::rows::Stored;
use super::{StoreError, Tx};

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// How many are left out before it.
    pub offset: u64,
    /// Most that it holds.
    pub limit: u64,
}

impl Slice {
    /// The whole list.
    pub const ALL: Self = Self {
        offset: 0,
        limit: i64::MAX.cast_unsigned(),
    };
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// How many the whole list has.
    pub count: u64,
    /// Those that were asked for.
    pub items: Vec<T>,
}

impl<T> Listed<T> {
    /// Cuts a list that is in memory.
    pub fn cut(all: Vec<T>, slice: Slice) -> Self {
        let at = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Self {
            count: all.len() as u64,
            items: all
                .into_iter()
                .skip(at(slice.offset))
                .take(at(slice.limit))
                .collect(),
        }
    }

    /// The same part with its items as something else; one that is nothing is left out.
    pub fn filter_map<U>(self, each: impl FnMut(T) -> Option<U>) -> Listed<U> {
        Listed {
            count: self.count,
            items: self.items.into_iter().filter_map(each).collect(),
        }
    }

    /// The same part with its items as something else.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            count: self.count,
            items: self.items.into_iter().map(each).collect(),
        }
    }
}

/// A slice of the objects that a condition leaves, in two queries. `order` is followed by the
/// identity, so that pages neither overlap nor leave a gap; [`newest`] goes by that alone.
pub(super) async fn page<T: Stored>(
    tx: &Tx,
    condition: Condition,
    order: &[(<T::Table as EntityTrait>::Column, Order)],
    slice: Slice,
) -> Result<Listed<T>, StoreError>
where
    <T::Table as EntityTrait>::Model: Sync,
{
    let order = order
        .iter()
        .map(|(column, direction)| (column.into_simple_expr(), direction.clone()));
    page_by(tx, condition, order.collect(), slice).await
}

/// As [`page`], in the order of expressions.
pub(super) async fn page_by<T: Stored>(
    tx: &Tx,
    condition: Condition,
    order: Vec<(SimpleExpr, Order)>,
    slice: Slice,
) -> Result<Listed<T>, StoreError>
where
    <T::Table as EntityTrait>::Model: Sync,
{
    let mut ordered = T::Table::find().filter(condition);
    for (expression, direction) in order {
        ordered = ordered.order_by(expression, direction);
    }
    page_of(tx, ordered, slice).await
}

/// As [`page`], the one that was made last first.
pub(super) async fn newest<T: Stored>(
    tx: &Tx,
    condition: Condition,
    slice: Slice,
) -> Result<Listed<T>, StoreError>
where
    <T::Table as EntityTrait>::Model: Sync,
{
    let ordered = T::Table::find().filter(condition).order_by_desc(T::ID);
    cut(tx, ordered, slice).await
}

/// As [`page`], of objects that are chosen and ordered already, but for the identity at the end.
pub(super) async fn page_of<T: Stored>(
    tx: &Tx,
    ordered: Select<T::Table>,
    slice: Slice,
) -> Result<Listed<T>, StoreError>
where
    <T::Table as EntityTrait>::Model: Sync,
{
    cut(tx, ordered.order_by_asc(T::ID), slice).await
}

async fn cut<T: Stored>(
    tx: &Tx,
    ordered: Select<T::Table>,
    slice: Slice,
) -> Result<Listed<T>, StoreError>
where
    <T::Table as EntityTrait>::Model: Sync,
{
    let count = ordered.clone().count(tx.connection()).await?;
    // Offsets come from outside, and a database has numbers that are smaller than ours.
    if slice.offset >= count {
        return Ok(Listed {
            count,
            items: Vec::new(),
        });
    }
    let rows = ordered
        // The databases count with a sign.
        .offset(Ord::min(slice.offset, Slice::ALL.limit))
        .limit(Ord::min(slice.limit, Slice::ALL.limit))
        .all(tx.connection())
        .await?;
    let items: Result<Vec<T>, StoreError> = rows.into_iter().map(T::from_row).collect();
    Ok(Listed {
        count,
        items: items?,
    })
}

/// Whether a text column holds a text, byte for byte. `LIKE` would ignore case on `SQLite`.
pub(super) fn contains<C: ColumnTrait>(tx: &Tx, column: C, text: &str) -> SimpleExpr {
    let find = match tx.connection().get_database_backend() {
        DbBackend::Postgres => "STRPOS",
        _ => "INSTR",
    };
    let position = Func::cust(find)
        .arg(Expr::col(column.as_column_ref()))
        .arg(text);
    Expr::expr(position).gt(0)
}
