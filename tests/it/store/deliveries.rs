//! Deliveries: claimed, finished, retried, replaced, in order.

use promgen_core::model::*;
use promgen_core::store::{Finished, Lease, Routed, Store};

use super::alerts::route_all;
use super::sample::{self, claim_due, delivery, lease, post};

/// Claims what is due, in a transaction of its own.
async fn claim(store: &Store, now: i64, lease: &Lease) -> Vec<Delivery> {
    let tx = store.write_tx().await.unwrap();
    let claimed = claim_due(&tx, now, lease, 100).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

fn finished<'a>(
    delivery: &Delivery,
    token: &'a str,
    state: DeliveryState,
    due: i64,
) -> Finished<'a> {
    let outcome = match state {
        DeliveryState::Pending => AttemptOutcome::Retry,
        DeliveryState::Sent => AttemptOutcome::Sent,
        DeliveryState::Dead | DeliveryState::Superseded => AttemptOutcome::Permanent,
    };
    Finished {
        delivery: delivery.id,
        token,
        attempt: Attempt {
            id: AttemptId(0),
            delivery: delivery.id,
            number: delivery.attempts,
            started: Timestamp(1500),
            took_ms: u32::MAX,
            outcome,
            message: "HTTP 500\0".to_owned(),
        },
        state,
        due: Timestamp(due),
    }
}

