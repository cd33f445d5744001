//! Looking at alerts, and forgetting them.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{alert, alert_label, delivery};
use super::rows;
use super::{QueueDepth, StoreError, Tx};
use crate::model::{Alert, AlertId, AlertState, DeliveryState, Timestamp};

/// Deliveries of an alert that ended sent, and that ended dead.
type Counts = (u32, u32);

impl Tx {
    /// The alert of that id, whole.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_alert(&self, id: AlertId) -> Result<Option<Alert>, StoreError> {
        let row = alert::Entity::find_by_id(id).one(self.connection()).await?;
        let Some(row) = row else { return Ok(None) };
        let counts = self.count_outcomes(&[id]).await?;
        let (sent_count, error_count) = counts.get(&id).copied().unwrap_or_default();
        Ok(Some(Alert {
            id,
            created: row.created,
            body: row.body,
            state: state_of(&row.state).ok_or_else(|| broken(id))?,
            sent_count,
            error_count,
            trace: row.trace,
        }))
    }

    /// The newest alerts first, at most `limit`, of those older than `before`. Bodies are left
    /// empty.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_alerts(
        &self,
        limit: u64,
        before: Option<AlertId>,
    ) -> Result<Vec<Alert>, StoreError> {
        let older = before.map(|before| alert::Column::Id.lt(before));
        self.alerts_where(Condition::all().add_option(older), limit)
            .await
    }

    /// The newest alerts that a condition leaves, without their bodies.
    pub(super) async fn alerts_where(
        &self,
        condition: Condition,
        limit: u64,
    ) -> Result<Vec<Alert>, StoreError> {
        let rows: Vec<(AlertId, Timestamp, String, String)> = alert::Entity::find()
            .select_only()
            .columns([
                alert::Column::Id,
                alert::Column::Created,
                alert::Column::State,
                alert::Column::Trace,
            ])
            .filter(condition)
            .order_by_desc(alert::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.connection())
            .await?;
        let ids: Vec<AlertId> = rows.iter().map(|(id, ..)| *id).collect();
        let counts = self.count_outcomes(&ids).await?;
        let listed = |(id, created, state, trace): (AlertId, Timestamp, String, String)| {
            let (sent_count, error_count) = counts.get(&id).copied().unwrap_or_default();
            Ok(Alert {
                id,
                created,
                body: String::new(),
                state: state_of(&state).ok_or_else(|| broken(id))?,
                sent_count,
                error_count,
                trace,
            })
        };
        rows.into_iter().map(listed).collect()
    }

    /// Names and values of an alert's labels; of a value that is longer than 255 characters only
    /// those are kept.
    ///
    /// # Errors
    /// What the database says.
    pub async fn alert_labels(&self, id: AlertId) -> Result<Vec<(String, String)>, StoreError> {
        let rows = alert_label::Entity::find()
            .select_only()
            .columns([alert_label::Column::Name, alert_label::Column::Value])
            .filter(alert_label::Column::Alert.eq(id))
            .order_by_asc(alert_label::Column::Id)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(rows)
    }

    /// Deletes the oldest alerts of a state that came before a time, at most `limit`, with all
    /// that belongs to them. One with a delivery that is still to be made is kept.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_alerts(
        &self,
        state: AlertState,
        before: Timestamp,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let ids: Vec<AlertId> = alert::Entity::find()
            .select_only()
            .column(alert::Column::Id)
            .filter(alert::Column::State.eq(state.as_str()))
            .filter(alert::Column::Created.lt(before))
            .filter(Expr::exists(unfinished()).not())
            .order_by_asc(alert::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.connection())
            .await?;
        let mut deleted = 0;
        for chunk in ids.chunks(rows::CHUNK_ROWS) {
            let done = alert::Entity::delete_many()
                .filter(alert::Column::Id.is_in(chunk.iter().copied()))
                .exec(self.connection())
                .await?;
            deleted += done.rows_affected;
        }
        Ok(deleted)
    }

    /// Alerts after one, in the order of their ids, each with the time when it came.
    ///
    /// # Errors
    /// What the database says.
    pub async fn oldest_alerts(
        &self,
        after: AlertId,
        limit: u64,
    ) -> Result<Vec<(AlertId, Timestamp)>, StoreError> {
        let rows = alert::Entity::find()
            .select_only()
            .columns([alert::Column::Id, alert::Column::Created])
            .filter(alert::Column::Id.gt(after))
            .order_by_asc(alert::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(rows)
    }

    /// Deletes those of these alerts that have no delivery to be made, with all that belongs to
    /// them; answers how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_finished_alerts(&self, ids: &[AlertId]) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for chunk in ids.chunks(rows::CHUNK_ROWS) {
            let busy: Vec<AlertId> = delivery::Entity::find()
                .select_only()
                .column(delivery::Column::Alert)
                .distinct()
                .filter(delivery::Column::Alert.is_in(chunk.iter().copied()))
                .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
                .into_tuple()
                .all(self.connection())
                .await?;
            let done = alert::Entity::delete_many()
                .filter(alert::Column::Id.is_in(chunk.iter().copied()))
                .filter(alert::Column::Id.is_not_in(busy))
                .filter(alert::Column::State.ne(AlertState::Pending.as_str()))
                .exec(self.connection())
                .await?;
            deleted += done.rows_affected;
        }
        Ok(deleted)
    }

    /// How many alerts came before a time and have no delivery to be made.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_finished_alerts(&self, before: Timestamp) -> Result<u64, StoreError> {
        let finished = alert::Entity::find()
            .filter(alert::Column::Created.lt(before))
            .filter(alert::Column::State.ne(AlertState::Pending.as_str()))
            .filter(Expr::exists(unfinished()).not());
        self.count(finished).await
    }

    /// Routed alerts after one that have no labels, in the order of their ids, with their bodies.
    ///
    /// # Errors
    /// What the database says.
    pub async fn unlabelled_alerts(
        &self,
        after: AlertId,
        limit: u64,
    ) -> Result<Vec<(AlertId, String)>, StoreError> {
        let labelled = Query::select()
            .expr(Expr::val(1))
            .from(alert_label::Entity)
            .and_where(
                Expr::col((alert_label::Entity, alert_label::Column::Alert))
                    .equals((alert::Entity, alert::Column::Id)),
            )
            .to_owned();
        let rows = alert::Entity::find()
            .select_only()
            .columns([alert::Column::Id, alert::Column::Body])
            .filter(alert::Column::Id.gt(after))
            .filter(alert::Column::State.ne(AlertState::Pending.as_str()))
            .filter(Expr::exists(labelled).not())
            .order_by_asc(alert::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(rows)
    }

    /// How much work is waiting.
    ///
    /// # Errors
    /// What the database says.
    pub async fn queue_depth(&self, now: Timestamp) -> Result<QueueDepth, StoreError> {
        let alerts =
            alert::Entity::find().filter(alert::Column::State.eq(AlertState::Pending.as_str()));
        let deliveries = delivery::Entity::find()
            .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
            .filter(delivery::Column::Due.lte(now));
        let oldest_alert: Option<Timestamp> = alerts
            .clone()
            .select_only()
            .column(alert::Column::Created)
            .order_by_asc(alert::Column::Id)
            .into_tuple()
            .one(self.connection())
            .await?;
        let oldest_delivery: Option<Timestamp> = deliveries
            .clone()
            .select_only()
            .column(delivery::Column::Due)
            .order_by_asc(delivery::Column::Due)
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(QueueDepth {
            alerts: self.count(alerts).await?,
            deliveries: self.count(deliveries).await?,
            oldest: oldest_alert.into_iter().chain(oldest_delivery).min(),
        })
    }

    async fn count<E: EntityTrait>(&self, select: sea_orm::Select<E>) -> Result<u64, StoreError> {
        let count: Option<i64> = select
            .select_only()
            .expr(Expr::cust("COUNT(*)"))
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(count
            .and_then(|count| u64::try_from(count).ok())
            .unwrap_or(0))
    }

    /// Counts what became of the deliveries of alerts.
    ///
    /// The counts are no columns of the alert: they would have to be written once per delivery,
    /// and on `SQLite` each time the whole row is, body included.
    async fn count_outcomes(
        &self,
        alerts: &[AlertId],
    ) -> Result<HashMap<AlertId, Counts>, StoreError> {
        let ended = [DeliveryState::Sent.as_str(), DeliveryState::Dead.as_str()];
        let mut counts: HashMap<AlertId, Counts> = HashMap::new();
        for chunk in alerts.chunks(rows::CHUNK_ROWS) {
            let rows: Vec<(AlertId, String, i64)> = delivery::Entity::find()
                .select_only()
                .columns([delivery::Column::Alert, delivery::Column::State])
                .expr(Expr::cust("COUNT(*)"))
                .filter(delivery::Column::Alert.is_in(chunk.iter().copied()))
                .filter(delivery::Column::State.is_in(ended))
                .group_by(delivery::Column::Alert)
                .group_by(delivery::Column::State)
                .into_tuple()
                .all(self.connection())
                .await?;
            for (alert, state, count) in rows {
                let (sent, dead) = counts.entry(alert).or_default();
                let slot = if state == DeliveryState::Sent.as_str() {
                    sent
                } else {
                    dead
                };
                *slot = u32::try_from(count).unwrap_or(u32::MAX);
            }
        }
        Ok(counts)
    }
}

/// A delivery of the alert that is still to be made.
fn unfinished() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(delivery::Entity)
        .and_where(
            Expr::col((delivery::Entity, delivery::Column::Alert))
                .equals((alert::Entity, alert::Column::Id)),
        )
        .and_where(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
        .to_owned()
}

fn state_of(word: &str) -> Option<AlertState> {
    let states = [
        AlertState::Pending,
        AlertState::Routed,
        AlertState::Dropped,
        AlertState::Failed,
    ];
    states.into_iter().find(|state| state.as_str() == word)
}

fn broken(id: AlertId) -> StoreError {
    StoreError::Inconsistent {
        table: "alert",
        column: "state",
        id: id.0,
    }
}
