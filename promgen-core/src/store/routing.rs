//! Writing down what routing decided: labels, deliveries, and which older ones they replace.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use sha2::{Digest, Sha256};

use super::entity::{alert, alert_label, delivery};
use super::rows;
use super::{NewDelivery, Routed, StoreError, Tx};
use crate::model::{AlertId, AlertState, DeliveryState, Timestamp};

/// Characters of a label's value that are indexed; the whole of a longer one is found by its hash.
const VALUE_CHARS: usize = 255;

/// Characters of a label's name that are kept. Prometheus sets no bound.
const NAME_CHARS: usize = 128;

impl Tx {
    /// Completes the routing of an alert: its state, trace, labels and deliveries.
    ///
    /// Deliveries of earlier alerts for the same driver, value and group key that were never
    /// attempted are superseded by the new ones. When a later alert of that key was routed before
    /// (by another worker), it is the new one that is superseded.
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
        self.insert_labels(routed.alert, routed.labels).await?;
        self.insert_deliveries(routed.alert, routed.deliveries)
            .await?;
        Ok(true)
    }

    async fn insert_labels(
        &self,
        alert: AlertId,
        labels: &[(String, String)],
    ) -> Result<(), StoreError> {
        for chunk in labels.chunks(rows::CHUNK_ROWS) {
            let row = |(name, value): &(String, String)| label_row(alert, name, value);
            alert_label::Entity::insert_many(chunk.iter().map(row))
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }

    async fn insert_deliveries(
        &self,
        alert: AlertId,
        deliveries: &[NewDelivery],
    ) -> Result<(), StoreError> {
        for chunk in deliveries.chunks(rows::CHUNK_ROWS) {
            let keys: BTreeMap<String, Timestamp> = chunk
                .iter()
                .map(|new| (order_key(new), new.created))
                .collect();
            self.supersede_older(alert, &keys).await?;
            let overtaken = self.keys_with_newer(alert, &keys).await?;
            let rows = chunk.iter().map(|new| delivery_row(alert, new, &overtaken));
            delivery::Entity::insert_many(rows)
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Ends what is replaced before its first attempt.
    async fn supersede_older(
        &self,
        alert: AlertId,
        keys: &BTreeMap<String, Timestamp>,
    ) -> Result<(), StoreError> {
        let Some(now) = keys.values().max().copied() else {
            return Ok(());
        };
        let row = delivery::ActiveModel {
            state: ActiveValue::Set(DeliveryState::Superseded.as_str().to_owned()),
            finished: ActiveValue::Set(Some(now)),
            ..Default::default()
        };
        // A claim counts the attempt up, so that attempts = 0 also means that nobody holds it.
        delivery::Entity::update_many()
            .set(row)
            .filter(delivery::Column::OrderKey.is_in(keys.keys()))
            .filter(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
            .filter(delivery::Column::Alert.lt(alert))
            .filter(delivery::Column::Attempts.eq(0))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// The keys for which a later alert was already routed. Two workers may route two alerts of
    /// one group at the same time, and the older message must not come out last.
    async fn keys_with_newer(
        &self,
        alert: AlertId,
        keys: &BTreeMap<String, Timestamp>,
    ) -> Result<BTreeSet<String>, StoreError> {
        // All states but superseded, which implies one of these; named, for the index begins with
        // key and state.
        let states = [
            DeliveryState::Pending.as_str(),
            DeliveryState::Sent.as_str(),
            DeliveryState::Dead.as_str(),
        ];
        let found: Vec<String> = delivery::Entity::find()
            .select_only()
            .column(delivery::Column::OrderKey)
            .distinct()
            .filter(delivery::Column::OrderKey.is_in(keys.keys()))
            .filter(delivery::Column::State.is_in(states))
            .filter(delivery::Column::Alert.gt(alert))
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(found.into_iter().collect())
    }
}

/// Deliveries of one key are made one at a time and in order.
fn order_key(new: &NewDelivery) -> String {
    let text = format!("{}\0{}\0{}", new.driver, new.value, new.group_key);
    hex::encode(Sha256::digest(text))
}

fn delivery_row(
    alert: AlertId,
    new: &NewDelivery,
    overtaken: &BTreeSet<String>,
) -> delivery::ActiveModel {
    let key = order_key(new);
    let (state, finished) = if overtaken.contains(&key) {
        (DeliveryState::Superseded, Some(new.created))
    } else {
        (DeliveryState::Pending, None)
    };
    delivery::ActiveModel {
        id: ActiveValue::NotSet,
        alert: ActiveValue::Set(alert),
        part: ActiveValue::Set(rows::counter(new.part)),
        sender: ActiveValue::Set(new.sender),
        driver: ActiveValue::Set(new.driver.clone()),
        value: ActiveValue::Set(new.value.clone()),
        alias: ActiveValue::Set(new.alias.clone()),
        group_key: ActiveValue::Set(rows::storable(&new.group_key)),
        order_key: ActiveValue::Set(key),
        state: ActiveValue::Set(state.as_str().to_owned()),
        attempts: ActiveValue::Set(0),
        due: ActiveValue::Set(new.due),
        created: ActiveValue::Set(new.created),
        finished: ActiveValue::Set(finished),
        lease_token: ActiveValue::Set(None),
        lease_until: ActiveValue::Set(Timestamp(0)),
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
        let key = |value: &str, group_key: &str| {
            order_key(&NewDelivery {
                part: 0,
                sender: None,
                driver: "d".to_owned(),
                value: value.to_owned(),
                alias: String::new(),
                group_key: group_key.to_owned(),
                created: Timestamp(0),
                due: Timestamp(0),
            })
        };
        assert_ne!(key("ab", "c"), key("a", "bc"));
    }
}
