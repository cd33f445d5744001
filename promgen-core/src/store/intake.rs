//! The queue of alerts: how they come in, and how a worker claims them.

use sea_orm::sea_query::{LockBehavior, LockType, Query};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::{alert, revision, token, users};
use super::{Lease, NewAlert, StoreError, Tx};
use super::{rows, site};
use crate::model::{Alert, AlertId, AlertState, Timestamp, TokenId};

/// Bytes of bodies in one statement: well under the 16 MiB that `MariaDB` takes by default.
const CHUNK_BYTES: usize = 4 * 1024 * 1024;

impl Tx {
    /// The revision that this transaction sees, and those of some tokens that are good for nothing any
    /// more: revoked, or of an inactive user. Both come with every batch, so one statement asks for them.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when there is no revision, or what the database says.
    pub async fn revision_and_lost_tokens(
        &self,
        ids: &[TokenId],
    ) -> Result<(i64, Vec<TokenId>), StoreError> {
        let active = Query::select()
            .column(users::Column::Id)
            .from(users::Entity)
            .and_where(users::Column::Active.eq(true))
            .to_owned();
        let good = Condition::all()
            .add(token::Column::Id.is_in(ids.iter().copied()))
            .add(token::Column::Revoked.is_null())
            .add(token::Column::User.in_subquery(active));
        let mut select = revision::Entity::find_by_id(site::ONLY)
            .select_only()
            .column(revision::Column::Value)
            .column(token::Column::Id);
        QuerySelect::query(&mut select).left_join(token::Entity, good);
        let rows: Vec<(i64, Option<TokenId>)> = select.into_tuple().all(self.connection()).await?;
        let (revision, _) = rows.first().ok_or_else(site::no_revision)?;
        let is_lost = |id: &&TokenId| !rows.iter().any(|(_, good)| *good == Some(**id));
        Ok((*revision, ids.iter().filter(is_lost).copied().collect()))
    }

    /// Keeps alerts, in this order, to be routed.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for a body that is larger than the server takes, or what the
    /// database says.
    pub async fn insert_alerts(&self, alerts: &[NewAlert<'_>]) -> Result<(), StoreError> {
        for chunk in self.chunks(alerts, |alert| alert.body.len())? {
            alert::Entity::insert_many(chunk.iter().map(row_of))
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Whether an alert waits to be routed that nobody has claimed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn has_alerts_to_route(&self, now: Timestamp) -> Result<bool, StoreError> {
        let first: Option<AlertId> = alert::Entity::find()
            .select_only()
            .column(alert::Column::Id)
            .filter(alert::Column::State.eq(AlertState::Pending.as_str()))
            .filter(alert::Column::LeaseUntil.lte(now))
            .order_by_asc(alert::Column::Id)
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(first.is_some())
    }

    /// Claims alerts that wait to be routed, oldest first, at most `limit`.
    ///
    /// Those that another worker claims at this moment are passed over; those whose lease ran out
    /// at `now` are claimed again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn claim_alerts(
        &self,
        now: Timestamp,
        lease: &Lease,
        limit: u64,
    ) -> Result<Vec<Alert>, StoreError> {
        let ids: Vec<AlertId> = alert::Entity::find()
            .select_only()
            .column(alert::Column::Id)
            .filter(alert::Column::State.eq(AlertState::Pending.as_str()))
            .filter(alert::Column::LeaseUntil.lte(now))
            .order_by_asc(alert::Column::Id)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(self.connection())
            .await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let leased = alert::ActiveModel {
            lease_token: ActiveValue::Set(Some(lease.token.clone())),
            lease_until: ActiveValue::Set(lease.until),
            ..Default::default()
        };
        alert::Entity::update_many()
            .set(leased)
            .filter(alert::Column::Id.is_in(ids.iter().copied()))
            .exec(self.connection())
            .await?;
        let rows = alert::Entity::find()
            .filter(alert::Column::Id.is_in(ids))
            .order_by_asc(alert::Column::Id)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(pending).collect())
    }
}

impl Tx {
    /// Splits what has long texts into runs that fit into a statement; `bytes` is the size of one.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for one that is larger than the server takes.
    pub(super) fn chunks<'a, T>(
        &self,
        items: &'a [T],
        bytes: impl Fn(&T) -> usize + Copy + 'a,
    ) -> Result<impl Iterator<Item = &'a [T]>, StoreError> {
        let limit = self
            .room()
            .map_or(CHUNK_BYTES, |room| room.min(CHUNK_BYTES));
        self.check_size(items.iter().map(bytes).max().unwrap_or(0))?;
        Ok(runs(items, limit, bytes))
    }
}

/// Splits into runs of at most [`rows::CHUNK_ROWS`] and about `limit` bytes; an item that is larger
/// gets a run of its own.
fn runs<T>(items: &[T], limit: usize, bytes: impl Fn(&T) -> usize) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let mut size = 0_usize;
        let fits = |item: &&T| {
            size = size.saturating_add(bytes(item));
            size <= limit
        };
        let count = rest.iter().take(rows::CHUNK_ROWS).take_while(fits).count();
        let (run, tail) = rest.split_at_checked(count.max(1))?;
        rest = tail;
        Some(run)
    })
}

fn row_of(new: &NewAlert<'_>) -> alert::ActiveModel {
    alert::ActiveModel {
        id: ActiveValue::NotSet,
        created: ActiveValue::Set(new.created),
        state: ActiveValue::Set(AlertState::Pending.as_str().to_owned()),
        lease_token: ActiveValue::Set(None),
        lease_until: ActiveValue::Set(Timestamp(0)),
        trace: ActiveValue::Set(String::new()),
        body: ActiveValue::Set(rows::storable(new.body)),
    }
}

/// An alert that was not routed yet, and so has no deliveries to count.
fn pending(row: alert::Model) -> Alert {
    Alert {
        id: row.id,
        created: row.created,
        body: row.body,
        state: AlertState::Pending,
        sent_count: 0,
        error_count: 0,
        trace: row.trace,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(bodies: &[usize], bytes: usize) -> Vec<usize> {
        let texts: Vec<String> = bodies.iter().map(|size| "x".repeat(*size)).collect();
        let alerts: Vec<NewAlert<'_>> = texts
            .iter()
            .map(|body| NewAlert {
                created: Timestamp(0),
                body,
            })
            .collect();
        runs(&alerts, bytes, |alert| alert.body.len())
            .map(<[_]>::len)
            .collect()
    }

    #[test]
    fn alerts_are_split_by_bytes_and_by_rows() {
        assert_eq!(sizes(&[], 10), Vec::<usize>::new());
        assert_eq!(sizes(&[4, 4, 4], 10), [2, 1]);
        assert_eq!(sizes(&[100, 1, 100], 10), [1, 1, 1]);
        assert_eq!(sizes(&vec![0; 2500], 10), [1000, 1000, 500]);
    }
}
