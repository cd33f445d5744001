//! The site, and the revision of everything.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::entity::{revision, site};
use super::service::{self, GroupColumns};
use super::{Store, StoreError, Tx};
use crate::model::Site;

/// The one row of the tables `site` and `revision`.
pub(super) const ONLY: i32 = 1;

impl Store {
    /// The revision of this moment. A single statement, for who looks again and again.
    ///
    /// # Errors
    /// As for [`Tx::revision`].
    pub async fn revision(&self) -> Result<i64, StoreError> {
        read_revision(self.reader()).await
    }
}

impl Tx {
    /// The revision that this transaction sees: how many changes were ever committed.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the row is gone, or what the database says.
    pub async fn revision(&self) -> Result<i64, StoreError> {
        read_revision(self.connection()).await
    }

    /// Counts the revision up and returns the new one.
    ///
    /// Until this transaction ends, other writers wait at their own call: whoever has to judge the
    /// whole tree before a commit calls this first, and nobody changes it under their eyes.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the row is gone, or what the database says.
    pub async fn bump_revision(&self) -> Result<i64, StoreError> {
        revision::Entity::update_many()
            .col_expr(
                revision::Column::Value,
                Expr::col(revision::Column::Value).add(1),
            )
            .filter(revision::Column::Id.eq(ONLY))
            .exec(self.connection())
            .await?;
        self.revision().await
    }

    /// The site.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the row is gone, or what the database says.
    pub async fn load_site(&self) -> Result<Site, StoreError> {
        let row = site::Entity::find_by_id(ONLY)
            .one(self.connection())
            .await?;
        let row = row.ok_or_else(|| lost("site"))?;
        let columns = GroupColumns {
            interval: row.group_interval,
            limit: row.group_limit,
            query_offset: row.group_query_offset,
        };
        Ok(Site {
            domain: row.domain,
            name: row.name,
            group: service::group_options(columns, "site", ONLY.into())?,
        })
    }

    /// Writes all fields of the site.
    ///
    /// # Errors
    /// What the database says.
    pub async fn update_site(&self, site: &Site) -> Result<(), StoreError> {
        let group = GroupColumns::from(&site.group);
        let row = site::ActiveModel {
            id: ActiveValue::NotSet,
            domain: ActiveValue::Set(site.domain.clone()),
            name: ActiveValue::Set(site.name.clone()),
            group_interval: ActiveValue::Set(group.interval),
            group_limit: ActiveValue::Set(group.limit),
            group_query_offset: ActiveValue::Set(group.query_offset),
        };
        site::Entity::update_many()
            .set(row)
            .filter(site::Column::Id.eq(ONLY))
            .exec(self.connection())
            .await?;
        Ok(())
    }
}

async fn read_revision(connection: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let row = revision::Entity::find_by_id(ONLY).one(connection).await?;
    row.map(|row| row.value).ok_or_else(no_revision)
}

pub(super) fn no_revision() -> StoreError {
    lost("revision")
}

fn lost(table: &'static str) -> StoreError {
    StoreError::Inconsistent {
        table,
        column: "id",
        id: ONLY.into(),
    }
}
