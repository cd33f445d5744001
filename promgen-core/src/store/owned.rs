//! How many rules and senders owners have.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::entity::{rule, sender};
use super::{StoreError, Tx, rows};
use crate::model::{RuleOwner, SenderOwner};

impl Tx {
    /// How many rules each of these owners has, in their order. They are those of one page: all go
    /// into one statement.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_rules_of(&self, owners: &[RuleOwner]) -> Result<Vec<u64>, StoreError> {
        let owners = owners.iter().map(|owner| (owner.kind(), owner.id()));
        let columns = Columns {
            kind: rule::Column::OwnerType,
            owner: rule::Column::OwnerId,
            id: rule::Column::Id,
        };
        count::<rule::Entity>(self, columns, owners.collect()).await
    }

    /// As [`Tx::count_rules_of`], of senders.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_senders_of(&self, owners: &[SenderOwner]) -> Result<Vec<u64>, StoreError> {
        let owners = owners.iter().map(|owner| (owner.kind(), owner.id()));
        let columns = Columns {
            kind: sender::Column::OwnerType,
            owner: sender::Column::OwnerId,
            id: sender::Column::Id,
        };
        count::<sender::Entity>(self, columns, owners.collect()).await
    }
}

struct Columns<C> {
    kind: C,
    owner: C,
    id: C,
}

async fn count<E: EntityTrait>(
    tx: &Tx,
    columns: Columns<E::Column>,
    owners: Vec<(&'static str, i32)>,
) -> Result<Vec<u64>, StoreError> {
    let Columns { kind, owner, id } = columns;
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let mut any = Condition::any();
    for (word, ids) in rows::by_kind(owners.iter().copied()) {
        any = any.add(Condition::all().add(kind.eq(word)).add(owner.is_in(ids)));
    }
    let counts: Vec<(String, i32, i64)> = E::find()
        .select_only()
        .column(kind)
        .column(owner)
        .column_as(id.count(), "owned")
        .filter(any)
        .group_by(kind)
        .group_by(owner)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let counts: BTreeMap<(String, i32), i64> = counts
        .into_iter()
        .map(|(kind, id, count)| ((kind, id), count))
        .collect();
    let of = |(kind, id): (&str, i32)| {
        let count = counts.get(&(kind.to_owned(), id)).copied();
        count
            .and_then(|count| u64::try_from(count).ok())
            .unwrap_or(0)
    };
    Ok(owners.into_iter().map(of).collect())
}
