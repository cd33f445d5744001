//! Writing down what routing decided: labels, deliveries, and which older ones they replace.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{LockType, UnionType};
use sea_orm::{
    ActiveValue, ColumnTrait, EntityName, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use sha2::{Digest, Sha256};

use super::delivery::is_pending;
use super::entity::{alert, alert_label, delivery};
use super::rows;
use super::{Lease, NewDelivery, NewRouted, Placed, Routed, StoreError, Tx};
use crate::model::{AlertId, AlertState, Delivery, DeliveryId, DeliveryState, Timestamp};

/// Characters of a label's value that are indexed; the whole of a longer one is found by its hash.
pub(super) const VALUE_CHARS: usize = 255;

/// Characters of a label's name that are kept. Prometheus sets no bound.
const NAME_CHARS: usize = 128;

impl Tx {
    /// Completes the routing of an alert: its state, trace, labels and deliveries, as
    /// [`Tx::insert_deliveries`] has it.
    ///
    /// `false` means that the lease was lost and nothing was written.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for a trace that is larger than the server takes, or what the
    /// database says.
    pub async fn finish_routing(&self, routed: &Routed<'_>) -> Result<bool, StoreError> {
        self.check_size(routed.trace.len())?;
        let row = alert::ActiveModel {
            state: ActiveValue::Set(routed.state.as_str().to_owned()),
            trace: ActiveValue::Set(rows::storable(routed.trace)),
            lease_token: ActiveValue::Set(None),
            lease_until: ActiveValue::Set(Timestamp(0)),
            ..Default::default()
        };
        let done = alert::Entity::update_many()
            .set(row)
            .filter(alert::Column::Id.eq(routed.alert))
            .filter(alert::Column::LeaseToken.eq(routed.token))
            .filter(alert::Column::State.eq(AlertState::Pending.as_str()))
            .exec(self.connection())
            .await?;
        if done.rows_affected == 0 {
            return Ok(false);
        }
        let labels = routed.labels.iter();
        let rows = labels.map(|(name, value)| label_row(routed.alert, name, value));
        self.insert_labels(rows.collect()).await?;
        let (alert, begin) = (routed.alert, false);
        let deliveries = routed.deliveries.iter();
        let placed: Vec<Placed<'_>> = deliveries.map(|new| Placed { alert, new, begin }).collect();
        self.insert_deliveries(&placed, None).await?;
        Ok(true)
    }

    /// Keeps alerts that are routed already, in this order, with their labels. The answer has their
    /// identities in the same order.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for a body that is larger than the server takes, or what the
    /// database says.
    pub async fn insert_routed(
        &self,
        alerts: &[NewRouted<'_>],
    ) -> Result<Vec<AlertId>, StoreError> {
        let mut ids = Vec::with_capacity(alerts.len());
        for chunk in self.chunks(alerts, |new| new.alert.body.len() + new.trace.len())? {
            let rows = chunk.iter().map(alert_row).collect();
            let given = rows::insert_for_ids::<alert::Entity, _>(self, rows).await?;
            ids.extend(given.into_iter().map(AlertId));
        }
        let labels = alerts.iter().zip(&ids).flat_map(|(new, id)| {
            let labels = new.labels.iter();
            labels.map(|(name, value)| label_row(*id, name, value))
        });
        self.insert_labels(labels.collect()).await?;
        Ok(ids)
    }

    /// Gives an alert that has none its labels; `false` when it has some, or is gone.
    ///
    /// # Errors
    /// What the database says.
    pub async fn label_alert(
        &self,
        id: AlertId,
        labels: &[(String, String)],
    ) -> Result<bool, StoreError> {
        // The lock keeps a second one from doing the same.
        let found = alert::Entity::find_by_id(id)
            .select_only()
            .column(alert::Column::Id)
            .lock(LockType::Update)
            .into_tuple::<AlertId>()
            .one(self.connection())
            .await?;
        if found.is_none() || !self.alert_labels(id).await?.is_empty() {
            return Ok(false);
        }
        let rows = labels
            .iter()
            .map(|(name, value)| label_row(id, name, value));
        self.insert_labels(rows.collect()).await?;
        Ok(true)
    }

    async fn insert_labels(&self, rows: Vec<alert_label::ActiveModel>) -> Result<(), StoreError> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<_> = rows.by_ref().take(rows::CHUNK_ROWS).collect();
            alert_label::Entity::insert_many(chunk)
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Keeps deliveries, in this order, which is also that of their alerts.
    ///
    /// Deliveries of earlier alerts for the same driver, value and order that the same source told of
    /// and that were never attempted are superseded. When a later alert of those was routed before (by
    /// another worker), it is the new one that is superseded.
    ///
    /// Those that are to begin are kept under the lease, their first attempt counted, unless an
    /// earlier one of their key is still pending: that one goes first. The answer has an entry per
    /// delivery: what was kept under the lease, or `None`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn insert_deliveries(
        &self,
        deliveries: &[Placed<'_>],
        lease: Option<&Lease>,
    ) -> Result<Vec<Option<Delivery>>, StoreError> {
        let mut begun = Vec::with_capacity(deliveries.len());
        for chunk in deliveries.chunks(rows::CHUNK_ROWS) {
            let keys: Vec<String> = chunk.iter().map(|placed| order_key(placed.new)).collect();
            let standing = self.standing(chunk, &keys).await?;
            let rows: Vec<_> = chunk
                .iter()
                .zip(&keys)
                .zip(&standing)
                .map(|((placed, key), standing)| delivery_row(placed, key, *standing, lease))
                .collect();
            let ids = rows::insert_for_ids::<delivery::Entity, _>(self, rows).await?;
            begun.extend(
                chunk
                    .iter()
                    .zip(standing)
                    .zip(ids)
                    .map(|((placed, standing), id)| {
                        (standing == Standing::Begins)
                            .then(|| begun_delivery(placed, DeliveryId(id)))
                    }),
            );
        }
        Ok(begun)
    }

    /// Ends what the new deliveries replace, and tells how each of them begins.
    async fn standing(
        &self,
        chunk: &[Placed<'_>],
        keys: &[String],
    ) -> Result<Vec<Standing>, StoreError> {
        let (Some(first), Some(now)) = (
            chunk.iter().map(|placed| placed.alert).min(),
            chunk.iter().map(|placed| placed.new.created).max(),
        ) else {
            return Ok(Vec::new());
        };
        let series: Vec<Series<'_>> = chunk
            .iter()
            .zip(keys)
            .map(|(placed, key)| (key.as_str(), placed.new.source.as_str()))
            .collect();
        let Others {
            newest,
            mut busy,
            replaced,
        } = self.others(first, keys, &series).await?;
        self.supersede(&replaced, now).await?;
        let mut last: HashMap<Series<'_>, AlertId> = HashMap::new();
        for (placed, series) in chunk.iter().zip(&series) {
            let known = last.entry(*series).or_insert(placed.alert);
            *known = placed.alert.max(*known);
        }
        let judge = |(placed, series): (&Placed<'_>, &Series<'_>)| {
            let newer = |known: Option<&AlertId>| known.is_some_and(|alert| *alert > placed.alert);
            if newer(newest.get(series)) || newer(last.get(series)) {
                Standing::Superseded
            } else if placed.begin && busy.insert(series.0.to_owned()) {
                Standing::Begins
            } else {
                Standing::Waits
            }
        };
        Ok(chunk.iter().zip(&series).map(judge).collect())
    }

    /// Ends what is replaced before its first attempt.
    async fn supersede(&self, ids: &[DeliveryId], now: Timestamp) -> Result<(), StoreError> {
        for chunk in ids.chunks(rows::CHUNK_ROWS) {
            let row = delivery::ActiveModel {
                state: ActiveValue::Set(DeliveryState::Superseded.as_str().to_owned()),
                finished: ActiveValue::Set(Some(now)),
                ..Default::default()
            };
            delivery::Entity::update_many()
                .set(row)
                .filter(delivery::Column::Id.is_in(chunk.iter().copied()))
                .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
                .filter(delivery::Column::Attempts.eq(0))
                .exec(self.connection())
                .await?;
        }
        Ok(())
    }

    /// What is there of the keys: everything that is pending, and what was made of alerts after
    /// `alert`.
    ///
    /// Two workers may route two alerts of one group at the same time, and the older message must
    /// not come out last. That a newer one was superseded implies that there is a yet newer one in
    /// another state.
    async fn others<'a>(
        &self,
        alert: AlertId,
        keys: &[String],
        series: &[Series<'a>],
    ) -> Result<Others<'a>, StoreError> {
        let of_keys = || {
            delivery::Entity::find()
                .select_only()
                .columns([
                    delivery::Column::Id,
                    delivery::Column::OrderKey,
                    delivery::Column::Source,
                    delivery::Column::Alert,
                    delivery::Column::State,
                    delivery::Column::Attempts,
                ])
                .filter(delivery::Column::OrderKey.is_in(keys))
        };
        let mut found = of_keys().filter(is_pending(delivery::Entity.table_name()));
        // By their alerts, of which there are but those of other workers. The states are looked at
        // here: a server that knows little of the table yet would find by state what is most of it.
        let newer = of_keys().filter(delivery::Column::Alert.gt(alert));
        // One statement: each is a turn at the database, and this one comes with every batch.
        QuerySelect::query(&mut found).union(UnionType::All, newer.into_query());
        let rows: Vec<(DeliveryId, String, Option<String>, AlertId, String, i32)> =
            found.into_tuple().all(self.connection()).await?;
        let known: HashMap<Series<'_>, Series<'a>> =
            series.iter().map(|series| (*series, *series)).collect();
        let mut others = Others::default();
        for (id, key, source, found, state, attempts) in rows {
            let series = known.get(&(key.as_str(), source.as_deref().unwrap_or_default()));
            if state == DeliveryState::Pending.as_str() {
                // A claim counts the attempt up, so that 0 also means that nobody holds it.
                if attempts == 0 && found < alert && series.is_some() {
                    others.replaced.push(id);
                    continue;
                }
                others.busy.insert(key.clone());
            }
            if let Some(series) = series
                && found > alert
                && state != DeliveryState::Superseded.as_str()
            {
                let newest = others.newest.entry(*series).or_insert(found);
                *newest = found.max(*newest);
            }
        }
        Ok(others)
    }
}

/// Messages of which a newer one takes the place of an older: an order key, and who told of it.
type Series<'a> = (&'a str, &'a str);

/// What is there of the keys of new deliveries.
#[derive(Debug, Default)]
struct Others<'a> {
    /// The newest alert of each series, when that is newer than the new ones.
    newest: HashMap<Series<'a>, AlertId>,
    /// Keys of which something is pending that goes first.
    busy: HashSet<String>,
    /// What is pending, was never attempted, and is replaced by a new one.
    replaced: Vec<DeliveryId>,
}

/// How a new delivery begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Under the lease of whoever keeps it.
    Begins,
    /// When it is claimed.
    Waits,
    /// Not at all: a newer message of its key is there.
    Superseded,
}

