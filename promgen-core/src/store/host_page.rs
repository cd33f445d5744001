//! Hosts over all farms: a machine that is in several is one of them here.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::host;
use super::rows;
use super::{Listed, Slice, StoreError, Tx, Visible, page};
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
            .order_by_asc(host::Column::Name)
            .offset(slice.offset)
            .limit(slice.limit.min(Slice::ALL.limit))
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
}
