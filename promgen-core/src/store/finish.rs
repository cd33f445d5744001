//! Completing attempts, many in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::sea_query::LockType;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{attempt, delivery};
use super::rows;
use super::{Finished, StoreError, Tx};
use crate::model::{Attempt, DeliveryId, DeliveryState, Timestamp};

impl Tx {
    /// Records attempts and what becomes of their deliveries, whose leases end with it.
    ///
    /// The answer has an entry per item: `false` means that its lease was lost and nothing was
    /// written for it, the attempt included. Somebody else makes that delivery.
    ///
    /// # Errors
    /// What the database says.
    pub async fn finish_attempts(
        &self,
        items: &[Finished<'_>],
        now: Timestamp,
    ) -> Result<Vec<bool>, StoreError> {
        let mut held = self.lock_pending(items).await?;
        // An item counts when its token is the row's; taking it out makes a second one too late.
        let is_held = |item: &Finished<'_>| {
            let mine = held
                .get(&item.delivery)
                .is_some_and(|token| token == item.token);
            if mine {
                held.remove(&item.delivery);
            }
            mine
        };
        let kept: Vec<bool> = items.iter().map(is_held).collect();
        let written: Vec<&Finished<'_>> = items
            .iter()
            .zip(&kept)
            .filter(|(_, kept)| **kept)
            .map(|(item, _)| item)
            .collect();
        self.settle(&written, now).await?;
        self.insert_attempts(&written).await?;
        Ok(kept)
    }

    /// As [`Tx::finish_attempts`], without asking first whose leases were lost: `false` means that
    /// one was, and that this transaction must not be committed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn finish_held_attempts(
        &self,
        items: &[Finished<'_>],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let all: Vec<&Finished<'_>> = items.iter().collect();
        if self.settle(&all, now).await? < items.len() {
            return Ok(false);
        }
        self.insert_attempts(&all).await?;
        Ok(true)
    }

    /// Locks the deliveries that are still pending under a lease; the answer has their tokens.
    async fn lock_pending(
        &self,
        items: &[Finished<'_>],
    ) -> Result<HashMap<DeliveryId, String>, StoreError> {
        let mut tokens = HashMap::new();
        for chunk in items.chunks(rows::CHUNK_ROWS) {
            let rows: Vec<(DeliveryId, String)> = delivery::Entity::find()
                .select_only()
                .columns([delivery::Column::Id, delivery::Column::LeaseToken])
                .filter(delivery::Column::Id.is_in(chunk.iter().map(|item| item.delivery)))
                .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
                .filter(delivery::Column::LeaseToken.is_not_null())
                // One order for everybody, so that two workers cannot lock each other out.
                .order_by_asc(delivery::Column::Id)
                .lock(LockType::Update)
                .into_tuple()
                .all(self.connection())
                .await?;
            tokens.extend(rows);
        }
        Ok(tokens)
    }

    /// Writes the new states of those whose leases hold: one statement for all deliveries that end
    /// alike. The answer is how many there were.
    async fn settle(&self, items: &[&Finished<'_>], now: Timestamp) -> Result<usize, StoreError> {
        let mut alike: BTreeMap<(DeliveryState, Timestamp), Vec<&Finished<'_>>> = BTreeMap::new();
        let mut settled = 0_u64;
        for item in items {
            // When a finished delivery would have been due next matters to nobody.
            let due = if item.state.is_terminal() {
                now
            } else {
                item.due
            };
            alike.entry((item.state, due)).or_default().push(item);
        }
        for ((state, due), items) in alike {
            for chunk in items.chunks(rows::CHUNK_ROWS) {
                let tokens: BTreeSet<&str> = chunk.iter().map(|item| item.token).collect();
                let row = delivery::ActiveModel {
                    state: ActiveValue::Set(state.as_str().to_owned()),
                    due: ActiveValue::Set(due),
                    finished: ActiveValue::Set(state.is_terminal().then_some(now)),
                    lease_token: ActiveValue::Set(None),
                    lease_until: ActiveValue::Set(Timestamp(0)),
                    ..Default::default()
                };
                let done = delivery::Entity::update_many()
                    .set(row)
                    .filter(delivery::Column::Id.is_in(chunk.iter().map(|item| item.delivery)))
                    .filter(delivery::Column::LeaseToken.is_in(tokens))
                    .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
                    .exec(self.connection())
                    .await?;
                settled += done.rows_affected;
            }
        }
        Ok(usize::try_from(settled).unwrap_or(usize::MAX))
    }

    async fn insert_attempts(&self, items: &[&Finished<'_>]) -> Result<(), StoreError> {
        for chunk in items.chunks(rows::CHUNK_ROWS) {
            let rows = chunk
                .iter()
                .map(|item| attempt_row(item.delivery, &item.attempt));
            attempt::Entity::insert_many(rows)
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }
}

fn attempt_row(delivery: DeliveryId, attempt: &Attempt) -> attempt::ActiveModel {
    attempt::ActiveModel {
        id: ActiveValue::NotSet,
        delivery: ActiveValue::Set(delivery),
        number: ActiveValue::Set(rows::counter(attempt.number)),
        started: ActiveValue::Set(attempt.started),
        took_ms: ActiveValue::Set(attempt.took_ms.into()),
        outcome: ActiveValue::Set(attempt.outcome.as_str().to_owned()),
        message: ActiveValue::Set(rows::storable(&attempt.message)),
    }
}
