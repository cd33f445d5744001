//! Receivers that hang, fail for a while, or get a burst.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use promgen_tests::http::post_alerts;
use promgen_tests::promgen::{Installation, QUICK, Web};
use promgen_tests::sink::{Behaviour, Received, Sink};
use promgen_tests::wait::until;
use serde_json::{Value, json};

use super::shop::patient;

/// A service per path of the sink, named like it.
struct Mall {
    installation: Installation,
    sink: Sink,
    web: Web,
    token: String,
}

impl Mall {
    async fn open(settings: &str, services: &[&str]) -> Self {
        let sink = Sink::start().await;
        let installation = Installation::new(None, settings);
        let services: Vec<String> = services
            .iter()
            .map(|name| {
                let url = sink.url(&format!("/{name}"));
                format!(
                    "- {{name: {name}, senders: [{{driver: promgen.notification.webhook, value: '{url}'}}]}}"
                )
            })
            .collect();
        installation.load(&format!(
            "promgen: 1\nusers: [{{username: am}}]\nservices:\n{}\n",
            services.join("\n")
        ));
        let web = installation.web(&[]).await;
        let token = installation.alerts_token("am");
        Self {
            installation,
            sink,
            web,
            token,
        }
    }

    async fn post(&self, message: &Value) {
        let answer = post_alerts(&self.web.url, &self.token, message.to_string()).await;
        assert_eq!(answer.expect("an answer").status, 202);
    }

    async fn until_count(&self, path: &str, count: usize) {
        until(&format!("{count} on {path}"), async || {
            (self.sink.count(path) >= count).then_some(())
        })
        .await;
    }
}

fn message(service: &str, group: usize, status: &str, sequence: usize) -> Value {
    json!({
        "status": status, "groupKey": group.to_string(),
        "commonLabels": {"service": service, "sequence": sequence.to_string()},
    })
}

fn sequence(one: &Received) -> usize {
    let text = one.json["commonLabels"]["sequence"].as_str();
    text.and_then(|text| text.parse().ok()).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_holds_up_nobody_else() {
    let settings = QUICK.replace("timeout: 2s", "timeout: 30s");
    let mall = Mall::open(&settings, &["hung", "well"]).await;
    mall.sink.behave("/hung", Behaviour::Silence);
    for group in 0..20 {
        mall.post(&message("hung", group, "firing", 0)).await;
    }
    mall.until_count("/hung", 1).await;
    let posted = Instant::now();
    mall.post(&message("well", 0, "firing", 0)).await;
    let received = mall.sink.first("/well", "firing").await;
    let took = received.at.saturating_duration_since(posted);
    assert!(took < Duration::from_secs(1), "it took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn receivers_that_hang_are_never_too_many_for_another() {
    const HUNG: usize = 18;
    let settings = QUICK.replace("timeout: 2s", "timeout: 2m, concurrency: 1");
    let hung: Vec<String> = (0..HUNG).map(|number| format!("hung{number}")).collect();
    let services: Vec<&str> = hung.iter().map(String::as_str).chain(["well"]).collect();
    let mall = Mall::open(&settings, &services).await;
    for name in &hung {
        mall.sink.behave(&format!("/{name}"), Behaviour::Silence);
        mall.post(&message(name, 0, "firing", 0)).await;
    }
    // All of them hang at the same time: none has reached its deadline yet.
    for name in &hung {
        mall.until_count(&format!("/{name}"), 1).await;
    }
    let posted = Instant::now();
    mall.post(&message("well", 0, "firing", 0)).await;
    let received = mall.sink.first("/well", "firing").await;
    let took = received.at.saturating_duration_since(posted);
    assert!(took < Duration::from_secs(3), "it took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_destination_gets_firing_before_resolved_although_it_failed_first() {
    const GROUPS: usize = 10;
    let mall = Mall::open(&patient("2s"), &["shop"]).await;
    mall.sink.behave("/shop", Behaviour::Status(500));
    for group in 0..GROUPS {
        mall.post(&message("shop", group, "firing", 1)).await;
    }
    // What was tried is not replaced by what comes after it.
    until("an attempt at each", async || {
        (by_group(&mall.sink).len() == GROUPS).then_some(())
    })
    .await;
    for group in 0..GROUPS {
        mall.post(&message("shop", group, "resolved", 2)).await;
    }
    let failed = mall.sink.count("/shop");
    mall.until_count("/shop", failed + GROUPS).await;
    let refused: Vec<usize> = by_group(&mall.sink).values().map(Vec::len).collect();
    assert!(
        by_group(&mall.sink).values().flatten().all(|one| *one == 1),
        "resolved waits behind firing: {refused:?}"
    );
    mall.sink.behave("/shop", Behaviour::Status(200));
    until("the end of each group", async || {
        let groups = by_group(&mall.sink);
        groups.values().all(|got| got.contains(&2)).then_some(())
    })
    .await;
    for (group, got) in by_group(&mall.sink) {
        assert!(got.is_sorted(), "group {group}: {got:?}");
        assert_eq!(got.iter().filter(|one| **one == 2).count(), 1);
    }
    let list = mall
        .installation
        .ok(&["alerts", "list", "--format", "json"]);
    let alerts: Vec<Value> = serde_json::from_str(&list).unwrap();
    assert_eq!(alerts.len(), 2 * GROUPS);
}

/// Sequence numbers in the order in which they came in.
fn by_group(sink: &Sink) -> BTreeMap<String, Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for one in sink.on("/shop") {
        let group = one.json["groupKey"].as_str().unwrap_or_default();
        groups
            .entry(group.to_owned())
            .or_default()
            .push(sequence(&one));
    }
    groups
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_keeps_the_order_of_each_group_and_its_last_message() {
    const GROUPS: usize = 100;
    const EACH: usize = 100;
    let mall = Mall::open(&patient("2s"), &["shop"]).await;
    let groups = (0..GROUPS).map(async |group| {
        for sequence in 1..=EACH {
            mall.post(&message("shop", group, "firing", sequence)).await;
        }
    });
    futures_util::future::join_all(groups).await;
    until("the last of each group", async || {
        let groups = by_group(&mall.sink);
        let ended = |got: &Vec<usize>| got.last() == Some(&EACH);
        (groups.len() == GROUPS && groups.values().all(ended)).then_some(())
    })
    .await;
    for (group, got) in by_group(&mall.sink) {
        let increases = got.is_sorted_by(|one, next| one < next);
        assert!(increases, "group {group}: {got:?}");
    }
}
