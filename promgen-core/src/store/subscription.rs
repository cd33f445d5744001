//! Subscriptions: senders of services and projects that reach people by whatever they chose.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{filter, sender};
use super::rows;
use super::{StoreError, Tx};
use crate::model::{Sender, SenderOwner, UserId};

impl Tx {
    /// The senders of a driver whose value is the id of one of these users, sorted by id, with their
    /// filters.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_subscriptions(
        &self,
        driver: &str,
        users: &[UserId],
    ) -> Result<Vec<Sender>, StoreError> {
        let mut found = Vec::new();
        for chunk in users.chunks(rows::CHUNK_ROWS) {
            let values = chunk.iter().map(ToString::to_string);
            let theirs = Condition::all()
                .add(sender::Column::Driver.eq(driver))
                .add(sender::Column::Value.is_in(values));
            found.extend(self.senders(theirs).await?);
        }
        found.sort_by_key(|sender| sender.id);
        Ok(found)
    }

    /// The senders of an owner, sorted by id, with their filters.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_senders_of(&self, owner: SenderOwner) -> Result<Vec<Sender>, StoreError> {
        let theirs = Condition::all()
            .add(sender::Column::OwnerType.eq(owner.kind()))
            .add(sender::Column::OwnerId.eq(owner.id()));
        self.senders(theirs).await
    }

    /// The senders that a user added, sorted by id, with their filters.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_senders_added_by(&self, user: UserId) -> Result<Vec<Sender>, StoreError> {
        self.senders(Condition::all().add(sender::Column::AddedBy.eq(user)))
            .await
    }

    async fn senders(&self, condition: Condition) -> Result<Vec<Sender>, StoreError> {
        let mut senders: Vec<Sender> = rows::list_where(self, condition).await?;
        for chunk in senders.chunks_mut(rows::CHUNK_ROWS) {
            let rows = filter::Entity::find()
                .filter(filter::Column::Sender.is_in(chunk.iter().map(|sender| sender.id)))
                .order_by_asc(filter::Column::Id)
                .all(self.connection())
                .await?;
            for row in rows {
                if let Some(sender) = chunk.iter_mut().find(|sender| sender.id == row.sender) {
                    sender.filters.push(super::sender::filter_of(row));
                }
            }
        }
        Ok(senders)
    }
}
