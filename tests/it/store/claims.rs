//! Several workers at once: nothing is claimed twice, nothing is left.

use std::collections::BTreeSet;
use std::sync::Arc;

use promgen_core::model::*;
use promgen_core::store::{Routed, Store, StoreError};
use promgen_tests::databases::Kind;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::sample::{claim_due, delivery, lease, post};

const WORKERS: usize = 4;

/// Runs `work` as four workers that begin at the same moment, and gathers what they did.
async fn at_once<F, Done>(store: &Store, work: impl Fn(Store, usize) -> F) -> Vec<Done>
where
    F: Future<Output = Result<Vec<Done>, StoreError>> + Send + 'static,
    Done: Send + 'static,
{
    let start = Arc::new(Barrier::new(WORKERS));
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let (start, working) = (Arc::clone(&start), work(store.clone(), worker));
        workers.spawn(async move {
            start.wait().await;
            working.await
        });
    }
    let mut all = Vec::new();
    for done in workers.join_all().await {
        all.extend(done.unwrap());
    }
    all
}

/// Runs a transaction again when the database undid it in favour of another one.
async fn persistently<T, F>(mut work: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    loop {
        match work().await {
            Err(StoreError::Deadlock) => {}
            other => return other,
        }
    }
}

async fn route_until_empty(store: Store, worker: usize) -> Result<Vec<AlertId>, StoreError> {
    let mut done = Vec::new();
    loop {
        let token = format!("{worker}-{}", done.len());
        let claimed = persistently(|| async {
            let tx = store.write_tx().await?;
            let claimed = tx
                .claim_alerts(Timestamp(1000), &lease(&token, 9000), 7)
                .await?;
            tx.commit().await?;
            Ok(claimed)
        })
        .await?;
        if claimed.is_empty() {
            return Ok(done);
        }
        for alert in claimed {
            let address = format!("{}@example.com", alert.body);
            persistently(|| async {
                let tx = store.write_tx().await?;
                let routed = Routed {
                    alert: alert.id,
                    token: &token,
                    state: AlertState::Routed,
                    trace: "{}",
                    labels: &[],
                    deliveries: &[delivery(&address, "g")],
                };
                assert!(tx.finish_routing(&routed).await?);
                tx.commit().await
            })
            .await?;
            done.push(alert.id);
        }
    }
}

async fn claim_until_empty(store: Store, worker: usize) -> Result<Vec<DeliveryId>, StoreError> {
    let mut done = Vec::new();
    loop {
        let token = format!("{worker}-{}", done.len());
        let claimed = persistently(|| async {
            let tx = store.write_tx().await?;
            let claimed = claim_due(&tx, 1000, &lease(&token, 9000), 7).await?;
            tx.commit().await?;
            Ok(claimed)
        })
        .await?;
        if claimed.is_empty() {
            return Ok(done);
        }
        done.extend(claimed.into_iter().map(|delivery| delivery.id));
    }
}

on_every_database! {
    async fn every_alert_is_routed_once_and_every_delivery_claimed_once(database: &TestDatabase) {
        let store = database.migrated().await;
        let bodies: Vec<String> = (0..200).map(|number| number.to_string()).collect();
        post(&store, &bodies.iter().map(String::as_str).collect::<Vec<_>>()).await;

        let routed = at_once(&store, route_until_empty).await;
        assert_eq!(routed.len(), 200, "no alert is claimed by two");
        assert_eq!(routed.iter().collect::<BTreeSet<_>>().len(), 200);

        // A worker may find nothing while the last rows are being claimed by others; what matters
        // is that none is claimed twice and none is left behind.
        let mut claimed = at_once(&store, claim_until_empty).await;
        claimed.extend(claim_until_empty(store.clone(), WORKERS).await.unwrap());
        assert_eq!(claimed.len(), 200, "no delivery is claimed by two");
        assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 200);
        assert_eq!(database.number("SELECT COUNT(*) FROM delivery WHERE attempts = 1").await, 200);
    }

    async fn a_claim_passes_over_what_another_one_holds(database: &TestDatabase) {
        if database.kind() == Kind::Sqlite {
            // There is one writer at a time there.
            return;
        }
        let store = database.migrated().await;
        post(&store, &["1", "2", "3"]).await;
        let slow = store.write_tx().await.unwrap();
        let first = slow.claim_alerts(Timestamp(1000), &lease("slow", 2000), 1).await.unwrap();
        let quick = store.write_tx().await.unwrap();
        let others = quick.claim_alerts(Timestamp(1000), &lease("quick", 2000), 10).await.unwrap();
        assert_eq!((first.len(), others.len()), (1, 2));
        quick.commit().await.unwrap();
        slow.rollback().await.unwrap();
        let tx = store.write_tx().await.unwrap();
        let again = tx.claim_alerts(Timestamp(1000), &lease("again", 2000), 10).await.unwrap();
        assert_eq!(again, first, "what was given up is free again");
    }

    async fn of_one_group_only_one_is_out_at_a_time(database: &TestDatabase) {
        let store = database.migrated().await;
        for number in 0..40 {
            post(&store, &[if number % 2 == 0 { "even" } else { "odd" }]).await;
            route_until_empty(store.clone(), 0).await.unwrap();
            // As after an attempt that failed: no newer message may replace it.
            database.execute("UPDATE delivery SET attempts = 1").await;
        }
        assert_eq!(database.number("SELECT COUNT(*) FROM delivery WHERE state = 'pending'").await, 40);
        let claimed = at_once(&store, claim_until_empty).await;
        assert_eq!(claimed.len(), 2, "the oldest of each group, and no other while they are out");
        let oldest = database.number("SELECT MIN(id) FROM delivery").await;
        let claimed: BTreeSet<i64> = claimed.into_iter().map(|id| id.0).collect();
        assert_eq!(claimed, BTreeSet::from([oldest, oldest + 1]));
    }
}
