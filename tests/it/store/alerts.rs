//! Alerts: taken in, claimed, routed, looked at, forgotten.

use promgen_core::model::*;
use promgen_core::store::{NewAlert, QueueDepth, Routed, Store};
use sha2::{Digest, Sha256};

use super::sample::{delivery, lease, post};

/// A claim of all alerts, and the routing of each to one address in one group.
pub(super) async fn route_all(store: &Store, value: &str, group_key: &str) -> Vec<AlertId> {
    let tx = store.write_tx().await.unwrap();
    let alerts = tx
        .claim_alerts(Timestamp(1000), &lease("routing", 2000), 100)
        .await
        .unwrap();
    for alert in &alerts {
        let routed = Routed {
            alert: alert.id,
            token: "routing",
            state: AlertState::Routed,
            trace: "{}",
            labels: &[],
            deliveries: &[delivery(value, group_key)],
        };
        assert!(tx.finish_routing(&routed).await.unwrap());
    }
    tx.commit().await.unwrap();
    alerts.into_iter().map(|alert| alert.id).collect()
}

fn routed<'a>(alert: AlertId, token: &'a str, labels: &'a [(String, String)]) -> Routed<'a> {
    Routed {
        alert,
        token,
        state: AlertState::Routed,
        trace: "{\"parts\": []}",
        labels,
        deliveries: &[],
    }
}