async fn finish(store: &Store, items: &[Finished<'_>], now: i64) -> Vec<bool> {
    let tx = store.write_tx().await.unwrap();
    let done = tx.finish_attempts(items, Timestamp(now)).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn find(store: &Store, id: DeliveryId) -> Delivery {
    store
        .read_tx()
        .await
        .unwrap()
        .find_delivery(id)
        .await
        .unwrap()
        .unwrap()
}

async fn counts(store: &Store, alert: AlertId) -> (u32, u32) {
    let tx = store.read_tx().await.unwrap();
    let whole = tx.find_alert(alert).await.unwrap().unwrap();
    let listed = tx.list_alerts(100, None).await.unwrap();
    let listed = listed.iter().find(|listed| listed.id == alert).unwrap();
    assert_eq!(
        (whole.sent_count, whole.error_count),
        (listed.sent_count, listed.error_count)
    );
    (whole.sent_count, whole.error_count)
}

/// One alert with a delivery to each of these addresses, each in a group of its own.
async fn outbox(store: &Store, values: &[&str]) -> AlertId {
    post(store, &["{}"]).await;
    let tx = store.write_tx().await.unwrap();
    let alert = tx
        .claim_alerts(Timestamp(1000), &lease("routing", 2000), 1)
        .await
        .unwrap()[0]
        .id;
    let deliveries: Vec<_> = values.iter().map(|value| delivery(value, value)).collect();
    let routed = Routed {
        alert,
        token: "routing",
        state: AlertState::Routed,
        trace: "{}",
        labels: &[],
        deliveries: &deliveries,
    };
    assert!(tx.finish_routing(&routed).await.unwrap());
    tx.commit().await.unwrap();
    alert
}

on_every_database! {
    async fn a_delivery_comes_back_as_written(database: &TestDatabase) {
        let store = database.migrated().await;
        let alert = outbox(&store, &["{}/{}:{service=\"shop\", path=\"/\u{1f4a5}\"}"]).await;
        let tx = store.read_tx().await.unwrap();
        let stored = tx.list_deliveries(alert).await.unwrap();
        let new = delivery("{}/{}:{service=\"shop\", path=\"/\u{1f4a5}\"}", "{}/{}:{service=\"shop\", path=\"/\u{1f4a5}\"}");
        let expected = Delivery {
            id: stored[0].id,
            alert,
            part: new.part,
            sender: new.sender,
            driver: new.driver,
            value: new.value,
            alias: new.alias,
            group_key: new.group_key,
            state: DeliveryState::Pending,
            attempts: 0,
            due: new.due,
            created: new.created,
            finished: None,
        };
        assert_eq!(stored, [expected]);
    }

    async fn a_sent_delivery_is_done(database: &TestDatabase) {
        let store = database.migrated().await;
        let alert = outbox(&store, &["a"]).await;
        assert_eq!(claim(&store, 999, &lease("t", 2000)).await, [], "due later");
        let claimed = claim(&store, 1000, &lease("t", 2000)).await;
        assert_eq!((claimed.len(), claimed[0].attempts), (1, 1));
        assert_eq!(claim(&store, 1001, &lease("u", 2000)).await, [], "leased");
        assert_eq!(counts(&store, alert).await, (0, 0));
        let item = finished(&claimed[0], "t", DeliveryState::Sent, 0);
        assert_eq!(finish(&store, std::slice::from_ref(&item), 1600).await, [true]);
        let stored = find(&store, claimed[0].id).await;
        assert_eq!((stored.state, stored.finished), (DeliveryState::Sent, Some(Timestamp(1600))));
        assert_eq!(counts(&store, alert).await, (1, 0));
        let attempts = store.read_tx().await.unwrap().list_attempts(stored.id).await.unwrap();
        let message = "HTTP 500\u{fffd}".to_owned();
        assert_eq!(attempts, [Attempt { id: attempts[0].id, message, ..item.attempt }]);
        assert_eq!(claim(&store, 9999, &lease("v", 10_000)).await, []);
    }

    async fn a_failed_delivery_is_due_again_later(database: &TestDatabase) {
        let store = database.migrated().await;
        let alert = outbox(&store, &["a"]).await;
        let claimed = claim(&store, 1000, &lease("t", 2000)).await;
        let item = finished(&claimed[0], "t", DeliveryState::Pending, 3000);
        assert_eq!(finish(&store, &[item], 1600).await, [true]);
        assert_eq!(claim(&store, 2999, &lease("u", 4000)).await, []);
        let again = claim(&store, 3000, &lease("u", 4000)).await;
        assert_eq!((again[0].id, again[0].attempts, again[0].finished), (claimed[0].id, 2, None));
        assert_eq!(counts(&store, alert).await, (0, 0));
    }

    async fn a_lease_that_ran_out_is_fenced(database: &TestDatabase) {
        let store = database.migrated().await;
        let alert = outbox(&store, &["a"]).await;
        let slow = claim(&store, 1000, &lease("slow", 2000)).await;
        let quick = claim(&store, 2000, &lease("quick", 3000)).await;
        assert_eq!((slow[0].id, quick[0].attempts), (quick[0].id, 2));
        let late = finished(&slow[0], "slow", DeliveryState::Dead, 0);
        assert_eq!(finish(&store, &[late], 2100).await, [false]);
        assert_eq!(find(&store, slow[0].id).await.state, DeliveryState::Pending);
        let item = finished(&quick[0], "quick", DeliveryState::Sent, 0);
        assert_eq!(finish(&store, &[item.clone(), item], 2200).await, [true, false]);
        assert_eq!(counts(&store, alert).await, (1, 0));
        let attempts = store.read_tx().await.unwrap().list_attempts(slow[0].id).await.unwrap();
        assert_eq!(attempts.len(), 1);
    }

    async fn many_attempts_are_finished_at_once(database: &TestDatabase) {
        let store = database.migrated().await;
        let alert = outbox(&store, &["a", "b", "c", "d"]).await;
        let claimed = claim(&store, 1000, &lease("t", 2000)).await;
        assert_eq!(claimed.len(), 4);
        let items = [
            finished(&claimed[0], "t", DeliveryState::Sent, 0),
            finished(&claimed[1], "t", DeliveryState::Dead, 0),
            finished(&claimed[2], "stolen", DeliveryState::Sent, 0),
            finished(&claimed[3], "t", DeliveryState::Pending, 7000),
        ];
        assert_eq!(finish(&store, &items, 1600).await, [true, true, false, true]);
        assert_eq!(counts(&store, alert).await, (1, 1));
        let states: Vec<_> = store.read_tx().await.unwrap().list_deliveries(alert).await.unwrap()
            .into_iter().map(|delivery| (delivery.state, delivery.due, delivery.finished)).collect();
        assert_eq!(states, [
            (DeliveryState::Sent, Timestamp(1600), Some(Timestamp(1600))),
            (DeliveryState::Dead, Timestamp(1600), Some(Timestamp(1600))),
            (DeliveryState::Pending, Timestamp(1000), None),
            (DeliveryState::Pending, Timestamp(7000), None),
        ]);
        assert_eq!(finish(&store, &[], 1700).await, Vec::<bool>::new());
    }

    async fn what_was_not_begun_is_given_back(database: &TestDatabase) {
        let store = database.migrated().await;
        outbox(&store, &["a", "b"]).await;
        let claimed = claim(&store, 1000, &lease("t", 2000)).await;
        let ids: Vec<DeliveryId> = claimed.iter().map(|delivery| delivery.id).collect();
        let tx = store.write_tx().await.unwrap();
        tx.release_deliveries("stolen", &ids).await.unwrap();
        tx.release_deliveries("t", &ids[..1]).await.unwrap();
        tx.commit().await.unwrap();
        let again = claim(&store, 1001, &lease("u", 2000)).await;
        assert_eq!(again.len(), 1);
        assert_eq!((again[0].id, again[0].attempts), (ids[0], 1), "the attempt did not count");
    }

    async fn a_dead_delivery_can_be_sent_again(database: &TestDatabase) {
        let store = database.migrated().await;
        let alert = outbox(&store, &["a"]).await;
        let claimed = claim(&store, 1000, &lease("t", 2000)).await;
        let retry = async |now: i64| {
            let tx = store.write_tx().await.unwrap();
            let done = tx.retry_delivery(claimed[0].id, Timestamp(now)).await.unwrap();
            tx.commit().await.unwrap();
            done
        };
        assert!(!retry(1100).await, "it is not dead");
        finish(&store, &[finished(&claimed[0], "t", DeliveryState::Dead, 0)], 1600).await;
        assert_eq!(counts(&store, alert).await, (0, 1));
        assert!(retry(5000).await);
        assert_eq!(counts(&store, alert).await, (0, 0));
        let stored = find(&store, claimed[0].id).await;
        assert_eq!((stored.state, stored.due, stored.finished), (DeliveryState::Pending, Timestamp(5000), None));
        assert!(!retry(6000).await, "once");
        let again = claim(&store, 5000, &lease("u", 6000)).await;
        assert_eq!((again[0].id, again[0].attempts), (claimed[0].id, 2));
    }

    async fn a_newer_message_replaces_older_ones_that_were_never_attempted(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["1", "2"]).await;
        let alerts = route_all(&store, "a", "g").await;
        post(&store, &["3"]).await;
        let other_group = route_all(&store, "a", "other").await;
        post(&store, &["4"]).await;
        let other_value = route_all(&store, "b", "g").await;
        let state = async |alert| {
            store.read_tx().await.unwrap().list_deliveries(alert).await.unwrap()[0].clone()
        };
        let first = state(alerts[0]).await;
        assert_eq!((first.state, first.finished), (DeliveryState::Superseded, Some(Timestamp(1000))));
        assert_eq!(state(alerts[1]).await.state, DeliveryState::Pending);
        assert_eq!(state(other_group[0]).await.state, DeliveryState::Pending);
        assert_eq!(state(other_value[0]).await.state, DeliveryState::Pending);
        assert_eq!(claim(&store, 1000, &lease("t", 2000)).await.len(), 3);
        assert_eq!(counts(&store, alerts[0]).await, (0, 0));
    }

    async fn what_was_attempted_is_not_replaced_and_comes_first(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["1"]).await;
        route_all(&store, "a", "g").await;
        let first = claim(&store, 1000, &lease("t", 2000)).await;
        finish(&store, &[finished(&first[0], "t", DeliveryState::Pending, 5000)], 1600).await;
        post(&store, &["2"]).await;
        route_all(&store, "a", "g").await;
        // The newer one is due at 1000, but waits for the older one that is to be tried at 5000.
        assert_eq!(claim(&store, 4000, &lease("u", 4500)).await, []);
        let again = claim(&store, 5000, &lease("u", 6000)).await;
        assert_eq!(again.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), [first[0].id]);
        assert_eq!(claim(&store, 5500, &lease("v", 6000)).await, [], "one at a time");
        finish(&store, &[finished(&again[0], "u", DeliveryState::Sent, 0)], 5600).await;
        assert_eq!(claim(&store, 5700, &lease("v", 6000)).await.len(), 1);
    }

    async fn an_older_alert_that_is_routed_late_is_the_one_replaced(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["firing", "resolved"]).await;
        let tx = store.write_tx().await.unwrap();
        let alerts = tx.claim_alerts(Timestamp(1000), &lease("t", 2000), 2).await.unwrap();
        let deliveries = [delivery("a", "g")];
        for alert in alerts.iter().rev() {
            let routed = Routed {
                alert: alert.id,
                token: "t",
                state: AlertState::Routed,
                trace: "{}",
                labels: &[],
                deliveries: &deliveries,
            };
            assert!(tx.finish_routing(&routed).await.unwrap());
        }
        let state = async |alert: &Alert| tx.list_deliveries(alert.id).await.unwrap()[0].state;
        assert_eq!(state(&alerts[0]).await, DeliveryState::Superseded);
        assert_eq!(state(&alerts[1]).await, DeliveryState::Pending);
    }

    async fn a_retried_old_delivery_does_not_go_out_beside_a_newer_one(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["1"]).await;
        route_all(&store, "a", "g").await;
        let old = claim(&store, 1000, &lease("t", 2000)).await;
        finish(&store, &[finished(&old[0], "t", DeliveryState::Dead, 0)], 1600).await;
        post(&store, &["2"]).await;
        route_all(&store, "a", "g").await;
        let newer = claim(&store, 2000, &lease("u", 3000)).await;
        assert_eq!(newer.len(), 1);
        let tx = store.write_tx().await.unwrap();
        assert!(tx.retry_delivery(old[0].id, Timestamp(2100)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(claim(&store, 2100, &lease("v", 3000)).await, []);
        finish(&store, &[finished(&newer[0], "u", DeliveryState::Sent, 0)], 2200).await;
        assert_eq!(claim(&store, 2200, &lease("v", 3000)).await.len(), 1);
    }

    async fn deliveries_outlive_their_sender(database: &TestDatabase) {
        let store = database.migrated().await;
        let ground = sample::ground(&store).await;
        post(&store, &["1"]).await;
        let tx = store.write_tx().await.unwrap();
        let sender = sample::sender("a", SenderOwner::Project(ground.project));
        let sender = tx.insert_sender(&sender).await.unwrap();
        let alert = tx.claim_alerts(Timestamp(1000), &lease("t", 2000), 1).await.unwrap()[0].id;
        let mut new = delivery("a", "g");
        new.sender = Some(sender);
        let deliveries = [new];
        let routed = Routed {
            alert,
            token: "t",
            state: AlertState::Routed,
            trace: "{}",
            labels: &[],
            deliveries: &deliveries,
        };
        assert!(tx.finish_routing(&routed).await.unwrap());
        assert_eq!(tx.list_deliveries(alert).await.unwrap()[0].sender, Some(sender));
        tx.delete_project(ground.project).await.unwrap();
        assert_eq!(tx.list_deliveries(alert).await.unwrap()[0].sender, None);
    }
}
