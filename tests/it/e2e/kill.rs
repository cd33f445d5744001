//! Killed without warning, again and again: nothing that was accepted is lost.

use std::collections::BTreeSet;

use promgen_tests::wait::until;

use crate::faults::shop::Shop;

/// How often; `PROMGEN_KILLS` asks for a longer run.
pub(crate) fn kills() -> usize {
    std::env::var("PROMGEN_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_mid_delivery_loses_nothing() {
    let shop = Shop::new(None).await;
    let web = shop.installation.web(&["--no-worker"]).await;
    let mut accepted = BTreeSet::new();
    for number in 0..kills() {
        let worker = shop.installation.worker(&[]);
        accepted.extend(shop.accept(&web, [number]).await);
        // Half of the time it dies as soon as the message is on its way, else a little earlier.
        if number % 2 == 0 {
            until("the message", async || {
                shop.arrived()
                    .contains_key(&number.to_string())
                    .then_some(())
            })
            .await;
        }
        worker.kill();
    }
    let _worker = shop.installation.worker(&[]);
    shop.assert_all_arrive(&accepted).await;
}
