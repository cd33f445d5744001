//! Killed without warning, again and again: nothing that was accepted is lost.

use std::collections::{BTreeMap, BTreeSet};

use promgen_tests::http::post_alerts;
use promgen_tests::promgen::{Installation, QUICK};
use promgen_tests::sink::Sink;
use promgen_tests::wait::until;
use serde_json::json;

/// How often; `PROMGEN_KILLS` asks for a longer run.
fn kills() -> usize {
    std::env::var("PROMGEN_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20)
}

fn installation(sink: &Sink) -> Installation {
    let installation = Installation::new(
        None,
        &QUICK
            .replace("give_up_after: 3s", "give_up_after: 1h")
            .replace("timeout: 2s", "timeout: 200ms"),
    );
    installation.load(&format!(
        "promgen: 1\nusers: [{{username: alertmanager}}]\nservices:\n- name: shop\n  senders:\n  \
         - {{driver: promgen.notification.webhook, value: '{}'}}\n",
        sink.url("/shop")
    ));
    installation
}

fn message(number: usize) -> String {
    let labels = json!({"service": "shop", "number": number.to_string()});
    json!({
        "version": "4", "status": "firing", "groupKey": format!("group {number}"),
        "commonLabels": labels, "alerts": [{"status": "firing", "labels": labels}],
    })
    .to_string()
}

/// Deliveries by the number of the message that they carried.
fn arrived(sink: &Sink) -> BTreeMap<String, BTreeSet<String>> {
    let mut arrived: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in sink.on("/shop") {
        let number = one.json["commonLabels"]["number"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        arrived
            .entry(number)
            .or_default()
            .insert(one.delivery().to_owned());
    }
    arrived
}

async fn assert_all_arrive(installation: &Installation, sink: &Sink, accepted: &BTreeSet<String>) {
    until("every accepted alert", async || {
        let arrived = arrived(sink);
        accepted
            .iter()
            .all(|number| arrived.contains_key(number))
            .then_some(())
    })
    .await;
    for (number, deliveries) in arrived(sink) {
        assert_eq!(
            deliveries.len(),
            1,
            "message {number} went out under several delivery ids"
        );
    }
    until("a terminal state for each", async || {
        let list = installation.ok(&["alerts", "list", "--limit", "100000", "--format", "json"]);
        let alerts: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap_or_default();
        let done = |alert: &serde_json::Value| {
            alert["state"] == "routed" && alert["sent_count"] == 1 && alert["error_count"] == 0
        };
        (alerts.len() >= accepted.len() && alerts.iter().all(done)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_mid_delivery_loses_nothing() {
    let sink = Sink::start().await;
    let installation = installation(&sink);
    let token = installation.alerts_token("alertmanager");
    let web = installation.web(&["--no-worker"]).await;
    let mut accepted = BTreeSet::new();
    for number in 0..kills() {
        let worker = installation.worker(&[]);
        let answer = post_alerts(&web.url, &token, message(number))
            .await
            .expect("an answer");
        assert_eq!(answer.status, 202);
        accepted.insert(number.to_string());
        // Half of the time it dies as soon as the message is on its way, else a little earlier.
        if number % 2 == 0 {
            until("the message", async || {
                arrived(&sink)
                    .contains_key(&number.to_string())
                    .then_some(())
            })
            .await;
        }
        worker.kill();
    }
    let _worker = installation.worker(&[]);
    assert_all_arrive(&installation, &sink, &accepted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_mid_intake_keeps_what_it_accepted() {
    let sink = Sink::start().await;
    let installation = installation(&sink);
    let token = installation.alerts_token("alertmanager");
    let mut accepted = BTreeSet::new();
    let mut number = 0;
    for _ in 0..kills() {
        let web = installation.web(&["--no-worker"]).await;
        let mut posts = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (url, token) = (web.url.clone(), token.clone());
            let mine = number;
            number += 1;
            posts.spawn(async move { (mine, post_alerts(&url, &token, message(mine)).await) });
        }
        // The first answer is the moment to strike: the others are under way.
        let first = posts.join_next().await;
        web.process.kill();
        let mut answers: Vec<_> = first.into_iter().collect();
        while let Some(answer) = posts.join_next().await {
            answers.push(answer);
        }
        for (number, answer) in answers.into_iter().flatten() {
            if answer.is_some_and(|answer| answer.status == 202) {
                accepted.insert(number.to_string());
            }
        }
    }
    assert!(!accepted.is_empty());
    let _worker = installation.worker(&[]);
    assert_all_arrive(&installation, &sink, &accepted).await;
}
