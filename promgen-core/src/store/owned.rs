//! How many senders owners have.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::entity::sender;
use super::{StoreError, Tx, rows};
use crate::model::SenderOwner;

impl Tx {
    /// How many senders each of these owners has; those without any are not in it. They are the owners
    /// of one page: all go into one statement.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_senders_of(
        &self,
        owners: &[SenderOwner],
    ) -> Result<BTreeMap<SenderOwner, u64>, StoreError> {
        if owners.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut any = Condition::any();
        for (kind, ids) in rows::by_kind(owners.iter().map(|one| (one.kind(), one.id()))) {
            let all = Condition::all().add(sender::Column::OwnerType.eq(kind));
            any = any.add(all.add(sender::Column::OwnerId.is_in(ids)));
        }
        let counts: Vec<(String, i32, i64)> = sender::Entity::find()
            .select_only()
            .column(sender::Column::OwnerType)
            .column(sender::Column::OwnerId)
            .column_as(sender::Column::Id.count(), "senders")
            .filter(any)
            .group_by(sender::Column::OwnerType)
            .group_by(sender::Column::OwnerId)
            .into_tuple()
            .all(self.connection())
            .await?;
        let of = |(kind, id, count): &(String, i32, i64)| {
            let own = owners
                .iter()
                .find(|one| one.kind() == kind && one.id() == *id);
            own.map(|owner| (*owner, count.unsigned_abs()))
        };
        Ok(counts.iter().filter_map(of).collect())
    }
}
