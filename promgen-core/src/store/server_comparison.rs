//! What the next deployment changes on servers, for pages of processes that cannot see their files.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter};

use super::entity::server_comparison as table;
use super::{StoreError, Tx, rows};
use crate::model::ServerId;

impl Tx {
    /// What was found on a server last, as [`save_server_comparison`](Self::save_server_comparison)
    /// got it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_server_comparison(
        &self,
        server: ServerId,
    ) -> Result<Option<String>, StoreError> {
        let found = table::Entity::find().filter(table::Column::Server.eq(server));
        let row = found.one(self.connection()).await?;
        Ok(row.map(|row| row.found))
    }

    /// Keeps what was found on a server in the place of what was found before.
    ///
    /// # Errors
    /// [`StoreError::ForeignKey`] when the server is gone, or what the database says.
    pub async fn save_server_comparison(
        &self,
        server: ServerId,
        found: &str,
    ) -> Result<(), StoreError> {
        let row = table::ActiveModel {
            id: ActiveValue::NotSet,
            server: ActiveValue::Set(server),
            found: ActiveValue::Set(rows::storable(found)),
        };
        let replace = OnConflict::column(table::Column::Server)
            .update_column(table::Column::Found)
            .to_owned();
        table::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }
}