fn label(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

on_every_database! {
    async fn alerts_come_back_as_posted_in_the_order_of_posting(database: &TestDatabase) {
        let store = database.migrated().await;
        let bodies = ["{\"a\": \"日本\u{1f4a5}\"}", "{}", "{\"nul\": \"\\u0000\"}"];
        post(&store, &bodies).await;
        let tx = store.write_tx().await.unwrap();
        let claimed = tx.claim_alerts(Timestamp(1000), &lease("t", 2000), 10).await.unwrap();
        let stored: Vec<&str> = claimed.iter().map(|alert| alert.body.as_str()).collect();
        assert_eq!(stored, bodies);
        assert!(claimed.iter().all(|alert| alert.state == AlertState::Pending && alert.trace.is_empty()));
        let whole = tx.find_alert(claimed[0].id).await.unwrap();
        assert_eq!(whole.as_ref(), Some(&claimed[0]));
    }

    async fn a_thousand_alerts_and_one_of_many_megabytes_are_kept(database: &TestDatabase) {
        let store = database.migrated().await;
        let big = "x".repeat(9_000_000);
        let mut bodies = vec!["{}"; 1500];
        bodies.push(&big);
        post(&store, &bodies).await;
        assert_eq!(database.number("SELECT COUNT(*) FROM alert").await, 1501);
        let whole = "SELECT COUNT(*) FROM alert WHERE LENGTH(body) = 9000000";
        assert_eq!(database.number(whole).await, 1);
    }

    async fn a_lease_runs_out(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["{}"]).await;
        let claim = async |now: i64, token: &'static str| {
            let tx = store.write_tx().await.unwrap();
            let claimed = tx.claim_alerts(Timestamp(now), &lease(token, now + 100), 10).await.unwrap();
            tx.commit().await.unwrap();
            claimed.len()
        };
        assert_eq!(claim(1000, "first").await, 1);
        assert_eq!(claim(1099, "second").await, 0);
        assert_eq!(claim(1100, "third").await, 1);
    }

    async fn a_lost_lease_writes_nothing(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["{}"]).await;
        let tx = store.write_tx().await.unwrap();
        let alert = tx.claim_alerts(Timestamp(1000), &lease("slow", 1100), 1).await.unwrap()[0].id;
        tx.claim_alerts(Timestamp(1100), &lease("quick", 1200), 1).await.unwrap();
        let labels = [label("service", "shop")];
        let deliveries = [delivery("a@example.com", "g")];
        let slow = Routed { deliveries: &deliveries, ..routed(alert, "slow", &labels) };
        assert!(!tx.finish_routing(&slow).await.unwrap());
        assert_eq!(tx.alert_labels(alert).await.unwrap(), []);
        assert_eq!(tx.list_deliveries(alert).await.unwrap(), []);
        let quick = Routed { token: "quick", ..slow };
        assert!(tx.finish_routing(&quick).await.unwrap());
        assert_eq!(tx.list_deliveries(alert).await.unwrap().len(), 1);
        assert!(!tx.finish_routing(&quick).await.unwrap(), "once");
        assert_eq!(tx.list_deliveries(alert).await.unwrap().len(), 1);
    }

    async fn what_is_routed_is_not_claimed_again(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["{}", "{}"]).await;
        let tx = store.write_tx().await.unwrap();
        let claimed = tx.claim_alerts(Timestamp(1000), &lease("t", 1100), 10).await.unwrap();
        let dropped = Routed { state: AlertState::Dropped, ..routed(claimed[0].id, "t", &[]) };
        assert!(tx.finish_routing(&dropped).await.unwrap());
        let left = tx.claim_alerts(Timestamp(9999), &lease("t", 10_000), 10).await.unwrap();
        assert_eq!(left.iter().map(|alert| alert.id).collect::<Vec<_>>(), [claimed[1].id]);
        let stored = tx.find_alert(claimed[0].id).await.unwrap().unwrap();
        assert_eq!((stored.state, stored.trace.as_str()), (AlertState::Dropped, "{\"parts\": []}"));
    }

    async fn labels_are_kept_whatever_they_hold(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["{}"]).await;
        let tx = store.write_tx().await.unwrap();
        let alert = tx.claim_alerts(Timestamp(1000), &lease("t", 1100), 1).await.unwrap()[0].id;
        let long = "é\u{1f4a5}".repeat(1000);
        let labels = [
            label("a", ""),
            label("a", "x\ny\r\0z"),
            label(&"n".repeat(500), "v"),
            label("long", &long),
        ];
        assert!(tx.finish_routing(&routed(alert, "t", &labels)).await.unwrap());
        let stored = tx.alert_labels(alert).await.unwrap();
        let prefix: String = long.chars().take(255).collect();
        let expected = [
            label("a", ""),
            label("a", "x\ny\r\u{fffd}z"),
            label(&"n".repeat(128), "v"),
            label("long", &prefix),
        ];
        assert_eq!(stored, expected);
        tx.commit().await.unwrap();
        let hash = hex(&Sha256::digest(&long));
        let found = format!("SELECT COUNT(*) FROM alert_label WHERE name = 'long' AND hash = '{hash}'");
        assert_eq!(database.number(&found).await, 1);
        assert_eq!(database.number("SELECT COUNT(*) FROM alert_label WHERE hash IS NULL").await, 3);
    }

    async fn an_alert_may_have_very_many_labels(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["{}"]).await;
        let tx = store.write_tx().await.unwrap();
        let alert = tx.claim_alerts(Timestamp(1000), &lease("t", 1100), 1).await.unwrap()[0].id;
        let labels: Vec<_> = (0..2500).map(|number| label("instance", &format!("web{number}"))).collect();
        assert!(tx.finish_routing(&routed(alert, "t", &labels)).await.unwrap());
        assert_eq!(tx.alert_labels(alert).await.unwrap(), labels);
    }

    async fn alerts_are_listed_from_the_newest_in_pages(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["{\"n\": 1}", "{\"n\": 2}", "{\"n\": 3}"]).await;
        let tx = store.read_tx().await.unwrap();
        let page = tx.list_alerts(2, None).await.unwrap();
        assert_eq!(page.len(), 2);
        assert!(page[0].id > page[1].id);
        assert!(page.iter().all(|alert| alert.body.is_empty()));
        let rest = tx.list_alerts(2, Some(page[1].id)).await.unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(tx.find_alert(rest[0].id).await.unwrap().unwrap().body, "{\"n\": 1}");
        assert_eq!(tx.find_alert(AlertId(i64::MAX)).await.unwrap(), None);
    }

    async fn old_alerts_are_forgotten_by_state_and_age(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["{}", "{}", "{}"]).await;
        let ids = route_all(&store, "a@example.com", "g").await;
        let tx = store.write_tx().await.unwrap();
        tx.insert_alerts(&[NewAlert { created: Timestamp(500), body: "{}" }]).await.unwrap();
        let forget = async |state, before: i64, limit| {
            tx.delete_alerts(state, Timestamp(before), limit).await.unwrap()
        };
        assert_eq!(forget(AlertState::Routed, 1000, 100).await, 0, "not old enough");
        assert_eq!(forget(AlertState::Dropped, 5000, 100).await, 0, "another state");
        // The first two were superseded; the third still has a delivery to be made.
        assert_eq!(forget(AlertState::Routed, 1001, 1).await, 1, "no more than the limit");
        assert_eq!(forget(AlertState::Routed, 1001, 100).await, 1);
        assert_eq!(tx.find_alert(ids[0]).await.unwrap(), None);
        assert_eq!(tx.list_deliveries(ids[0]).await.unwrap(), []);
        assert_eq!(tx.list_deliveries(ids[2]).await.unwrap().len(), 1);
        assert_eq!(tx.list_alerts(10, None).await.unwrap().len(), 2, "the pending one stays");
    }

    async fn the_depth_counts_what_waits(database: &TestDatabase) {
        let store = database.migrated().await;
        let depth = async |now: i64| {
            store.read_tx().await.unwrap().queue_depth(Timestamp(now)).await.unwrap()
        };
        assert_eq!(depth(5000).await, QueueDepth::default());
        post(&store, &["{}"]).await;
        route_all(&store, "a@example.com", "g").await;
        assert_eq!(depth(999).await, QueueDepth::default(), "due later");
        let oldest = Some(Timestamp(1000));
        assert_eq!(depth(5000).await, QueueDepth { alerts: 0, deliveries: 1, oldest });
        let tx = store.write_tx().await.unwrap();
        for created in [700, 800] {
            tx.insert_alerts(&[NewAlert { created: Timestamp(created), body: "{}" }]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let oldest = Some(Timestamp(700));
        assert_eq!(depth(5000).await, QueueDepth { alerts: 2, deliveries: 1, oldest });
    }

    async fn an_alert_that_is_deleted_takes_its_history_along(database: &TestDatabase) {
        let store = database.migrated().await;
        post(&store, &["{}"]).await;
        let tx = store.write_tx().await.unwrap();
        let alert = tx.claim_alerts(Timestamp(1000), &lease("t", 1100), 1).await.unwrap()[0].id;
        let labels = [label("a", "b")];
        assert!(tx.finish_routing(&routed(alert, "t", &labels)).await.unwrap());
        assert_eq!(tx.delete_alerts(AlertState::Routed, Timestamp(1001), 1).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(database.number("SELECT COUNT(*) FROM alert_label").await, 0);
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
