//! The outbox: claiming deliveries, giving them back, looking at them.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::{attempt, delivery};
use super::rows;
use super::{Lease, StoreError, Tx};
use crate::model::{
    AlertId, Attempt, AttemptOutcome, Delivery, DeliveryId, DeliveryState, Destination, Timestamp,
};

impl Tx {
    /// Deliveries that are due, longest due first, at most `limit`, none of them to a destination of
    /// `except`. In a transaction that writes they are kept from other workers until it ends.
    ///
    /// Of one order key (driver, value, group key) only the oldest is given out, and none while
    /// another one of the key is leased.
    ///
    /// # Errors
    /// What the database says.
    pub async fn due_deliveries(
        &self,
        now: Timestamp,
        limit: u64,
        except: &[Destination],
    ) -> Result<Vec<(DeliveryId, Destination)>, StoreError> {
        let mut query = delivery::Entity::find()
            .select_only()
            .columns([
                delivery::Column::Id,
                delivery::Column::Driver,
                delivery::Column::Value,
            ])
            .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
            .filter(delivery::Column::Due.lte(now))
            .filter(delivery::Column::LeaseUntil.lte(now))
            .filter(Expr::exists(one_before_it(now)).not())
            .order_by_asc(delivery::Column::Due)
            .order_by_asc(delivery::Column::Id)
            .limit(limit);
        for (driver, values) in by_driver(except) {
            let one_of = Condition::all()
                .add(delivery::Column::Driver.eq(driver))
                .add(delivery::Column::Value.is_in(values));
            query = query.filter(one_of.not());
        }
        if self.may_write() {
            query = query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let rows: Vec<(DeliveryId, String, String)> =
            query.into_tuple().all(self.connection()).await?;
        let found = |(id, driver, value)| (id, Destination { driver, value });
        Ok(rows.into_iter().map(found).collect())
    }

    /// Whether anything is due that nobody has claimed, be it its turn or not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn has_due_deliveries(&self, now: Timestamp) -> Result<bool, StoreError> {
        let first: Option<DeliveryId> = delivery::Entity::find()
            .select_only()
            .column(delivery::Column::Id)
            .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
            .filter(delivery::Column::Due.lte(now))
            .filter(delivery::Column::LeaseUntil.lte(now))
            .limit(1)
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(first.is_some())
    }

