//! Farms and hosts in lists, with the projects that they serve.

use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr as _, Order};

use super::entity::{farm, host};
use super::rows;
use super::{FarmKey, Listed, NameKey, Part, Slice, Sort, StoreError, Tx, Visible, page, sort};
use crate::model::{Farm, FarmId, Host, HostId};

/// What a list of farms is cut to, besides what one may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FarmFilter<'a> {
    /// Those whose name holds this text.
    pub name: Option<&'a str>,
    /// Those of this source.
    pub source: Option<&'a str>,
}

impl Tx {
    /// A slice of the visible farms.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_farms(
        &self,
        visible: &Visible,
        filter: FarmFilter<'_>,
        sort: Sort<FarmKey>,
        slice: Slice,
    ) -> Result<Listed<Farm>, StoreError> {
        let named = filter
            .name
            .map(|name| page::contains(self, farm::Column::Name, name));
        let condition = visible
            .farms()
            .add_option(named)
            .add_option(filter.source.map(|source| farm::Column::Source.eq(source)));
        let key = match sort.key {
            FarmKey::Name => farm::Column::Name.into_simple_expr(),
            FarmKey::Source => farm::Column::Source.into_simple_expr(),
            FarmKey::Hosts => sort::hosts_of(farm::Column::Id),
        };
        let order = vec![
            (key, sort.order()),
            (farm::Column::Name.into_simple_expr(), Order::Asc),
        ];
        page::page_by(self, condition, order, slice).await
    }

    /// The farms of these ids, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_farms_by_id(&self, ids: &[FarmId]) -> Result<Vec<Farm>, StoreError> {
        rows::list_in(self, farm::Column::Id, ids).await
    }

    /// A slice of the hosts of a farm, by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_hosts(
        &self,
        farm: FarmId,
        part: impl Into<Part<NameKey>>,
    ) -> Result<Listed<Host>, StoreError> {
        let Part { sort, slice } = part.into();
        let own = Condition::all().add(host::Column::Farm.eq(farm));
        page::page(self, own, &[(host::Column::Name, sort.order())], slice).await
    }

    /// The host of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_host(&self, id: HostId) -> Result<Option<Host>, StoreError> {
        rows::find_id(self, id).await
    }

    /// The hosts of that name, byte for byte, in all farms, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_hosts_named(&self, name: &str) -> Result<Vec<Host>, StoreError> {
        rows::list_where(self, Condition::all().add(host::Column::Name.eq(name))).await
    }
}
