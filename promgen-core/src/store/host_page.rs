//! Hosts over all farms: a machine that is in several is one of them here.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query, SelectStatement, WindowStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, EntityTrait, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::entity::host;
use super::rows;
use super::{Listed, NameKey, Slice, Sort, StoreError, Tx, Visible, page};
use crate::model::{FarmId, Host};

impl Tx {
    /// A slice of the names of hosts of visible farms, each once, by bytes; with a text, those that
    /// hold it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_host_names(
        &self,
        visible: &Visible,
        text: Option<&str>,
        sort: Sort<NameKey>,
        slice: Slice,
    ) -> Result<Listed<String>, StoreError> {
        let holding = text.map(|text| page::contains(self, host::Column::Name, text));
        let names = host::Entity::find()
            .select_only()
            .column(host::Column::Name)
            .distinct()
            .filter(visible.hosts().add_option(holding));
        let count = names.clone().count(self.connection()).await?;
        if slice.offset >= count {
            let items = Vec::new();
            return Ok(Listed { count, items });
        }
        let items = names
            .order_by(host::Column::Name, sort.order())
            .offset(slice.offset)
            .limit(Ord::min(slice.limit, Slice::ALL.limit))
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(Listed { count, items })
    }

    /// The hosts of visible farms that bear one of these names, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_hosts_among(
        &self,
        visible: &Visible,
        names: &[String],
    ) -> Result<Vec<Host>, StoreError> {
        let one_of = host::Column::Name.is_in(names.iter().map(String::as_str));
        rows::list_where(self, visible.hosts().add(one_of)).await
    }

    /// How many hosts these farms have. A farm without hosts is not in it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_hosts_of(
        &self,
        farms: &[FarmId],
    ) -> Result<BTreeMap<FarmId, u64>, StoreError> {
        let own = Condition::all().add(host::Column::Farm.is_in(farms.iter().copied()));
        let counts = self.count_by(host::Entity, host::Column::Farm, own).await?;
        let counts = counts.into_iter().map(|(id, count)| (FarmId(id), count));
        Ok(counts.collect())
    }

    /// Names of the first so many hosts of each of some farms, by bytes.
    ///
    /// # Errors
    /// What the database says.
    pub async fn first_hosts_of(
        &self,
        farms: &[FarmId],
        most: i64,
    ) -> Result<BTreeMap<FarmId, Vec<String>>, StoreError> {
        let mut first: BTreeMap<FarmId, Vec<String>> = BTreeMap::new();
        for row in self.connection().query_all(&numbered(farms, most)).await? {
            let names = first.entry(row.try_get_by_index(0)?).or_default();
            names.push(row.try_get_by_index(1)?);
        }
        Ok(first)
    }
}

/// Farms and names, of the first hosts of each farm.
fn numbered(farms: &[FarmId], most: i64) -> SelectStatement {
    let mut by_name = WindowStatement::partition_by(host::Column::Farm);
    by_name.order_by(host::Column::Name, Order::Asc);
    let numbered = Query::select()
        .column(host::Column::Farm)
        .column(host::Column::Name)
        .expr_window_as(Func::cust("ROW_NUMBER"), by_name, "place")
        .from(host::Entity)
        .and_where(host::Column::Farm.is_in(farms.iter().copied()))
        .to_owned();
    Query::select()
        .column("farm")
        .column("name")
        .from_subquery(numbered, "numbered")
        .and_where(Expr::col("place").lte(most))
        .order_by("farm", Order::Asc)
        .order_by("name", Order::Asc)
        .to_owned()
}