/// Deliveries of one key are made one at a time and in order.
fn order_key(new: &NewDelivery) -> String {
    let text = format!("{}\0{}\0{}", new.driver, new.value, new.order);
    hex::encode(Sha256::digest(text))
}

fn delivery_row(
    placed: &Placed<'_>,
    key: &str,
    standing: Standing,
    lease: Option<&Lease>,
) -> delivery::ActiveModel {
    let new = placed.new;
    let (state, finished) = match standing {
        Standing::Superseded => (DeliveryState::Superseded, Some(new.created)),
        Standing::Begins | Standing::Waits => (DeliveryState::Pending, None),
    };
    let lease = lease.filter(|_| standing == Standing::Begins);
    delivery::ActiveModel {
        id: ActiveValue::NotSet,
        alert: ActiveValue::Set(placed.alert),
        part: ActiveValue::Set(rows::counter(new.part)),
        sender: ActiveValue::Set(new.sender),
        driver: ActiveValue::Set(new.driver.clone()),
        value: ActiveValue::Set(new.value.clone()),
        alias: ActiveValue::Set(new.alias.clone()),
        group_key: ActiveValue::Set(rows::storable(&new.group_key)),
        order_key: ActiveValue::Set(key.to_owned()),
        source: ActiveValue::Set(Some(new.source.clone())),
        state: ActiveValue::Set(state.as_str().to_owned()),
        attempts: ActiveValue::Set(i32::from(lease.is_some())),
        due: ActiveValue::Set(new.due),
        created: ActiveValue::Set(new.created),
        finished: ActiveValue::Set(finished),
        lease_token: ActiveValue::Set(lease.map(|lease| lease.token.clone())),
        lease_until: ActiveValue::Set(lease.map_or(Timestamp(0), |lease| lease.until)),
    }
}