    /// Claims deliveries that [`Tx::due_deliveries`] gave out in this transaction, and counts the
    /// attempt that is about to be made. The answer is in the order of `ids`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn claim_deliveries(
        &self,
        ids: &[DeliveryId],
        lease: &Lease,
    ) -> Result<Vec<Delivery>, StoreError> {
        let mut claimed = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(rows::CHUNK_ROWS) {
            let leased = delivery::ActiveModel {
                lease_token: ActiveValue::Set(Some(lease.token.clone())),
                lease_until: ActiveValue::Set(lease.until),
                ..Default::default()
            };
            delivery::Entity::update_many()
                .set(leased)
                .col_expr(
                    delivery::Column::Attempts,
                    Expr::col(delivery::Column::Attempts).add(1),
                )
                .filter(delivery::Column::Id.is_in(chunk.iter().copied()))
                .exec(self.connection())
                .await?;
            let rows = delivery::Entity::find()
                .filter(delivery::Column::Id.is_in(chunk.iter().copied()))
                .all(self.connection())
                .await?;
            for row in rows {
                claimed.insert(row.id, delivery_of(row)?);
            }
        }
        Ok(ids.iter().filter_map(|id| claimed.remove(id)).collect())
    }

    /// Gives back deliveries that were claimed but not begun: they are due again, and the attempt
    /// does not count. Those whose lease was lost are left alone.
    ///
    /// # Errors
    /// What the database says.
    pub async fn release_deliveries(
        &self,
        token: &str,
        ids: &[DeliveryId],
    ) -> Result<(), StoreError> {
        for chunk in ids.chunks(rows::CHUNK_ROWS) {
            let row = delivery::ActiveModel {
                lease_token: ActiveValue::Set(None),
                lease_until: ActiveValue::Set(Timestamp(0)),
                ..Default::default()
            };
            delivery::Entity::update_many()
                .set(row)
                .col_expr(
                    delivery::Column::Attempts,
                    Expr::col(delivery::Column::Attempts).sub(1),
                )
                .filter(delivery::Column::Id.is_in(chunk.iter().copied()))
                .filter(delivery::Column::LeaseToken.eq(token))
                .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
                .exec(self.connection())
                .await?;
        }
        Ok(())
    }

    /// After the clock was set back: what is due after `latest_due` is due at `now`, and leases that
    /// end after `lease_end` end then. Answers how many deliveries became due.
    ///
    /// # Errors
    /// What the database says.
    pub async fn follow_clock_back(
        &self,
        now: Timestamp,
        latest_due: Timestamp,
        lease_end: Timestamp,
    ) -> Result<u64, StoreError> {
        let pending = || {
            delivery::Entity::update_many()
                .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
        };
        let due = delivery::ActiveModel {
            due: ActiveValue::Set(now),
            ..Default::default()
        };
        let moved = pending()
            .set(due)
            .filter(delivery::Column::Due.gt(latest_due))
            .exec(self.connection())
            .await?;
        let lease = delivery::ActiveModel {
            lease_until: ActiveValue::Set(lease_end),
            ..Default::default()
        };
        pending()
            .set(lease)
            .filter(delivery::Column::LeaseUntil.gt(lease_end))
            .exec(self.connection())
            .await?;
        Ok(moved.rows_affected)
    }

    /// Makes a dead delivery due again, with the whole time for retries before it: it counts as
    /// made at this moment. `false` when it is not dead.
    ///
    /// # Errors
    /// What the database says.
    pub async fn retry_delivery(&self, id: DeliveryId, now: Timestamp) -> Result<bool, StoreError> {
        let row = delivery::ActiveModel {
            state: ActiveValue::Set(DeliveryState::Pending.as_str().to_owned()),
            created: ActiveValue::Set(now),
            due: ActiveValue::Set(now),
            finished: ActiveValue::Set(None),
            ..Default::default()
        };
        let done = delivery::Entity::update_many()
            .set(row)
            .filter(delivery::Column::Id.eq(id))
            .filter(delivery::Column::State.eq(DeliveryState::Dead.as_str()))
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// The delivery of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let row = delivery::Entity::find_by_id(id)
            .one(self.connection())
            .await?;
        row.map(delivery_of).transpose()
    }

    /// The deliveries of an alert, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_deliveries(&self, alert: AlertId) -> Result<Vec<Delivery>, StoreError> {
        let rows = delivery::Entity::find()
            .filter(delivery::Column::Alert.eq(alert))
            .order_by_asc(delivery::Column::Id)
            .all(self.connection())
            .await?;
        rows.into_iter().map(delivery_of).collect()
    }

    /// The attempts at some deliveries, in the order in which they ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_attempts_of(
        &self,
        deliveries: &[DeliveryId],
    ) -> Result<Vec<Attempt>, StoreError> {
        let mut all = Vec::new();
        for chunk in deliveries.chunks(rows::CHUNK_ROWS) {
            let rows = attempt::Entity::find()
                .filter(attempt::Column::Delivery.is_in(chunk.iter().copied()))
                .order_by_asc(attempt::Column::Id)
                .all(self.connection())
                .await?;
            for row in rows {
                all.push(attempt_of(row)?);
            }
        }
        Ok(all)
    }

    /// The attempts at a delivery, in the order in which they ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_attempts(&self, delivery: DeliveryId) -> Result<Vec<Attempt>, StoreError> {
        let rows = attempt::Entity::find()
            .filter(attempt::Column::Delivery.eq(delivery))
            .order_by_asc(attempt::Column::Id)
            .all(self.connection())
            .await?;
        rows.into_iter().map(attempt_of).collect()
    }
}

