//! Alerts that are routed while they are stored, and deliveries that begin at once.

use promgen_core::model::*;
use promgen_core::store::{NewAlert, NewDelivery, NewRouted, Placed, Store};

use super::sample::{claim_due, delivery, lease};

/// Stores one routed alert for each delivery and begins those that can be begun.
async fn begin(store: &Store, token: &str, deliveries: &[NewDelivery]) -> Vec<Option<Delivery>> {
    let labels = [("alertname".to_owned(), "DiskFull".to_owned())];
    let alerts: Vec<NewRouted<'_>> = deliveries
        .iter()
        .map(|new| NewRouted {
            alert: NewAlert {
                created: Timestamp(1000),
                body: &new.value,
            },
            state: AlertState::Routed,
            trace: "{}",
            labels: &labels,
        })
        .collect();
    let tx = store.write_tx().await.unwrap();
    let ids = tx.insert_routed(&alerts).await.unwrap();
    let placed: Vec<Placed<'_>> = ids
        .iter()
        .zip(deliveries)
        .map(|(alert, new)| Placed {
            alert: *alert,
            new,
            begin: new.driver != "later",
        })
        .collect();
    let lease = lease(token, 9000);
    let begun = tx.insert_deliveries(&placed, Some(&lease)).await.unwrap();
    tx.commit().await.unwrap();
    begun
}

on_every_database! {
    async fn each_row_is_told_its_own_identity(database: &TestDatabase) {
        let store = database.migrated().await;
        let many: Vec<NewDelivery> = (0..1500)
            .map(|number| delivery(&format!("to-{number}"), "group"))
            .collect();
        let begun = begin(&store, "t", &many).await;
        let tx = store.read_tx().await.unwrap();
        for (new, begun) in many.iter().zip(begun) {
            let begun = begun.unwrap();
            let stored = tx.find_delivery(begun.id).await.unwrap().unwrap();
            assert_eq!(stored, begun);
            assert_eq!(stored.value, new.value);
        }
        for number in [0, 1, 999, 1000, 1499] {
            let value = &many[number].value;
            let due = database.number(&format!("SELECT alert FROM delivery WHERE value = '{value}'")).await;
            let alert = tx.find_alert(AlertId(due)).await.unwrap().unwrap();
            assert_eq!(&alert.body, value);
            assert_eq!(alert.state, AlertState::Routed);
            assert_eq!(tx.alert_labels(alert.id).await.unwrap().len(), 1);
        }
    }

    async fn what_began_is_leased_and_what_did_not_is_due(database: &TestDatabase) {
        let store = database.migrated().await;
        let later = NewDelivery { driver: "later".to_owned(), ..delivery("b", "g") };
        let begun = begin(&store, "t", &[delivery("a", "g"), later]).await;
        assert_eq!(begun[0].as_ref().map(|one| one.attempts), Some(1));
        assert_eq!(begun[1], None);
        let tx = store.write_tx().await.unwrap();
        let claimed = claim_due(&tx, 1000, &lease("other", 9000), 10).await.unwrap();
        assert_eq!(claimed.iter().map(|one| one.value.as_str()).collect::<Vec<_>>(), ["b"]);
        tx.commit().await.unwrap();
        // Whoever began it was killed: when the lease ends, somebody else has it.
        let tx = store.write_tx().await.unwrap();
        let claimed = claim_due(&tx, 9000, &lease("third", 19_000), 10).await.unwrap();
        assert_eq!(claimed.len(), 2);
        assert_eq!(claimed.iter().find(|one| one.value == "a").unwrap().attempts, 2);
    }

    async fn of_one_group_the_newest_begins_and_only_when_none_is_under_way(database: &TestDatabase) {
        let store = database.migrated().await;
        let one = || delivery("a", "g");
        let first = begin(&store, "t", &[one(), one(), one()]).await;
        assert_eq!(first.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true]);
        let superseded = "SELECT COUNT(*) FROM delivery WHERE state = 'superseded'";
        assert_eq!(database.number(superseded).await, 2);
        // One is being attempted: the next waits for it, and is not superseded by itself.
        assert_eq!(begin(&store, "u", &[one()]).await, [None]);
        assert_eq!(database.number(superseded).await, 2);
        // And a newer one takes the place of the one that waited.
        assert_eq!(begin(&store, "v", &[one()]).await, [None]);
        assert_eq!(database.number(superseded).await, 3);
    }

    async fn a_message_replaces_only_what_its_own_source_told(database: &TestDatabase) {
        let store = database.migrated().await;
        let later = |source: &str| NewDelivery {
            driver: "later".to_owned(),
            source: source.to_owned(),
            ..delivery("a", "g")
        };
        begin(&store, "t", &[later("one"), later("other"), later("one")]).await;
        begin(&store, "t", &[later("other")]).await;
        let state = "SELECT COUNT(*) FROM delivery WHERE state = 'superseded' AND alert IN";
        assert_eq!(database.number(&format!("{state} (1, 2)")).await, 2);
        assert_eq!(database.number(&format!("{state} (3, 4)")).await, 0);
        // What is left has one order all the same.
        let tx = store.write_tx().await.unwrap();
        let claimed = claim_due(&tx, 1000, &lease("t", 9000), 10).await.unwrap();
        assert_eq!(claimed.iter().map(|one| one.alert).collect::<Vec<_>>(), [AlertId(3)]);
    }

    async fn a_destination_can_be_passed_over(database: &TestDatabase) {
        let store = database.migrated().await;
        let later = |value: &str| NewDelivery { driver: "later".to_owned(), ..delivery(value, value) };
        begin(&store, "t", &[later("a"), later("b"), later("c")]).await;
        let tx = store.read_tx().await.unwrap();
        let except = [later("a").destination(), later("c").destination()];
        let due = tx.due_deliveries(Timestamp(1000), 10, &except).await.unwrap();
        assert_eq!(due.iter().map(|(_, to)| to.value.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(tx.due_deliveries(Timestamp(999), 10, &[]).await.unwrap(), []);
        // As many as can be closed at once, in a statement that every database takes.
        let many = (0..5000).map(|number| later(&format!("closed {number}")).destination());
        let except: Vec<_> = many.chain(except).collect();
        assert_eq!(tx.due_deliveries(Timestamp(1000), 10, &except).await.unwrap(), due);
    }
}