/// What was just kept under a lease.
fn begun_delivery(placed: &Placed<'_>, id: DeliveryId) -> Delivery {
    let new = placed.new;
    Delivery {
        id,
        alert: placed.alert,
        part: new.part,
        sender: new.sender,
        driver: new.driver.clone(),
        value: new.value.clone(),
        alias: new.alias.clone(),
        group_key: new.group_key.clone(),
        state: DeliveryState::Pending,
        attempts: 1,
        due: new.due,
        created: new.created,
        finished: None,
    }
}

fn alert_row(new: &NewRouted<'_>) -> alert::ActiveModel {
    alert::ActiveModel {
        id: ActiveValue::NotSet,
        created: ActiveValue::Set(new.alert.created),
        state: ActiveValue::Set(new.state.as_str().to_owned()),
        lease_token: ActiveValue::Set(None),
        lease_until: ActiveValue::Set(Timestamp(0)),
        trace: ActiveValue::Set(rows::storable(new.trace)),
        body: ActiveValue::Set(rows::storable(new.alert.body)),
    }
}

fn label_row(alert: AlertId, name: &str, value: &str) -> alert_label::ActiveModel {
    let kept = first_chars(value, VALUE_CHARS);
    let hash = (kept.len() < value.len()).then(|| hex::encode(Sha256::digest(value)));
    alert_label::ActiveModel {
        id: ActiveValue::NotSet,
        alert: ActiveValue::Set(alert),
        name: ActiveValue::Set(rows::storable(first_chars(name, NAME_CHARS))),
        value: ActiveValue::Set(rows::storable(kept)),
        hash: ActiveValue::Set(hash),
    }
}

fn first_chars(text: &str, count: usize) -> &str {
    let end = text
        .char_indices()
        .nth(count)
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_value_has_a_hash() {
        let short = "é".repeat(VALUE_CHARS);
        assert_eq!(
            label_row(AlertId(1), "a", &short).hash,
            ActiveValue::Set(None)
        );
        let long = format!("{short}!");
        let row = label_row(AlertId(1), "a", &long);
        assert_eq!(row.value, ActiveValue::Set(short));
        assert_eq!(
            row.hash,
            ActiveValue::Set(Some(hex::encode(Sha256::digest(&long))))
        );
    }

    #[test]
    fn parts_of_a_key_cannot_be_shifted_into_each_other() {
        let key = |value: &str, order: &str| {
            order_key(&NewDelivery {
                part: 0,
                sender: None,
                driver: "d".to_owned(),
                value: value.to_owned(),
                alias: String::new(),
                group_key: String::new(),
                order: order.to_owned(),
                source: String::new(),
                created: Timestamp(0),
                due: Timestamp(0),
            })
        };
        assert_ne!(key("ab", "c"), key("a", "bc"));
    }
}
