//! Who was chosen, and what became of each of them.

use std::collections::{BTreeMap, BTreeSet};

use promgen_tests::http::post_alerts;
use promgen_tests::promgen::{Installation, QUICK};
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::wait::until;
use serde_json::{Value, json};

/// Every alias is the path of the sink that it goes to.
const PATHS: [&str; 6] = ["well", "gone", "broken", "major", "web", "other"];

const MESSAGES: usize = 40;

/// A service with a filter, a project of it, and a service of somebody else.
fn tree(sink: &Sink) -> String {
    let sender = |path: &str, more: &str| {
        let url = sink.url(&format!("/{path}"));
        format!("{{driver: promgen.notification.webhook, alias: {path}, value: '{url}'{more}}}")
    };
    format!(
        "promgen: 1\nusers: [{{username: am}}]\nshards: [{{name: main}}]\nservices:\n\
         - name: shop\n  senders: [{}, {}, {}, {}]\n  projects:\n  - {{name: web, shard: main, senders: [{}]}}\n\
         - {{name: other, senders: [{}]}}\n",
        sender("well", ""),
        sender("gone", ""),
        sender("broken", ""),
        sender("major", ", filters: [{name: severity, value: major}]"),
        sender("web", ""),
        sender("other", ""),
    )
}

/// All kinds of labels in turn, and few groups, so that some messages replace others.
fn message(number: usize) -> Value {
    let mut labels = BTreeMap::from([("number", number.to_string())]);
    match number % 5 {
        0 => drop(labels.insert("service", "shop".to_owned())),
        1 => labels.extend([
            ("service", "shop".to_owned()),
            ("severity", "major".to_owned()),
        ]),
        2 => labels.extend([
            ("service", "shop".to_owned()),
            ("project", "web".to_owned()),
        ]),
        3 => drop(labels.insert("service", "other".to_owned())),
        _ => drop(labels.insert("service", "nobody".to_owned())),
    }
    json!({
        "status": "firing", "groupKey": (number % 15).to_string(),
        "commonLabels": labels, "alerts": [{"labels": labels}],
    })
}

/// Posts all messages, and answers their reports once everything has come to an end.
async fn reports(installation: &Installation, sink: &Sink) -> Vec<Value> {
    sink.behave("/gone", Behaviour::Status(404));
    sink.behave("/broken", Behaviour::Status(500));
    installation.load(&tree(sink));
    let web = installation.web(&[]).await;
    let token = installation.alerts_token("am");
    for number in 0..MESSAGES {
        let answer = post_alerts(&web.url, &token, message(number).to_string()).await;
        assert_eq!(answer.expect("an answer").status, 202);
    }
    let mut reports = Vec::new();
    for id in 1..=MESSAGES {
        let ended = until("the end of each delivery", async || {
            let shown = installation.ok(&["alerts", "show", &id.to_string(), "--format", "json"]);
            let shown: Value = serde_json::from_str(&shown).ok()?;
            let ended = |one: &Value| one["state"] != "pending";
            let ended = shown["deliveries"].as_array()?.iter().all(ended);
            (ended && shown["state"] != "pending").then_some(shown)
        });
        reports.push(ended.await);
    }
    reports
}

/// Aliases of those who were chosen.
fn chosen(report: &Value) -> Vec<&str> {
    let parts = report["routing"]["parts"].as_array().expect("parts");
    let recipients = parts
        .iter()
        .filter_map(|part| part["recipients"].as_array());
    let aliases = recipients.flatten().map(|one| one["alias"].as_str());
    aliases.map(|alias| alias.expect("an alias")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_every_alert_ends_for_each_recipient() {
    let sink = Sink::start().await;
    let installation = Installation::new(None, QUICK);
    let mut states = BTreeSet::new();
    for report in reports(&installation, &sink).await {
        let deliveries = report["deliveries"].as_array().expect("deliveries");
        let shown = |one: &Value| one["shown"].as_str().expect("an alias").to_owned();
        let mut delivered: Vec<String> = deliveries.iter().map(shown).collect();
        let mut recipients = chosen(&report);
        delivered.sort();
        recipients.sort_unstable();
        assert_eq!(delivered, recipients, "one delivery for each: {report}");
        for one in deliveries {
            let state = one["state"].as_str().expect("a state");
            let dead = ["gone", "broken"].contains(&shown(one).as_str());
            assert_eq!(dead && state != "superseded", state == "dead", "{one}");
            states.insert(state.to_owned());
        }
        // Whoever does not get it has a reason for that.
        let decisions = report["routing"]["decisions"]
            .as_array()
            .expect("decisions");
        assert!(!decisions.is_empty());
        assert!(decisions.iter().all(|one| one["reason"].is_string()));
    }
    let all = ["dead", "sent", "superseded"].map(str::to_owned);
    assert_eq!(states, BTreeSet::from(all), "the test meets every end");
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_nobody_outside_the_trace_gets_anything() {
    let sink = Sink::start().await;
    let installation = Installation::new(None, QUICK);
    let mut allowed: BTreeSet<(String, String)> = BTreeSet::new();
    for report in reports(&installation, &sink).await {
        let number = report["body"]["commonLabels"]["number"].as_str();
        let number = number.expect("a number").to_owned();
        for alias in chosen(&report) {
            allowed.insert((number.clone(), format!("/{alias}")));
        }
    }
    let received = sink.received();
    for one in &received {
        let number = one.json["commonLabels"]["number"].as_str();
        let got = (number.expect("a number").to_owned(), one.path.clone());
        assert!(allowed.contains(&got), "{got:?} is not in the trace");
    }
    let paths: BTreeSet<&str> = received.iter().map(|one| &one.path[1..]).collect();
    assert_eq!(paths, BTreeSet::from(PATHS));
}