/// Destinations by their driver: a chain of one condition for each would be deeper than `SQLite`
/// allows.
fn by_driver(destinations: &[Destination]) -> BTreeMap<&str, Vec<&str>> {
    let mut grouped: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Destination { driver, value } in destinations {
        grouped.entry(driver).or_default().push(value);
    }
    grouped
}

/// A pending delivery of the same key that comes first: one of an earlier alert, or one that is
/// being attempted at this moment.
///
/// Earlier means the alert's id, not the delivery's: two workers that route two alerts at the same
/// time may write their deliveries in either order.
fn one_before_it(now: Timestamp) -> SelectStatement {
    let other = |column| (Alias::new("other"), column);
    let it = |column| (delivery::Entity, column);
    let same_alert_but_earlier = Condition::all()
        .add(Expr::col(other(delivery::Column::Alert)).equals(it(delivery::Column::Alert)))
        .add(Expr::col(other(delivery::Column::Id)).lt(Expr::col(it(delivery::Column::Id))));
    let comes_first = Condition::any()
        .add(Expr::col(other(delivery::Column::Alert)).lt(Expr::col(it(delivery::Column::Alert))))
        .add(same_alert_but_earlier)
        .add(Expr::col(other(delivery::Column::LeaseUntil)).gt(now));
    Query::select()
        .expr(Expr::val(1))
        .from_as(delivery::Entity, "other")
        // For MariaDB, which else goes through all that is pending for each that it looks at.
        .force_index("ix_delivery_order_key_state_alert", IndexHintScope::All)
        .and_where(
            Expr::col(other(delivery::Column::OrderKey)).equals(it(delivery::Column::OrderKey)),
        )
        .and_where(is_pending("other"))
        .cond_where(comes_first)
        .to_owned()
}

/// That a delivery is pending, written out: of a parameter no database knows beforehand whether the
/// index of what is pending has all that is asked for.
pub(super) fn is_pending(table: &'static str) -> SimpleExpr {
    let pending = Expr::Constant(DeliveryState::Pending.as_str().into());
    Expr::col((Alias::new(table), delivery::Column::State)).eq(pending)
}

pub(super) fn delivery_of(row: delivery::Model) -> Result<Delivery, StoreError> {
    let broken = |column| StoreError::Inconsistent {
        table: "delivery",
        column,
        id: row.id.0,
    };
    let states = [
        DeliveryState::Pending,
        DeliveryState::Sent,
        DeliveryState::Dead,
        DeliveryState::Superseded,
    ];
    let state = states.into_iter().find(|state| state.as_str() == row.state);
    Ok(Delivery {
        id: row.id,
        alert: row.alert,
        part: rows::narrow(row.part, || broken("part"))?,
        sender: row.sender,
        driver: row.driver,
        value: row.value,
        alias: row.alias,
        group_key: row.group_key,
        state: state.ok_or_else(|| broken("state"))?,
        attempts: rows::narrow(row.attempts, || broken("attempts"))?,
        due: row.due,
        created: row.created,
        finished: row.finished,
    })
}

fn attempt_of(row: attempt::Model) -> Result<Attempt, StoreError> {
    let broken = |column| StoreError::Inconsistent {
        table: "attempt",
        column,
        id: row.id.0,
    };
    let outcomes = [
        AttemptOutcome::Sent,
        AttemptOutcome::Retry,
        AttemptOutcome::Permanent,
    ];
    let outcome = outcomes
        .into_iter()
        .find(|outcome| outcome.as_str() == row.outcome);
    Ok(Attempt {
        id: row.id,
        delivery: row.delivery,
        number: rows::narrow(row.number, || broken("number"))?,
        started: row.started,
        took_ms: rows::narrow(row.took_ms, || broken("took_ms"))?,
        outcome: outcome.ok_or_else(|| broken("outcome"))?,
        message: row.message,
    })
}
