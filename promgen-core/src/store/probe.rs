//! Probes and URLs.

use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, PaginatorTrait as _, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::{probe, url};
use super::rows::{self, Stored};
use super::{Listed, NameKey, Slice, Sort, StoreError, Tx, page};
use crate::model::{Probe, ProbeId, Url, UrlId};

impl Stored for Probe {
    type Table = probe::Entity;
    type Row = probe::ActiveModel;
    type Id = ProbeId;
    const TABLE: &'static str = "probe";
    const ID: probe::Column = probe::Column::Id;

    fn id(&self) -> ProbeId {
        self.id
    }

    fn to_row(&self) -> probe::ActiveModel {
        probe::ActiveModel {
            id: ActiveValue::NotSet,
            module: ActiveValue::Set(self.module.clone()),
            description: ActiveValue::Set(self.description.clone()),
        }
    }

    fn from_row(row: probe::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            module: row.module,
            description: row.description,
        })
    }
}

impl Stored for Url {
    type Table = url::Entity;
    type Row = url::ActiveModel;
    type Id = UrlId;
    const TABLE: &'static str = "url";
    const ID: url::Column = url::Column::Id;

    fn id(&self) -> UrlId {
        self.id
    }

    fn to_row(&self) -> url::ActiveModel {
        url::ActiveModel {
            id: ActiveValue::NotSet,
            url: ActiveValue::Set(self.url.clone()),
            project: ActiveValue::Set(self.project),
            probe: ActiveValue::Set(self.probe),
        }
    }

    fn from_row(row: url::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            url: row.url,
            project: row.project,
            probe: row.probe,
        })
    }
}

impl Tx {
    /// The probe of that module name, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_probe(&self, module: &str) -> Result<Option<Probe>, StoreError> {
        rows::find(self, Condition::all().add(probe::Column::Module.eq(module))).await
    }

    /// All probes, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_probes(&self) -> Result<Vec<Probe>, StoreError> {
        rows::list(self).await
    }

    /// The probe of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_probe(&self, id: ProbeId) -> Result<Option<Probe>, StoreError> {
        rows::find_id(self, id).await
    }

    /// A slice of the probes whose module holds a text, by module.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_probes(
        &self,
        module: Option<&str>,
        sort: Sort<NameKey>,
        slice: Slice,
    ) -> Result<Listed<Probe>, StoreError> {
        let named = module.map(|text| page::contains(self, probe::Column::Module, text));
        let order = [(probe::Column::Module, sort.order())];
        page::page(self, Condition::all().add_option(named), &order, slice).await
    }

    /// How many URLs a probe has.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_urls_of(&self, probe: ProbeId) -> Result<u64, StoreError> {
        let urls = url::Entity::find().filter(url::Column::Probe.eq(probe));
        Ok(urls.count(self.connection()).await?)
    }

    /// All URLs, sorted by id. There are many, so no row is built for them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_urls(&self) -> Result<Vec<Url>, StoreError> {
        let columns = [
            url::Column::Id,
            url::Column::Url,
            url::Column::Project,
            url::Column::Probe,
        ];
        let rows = url::Entity::find()
            .select_only()
            .columns(columns)
            .order_by_asc(url::Column::Id)
            .into_tuple()
            .stream(self.connection())
            .await?;
        let url = |(id, url, project, probe)| {
            Ok(Url {
                id,
                url,
                project,
                probe,
            })
        };
        rows::gather(rows, url).await
    }
}
