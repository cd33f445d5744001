//! A worker that sleeps longer than it may.

use promgen_tests::databases::{Kind, TestDatabase};
use promgen_tests::sink::Behaviour;
use promgen_tests::wait::until;
use serde_json::Value;

use super::shop::{Shop, patient};

#[tokio::test(flavor = "multi_thread")]
async fn r6_an_attempt_is_completed_only_under_its_own_lease() {
    let Some(database) = TestDatabase::create(Kind::Postgres).await else {
        return;
    };
    // The lease is twice this and five seconds.
    let settings = patient("1s");
    let shop = Shop::with(Some(database.url().0.reveal().clone()), &settings).await;
    let web = shop.installation.web(&["--no-worker"]).await;
    shop.sink.behave("/shop", Behaviour::Held);
    let sleeper = shop.installation.worker(&[]);
    let accepted = shop.accept(&web, [1]).await;
    until("the first attempt", async || {
        (shop.sink.count("/shop") == 1).then_some(())
    })
    .await;
    sleeper.signal("STOP");
    shop.sink.behave("/shop", Behaviour::Status(200));

    let _other = shop.installation.worker(&[]);
    shop.assert_all_arrive(&accepted).await;
    assert_eq!(shop.sink.count("/shop"), 2, "the lease ran out first");

    sleeper.signal("CONT");
    until("the refusal", async || {
        sleeper.log().contains("lease lost").then_some(())
    })
    .await;
    shop.assert_all_arrive(&accepted).await;
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
