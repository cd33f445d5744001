//! A worker that sleeps longer than it may.

use std::collections::BTreeSet;

use promgen_core::model::{DeliveryId, Timestamp};
use promgen_core::store::Lease;
use promgen_tests::databases::{Kind, TestDatabase};
use promgen_tests::process::Running;
use promgen_tests::promgen::Web;
use promgen_tests::sink::Behaviour;
use promgen_tests::wait::until;
use serde_json::Value;

use super::shop::{Shop, patient};

/// A worker with an attempt under way that the receiver does not answer.
struct Attempting {
    shop: Shop,
    _web: Web,
    sleeper: Running,
    accepted: BTreeSet<String>,
}

impl Attempting {
    /// The lease is twice the timeout and five seconds.
    async fn on(database: &TestDatabase, timeout: &str) -> Self {
        let url = database.url().0.reveal().clone();
        let shop = Shop::with(Some(url), &patient(timeout)).await;
        let web = shop.installation.web(&["--no-worker"]).await;
        shop.sink.behave("/shop", Behaviour::Held);
        let sleeper = shop.installation.worker(&[]);
        let accepted = shop.accept(&web, [1]).await;
        until("the first attempt", async || {
            (shop.sink.count("/shop") == 1).then_some(())
        })
        .await;
        Self {
            shop,
            _web: web,
            sleeper,
            accepted,
        }
    }

    /// Another worker makes the delivery; the first one wakes and says that it came too late.
    async fn assert_taken_over(&self, said: &str) {
        let Self {
            shop,
            sleeper,
            accepted,
            ..
        } = self;
        let _other = shop.installation.worker(&[]);
        shop.assert_all_arrive(accepted).await;
        assert_eq!(shop.sink.count("/shop"), 2, "the lease ran out first");

        sleeper.signal("CONT");
        until("the refusal", async || {
            sleeper.log().contains(said).then_some(())
        })
        .await;
        shop.assert_all_arrive(accepted).await;
        let shown = shop
            .installation
            .ok(&["alerts", "show", "1", "--format", "json"]);
        let shown: Value = serde_json::from_str(&shown).unwrap();
        let delivery = &shown["deliveries"][0];
        assert_eq!(delivery["state"], "sent");
        let attempts = delivery["attempts"].as_array().unwrap();
        let outcomes: Vec<_> = attempts.iter().map(|one| &one["outcome"]).collect();
        assert_eq!(outcomes, ["sent"], "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_an_attempt_is_completed_only_under_its_own_lease() {
    let Some(database) = TestDatabase::create(Kind::Postgres).await else {
        return;
    };
    let attempting = Attempting::on(&database, "1s").await;
    attempting.sleeper.pause().await;
    attempting.shop.sink.behave("/shop", Behaviour::Status(200));
    attempting.assert_taken_over("lease lost").await;
}

/// A worker that is stopped after it wrote, and before it could commit, holds the lock of what it wrote.
async fn stopped_in_a_transaction(kind: Kind, locked_out: &str) {
    let Some(database) = TestDatabase::create(kind).await else {
        return;
    };
    let attempting = Attempting::on(&database, "3s").await;
    // Somebody else has the row when the attempt is to be recorded, which so waits half-way.
    let store = database.open().await;
    let tx = store.write_tx().await.unwrap();
    let lease = Lease {
        token: "of nobody".to_owned(),
        until: Timestamp(0),
    };
    tx.claim_deliveries(&[DeliveryId(1)], &lease).await.unwrap();
    attempting.shop.sink.behave("/shop", Behaviour::Status(200));
    until("the attempt to wait for the lock", async || {
        (database.number(locked_out).await == 1).then_some(())
    })
    .await;
    attempting.sleeper.pause().await;
    tx.rollback().await.unwrap();
    attempting.assert_taken_over("not recorded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_a_worker_stopped_in_a_transaction_keeps_nothing_locked_on_postgresql() {
    let locked_out = "SELECT count(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    stopped_in_a_transaction(Kind::Postgres, locked_out).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_a_worker_stopped_in_a_transaction_keeps_nothing_locked_on_mariadb() {
    let locked_out = "SELECT count(*) FROM information_schema.processlist \
        WHERE db = database() AND info LIKE 'UPDATE `delivery` SET `state`%'";
    stopped_in_a_transaction(Kind::MariaDb, locked_out).await;
}
