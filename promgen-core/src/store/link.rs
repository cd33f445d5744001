//! Links that are used once: found by the hash of what stands in them.

use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::one_time_link as link;
use super::{StoreError, Tx};
use crate::model::{LinkId, LinkKind, OneTimeLink, Timestamp, UserId};

impl Tx {
    /// Inserts a link; the id that it bears is ignored. `hash` is all that is kept of its secret.
    ///
    /// # Errors
    /// [`StoreError::Unique`] for a hash that exists, [`StoreError::ForeignKey`] without its user,
    /// or what the database says.
    pub async fn insert_link(
        &self,
        new: &OneTimeLink,
        hash: &[u8; 32],
    ) -> Result<LinkId, StoreError> {
        let row = link::ActiveModel {
            id: ActiveValue::NotSet,
            kind: ActiveValue::Set(new.kind.as_str().to_owned()),
            user: ActiveValue::Set(new.user),
            hash: ActiveValue::Set(hex::encode(hash)),
            state: ActiveValue::Set(new.state.clone()),
            created: ActiveValue::Set(new.created),
            expires: ActiveValue::Set(new.expires),
        };
        let inserted = link::Entity::insert(row).exec(self.connection()).await?;
        Ok(inserted.last_insert_id)
    }

    /// The link of that kind and hash. Whether it may still be used is for the caller to say.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_link(
        &self,
        kind: LinkKind,
        hash: &[u8; 32],
    ) -> Result<Option<OneTimeLink>, StoreError> {
        let row = link::Entity::find()
            .filter(link::Column::Hash.eq(hex::encode(hash)))
            .filter(link::Column::Kind.eq(kind.as_str()))
            .one(self.connection())
            .await?;
        Ok(row.map(|row| OneTimeLink {
            id: row.id,
            kind,
            user: row.user,
            state: row.state,
            created: row.created,
            expires: row.expires,
        }))
    }

    /// How many links of a user there are that have not ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_links_of(&self, user: UserId, now: Timestamp) -> Result<u64, StoreError> {
        let count = link::Entity::find()
            .filter(link::Column::User.eq(user))
            .filter(link::Column::Expires.gt(now))
            .count(self.connection())
            .await?;
        Ok(count)
    }

    /// Deletes a link; answers whether there was one. Of several who try at once, one is told so.
    ///
    /// # Errors
    /// What the database says.
    pub async fn use_link(&self, id: LinkId) -> Result<bool, StoreError> {
        let one = Condition::all().add(link::Column::Id.eq(id));
        Ok(self.delete_links(one).await? > 0)
    }

    /// Deletes the links of a user.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_links_of(&self, user: UserId) -> Result<(), StoreError> {
        self.delete_links(Condition::all().add(link::Column::User.eq(user)))
            .await?;
        Ok(())
    }

    /// Deletes all links of a kind.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_links_for(&self, kind: LinkKind) -> Result<(), StoreError> {
        self.delete_links(Condition::all().add(link::Column::Kind.eq(kind.as_str())))
            .await?;
        Ok(())
    }

    /// Deletes at most so many links that have ended; answers how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_ended_links(&self, now: Timestamp, most: u64) -> Result<u64, StoreError> {
        let ids: Vec<LinkId> = link::Entity::find()
            .select_only()
            .column(link::Column::Id)
            .filter(link::Column::Expires.lte(now))
            .order_by_asc(link::Column::Id)
            .limit(most)
            .into_tuple()
            .all(self.connection())
            .await?;
        if ids.is_empty() {
            return Ok(0);
        }
        self.delete_links(Condition::all().add(link::Column::Id.is_in(ids)))
            .await
    }

    async fn delete_links(&self, which: Condition) -> Result<u64, StoreError> {
        let done = link::Entity::delete_many()
            .filter(which)
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected)
    }
}
