//! S4: a peer that takes its time takes nobody else's.

use promgen_core::plugin::Pace;
use promgen_tests::promgen::QUICK;
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::wait::until;
use serde_json::json;

use crate::deliveries::{World, last_message, one};

fn sender(url: &str, alias: &str) -> String {
    format!("{{driver: promgen.notification.webhook, value: '{url}', alias: '{alias}'}}")
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_a_peer_that_never_ends_is_left_at_the_deadline() {
    let sink = Sink::start().await;
    sink.behave("/silence", Behaviour::Silence);
    sink.behave("/drip", Behaviour::Drip);
    let senders = ["/silence", "/drip"].map(|path| sender(&sink.url(path), path));
    let settings = QUICK.replace("timeout: 2s", "timeout: 500ms");
    let world = World::new(&settings, &senders.join(", ")).await;
    world.post().await;
    let deliveries = world.ended(2).await;
    for path in ["/silence", "/drip"] {
        let delivery = one(&deliveries, path);
        assert_eq!(delivery["state"], "dead");
        let said = last_message(delivery);
        assert!(said.contains("no answer within 0.5 s"), "{path}: {said}");
    }
}

/// Destinations that never answer.
const HANGING: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn s4_peers_that_hang_hold_up_nobody_else() {
    let sink = Sink::start().await;
    let mut senders = vec![sender(&sink.url("/good"), "good")];
    for number in 0..HANGING {
        let path = format!("/silence/{number}");
        let behaviour = if number % 2 == 0 {
            Behaviour::Silence
        } else {
            Behaviour::Drip
        };
        sink.behave(&path, behaviour);
        senders.push(sender(&sink.url(&path), &path));
    }
    // Far longer than the test may take: whoever waits for one of them waits in vain.
    let settings = "egress: {allow: [127.0.0.0/8]}\ndelivery: {timeout: 10m, concurrency: 16}\n";
    let world = World::new(settings, &senders.join(", ")).await;
    let most = Pace::USUAL.at_once;
    for number in 0..3 * most {
        let message = json!({"status": "firing", "groupKey": format!("{number}"),
            "commonLabels": {"service": "shop"}});
        world.post_message(&message).await;
    }
    until("all messages to arrive", async || {
        (sink.on("/good").len() == 3 * most).then_some(())
    })
    .await;
    for number in 0..HANGING {
        let held = sink.on(&format!("/silence/{number}")).len();
        assert!(held <= most, "{held} at once to one destination");
    }
}
