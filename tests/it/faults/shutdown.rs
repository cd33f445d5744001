//! A worker that is asked to end while it delivers.

use promgen_core::plugin::Pace;
use promgen_tests::sink::Behaviour;
use promgen_tests::wait::until;

use super::shop::{Shop, patient};

const MESSAGES: usize = 60;

/// Deliveries that wait for whoever claims them.
const RELEASED: &str =
    "SELECT COUNT(*) FROM delivery WHERE state = 'pending' AND lease_token IS NULL";

/// The worker lives in the process that takes the messages in, so that they are handed to it, and it
/// holds leases on those that wait for their turn.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_ends_and_the_rest_is_released_at_once() {
    let at_once = Pace::USUAL.at_once;
    // A lease takes twice this and five seconds: whoever waited for its end would be too late for
    // the patience of a test.
    let shop = Shop::with(None, &patient("60s")).await;
    shop.sink.behave("/shop", Behaviour::Held);
    let web = shop.installation.web(&[]).await;
    let accepted = shop.accept(&web, 0..MESSAGES).await;
    until("as many attempts as the receiver bears", async || {
        (shop.sink.count("/shop") == at_once).then_some(())
    })
    .await;
    let process = web.process;
    process.signal("TERM");
    until("the rest to be released", async || {
        let released = usize::try_from(shop.number(RELEASED).await).ok();
        (released == Some(MESSAGES - at_once)).then_some(())
    })
    .await;
    shop.sink.behave("/shop", Behaviour::Status(200));
    let ended = tokio::task::spawn_blocking(move || process.wait());
    assert!(ended.await.unwrap().success());
    assert_eq!(
        shop.sink.count("/shop"),
        at_once,
        "nothing more is begun on the way out"
    );

    let _worker = shop.installation.worker(&[]);
    shop.assert_all_arrive(&accepted).await;
    assert_eq!(shop.sink.count("/shop"), MESSAGES, "nothing went out twice");
}
