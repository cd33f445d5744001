//! Chats and pagers, through the whole program, against servers as strict as their documents.

use std::time::{Duration, Instant};

use promgen_tests::fakes::{Fake, LINE_ID, LINE_TOKEN, Posted};
use promgen_tests::http::{client, get, send};
use promgen_tests::prometheus::alertmanager;
use promgen_tests::promgen::{Installation, QUICK};
use promgen_tests::wait::until;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::deliveries::World;

const INTEGRATION: &str = "0123456789abcdefGHIJKLMNOPQRSTUV";

/// Ends a header, begins another, calls everybody, and leaves ASCII and the basic plane.
const HOSTILE: &str = "x\r\nX-Evil: 1\r\n\r\n<!channel> &amp; \"\\ 𝄞 日本";

/// A group of so many alerts.
fn message(status: &str, alerts: usize) -> Value {
    let common = json!({"service": "shop", "alertname": "DiskFull", "note": HOSTILE});
    let alert = |n: usize| {
        let instance = format!("host-{n}.example");
        json!({"status": status, "startsAt": "2020-01-01T00:00:00Z",
               "endsAt": if status == "resolved" { "2020-01-01T00:01:00Z" } else { "0001-01-01T00:00:00Z" },
               "labels": {"service": "shop", "alertname": "DiskFull", "note": HOSTILE, "instance": instance},
               "annotations": {"summary": format!("{HOSTILE} on {instance}")},
               "generatorURL": "http://prom/graph?a=1&b=2", "fingerprint": "f"})
    };
    let alerts: Vec<Value> = (0..alerts).map(alert).collect();
    json!({"version": "4", "status": status, "groupKey": "{}:{alertname=\"DiskFull\"}",
           "groupLabels": {"alertname": "DiskFull"}, "commonLabels": common,
           "commonAnnotations": {}, "alerts": alerts})
}

/// Posts it, and demands that its one delivery is sent; answers how many attempts that took.
async fn delivered(world: &World, alert: &str, message: &Value) -> usize {
    world.post_message(message).await;
    let deliveries = world.ended_of(alert, 1).await;
    assert_eq!(deliveries[0]["state"], "sent", "{}", deliveries[0]);
    deliveries[0]["attempts"].as_array().map_or(0, Vec::len)
}

fn sender(driver: &str, value: &str) -> String {
    format!("{{driver: promgen.notification.{driver}, value: '{value}', alias: team}}")
}

#[tokio::test(flavor = "multi_thread")]
async fn slack_takes_what_is_posted_and_shows_every_alert() {
    let slack = Fake::slack().await;
    let hook = slack.url("/services/T0/B0/x0");
    let world = World::new(QUICK, &sender("slack", &hook)).await;
    assert_eq!(delivered(&world, "1", &message("firing", 1500)).await, 1);
    let texts: Vec<String> = slack
        .taken()
        .iter()
        .map(|posted| {
            posted.json()["text"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert!(texts.len() > 1, "more than one post holds");
    assert!(texts[0].contains("&lt;!channel&gt;"));
    for n in 0..1500 {
        let shown = format!("Labels: host-{n}.example ");
        assert!(texts.iter().any(|text| text.contains(&shown)), "{shown}");
    }
    delivered(&world, "2", &message("resolved", 1)).await;
    let last = slack.taken().pop().map(|posted| posted.json());
    let text = last.expect("a post")["text"].to_string();
    assert!(text.starts_with("\"[resolved] DiskFull "), "{text}");
}

/// Slack takes a message a second of a webhook: what comes in between waits, and goes out together.
#[tokio::test(flavor = "multi_thread")]
async fn slack_gets_what_waits_for_its_turn_in_one_post_and_in_order() {
    const ALERTS: usize = 30;
    let slack = Fake::slack().await;
    let hook = slack.url("/services/T0/B0/x0");
    let world = World::new(QUICK, &sender("slack", &hook)).await;
    let begun = Instant::now();
    for number in 0..ALERTS {
        let labels = json!({"service": "shop", "alertname": format!("Down{number}.")});
        world
            .post_message(
                &json!({"version": "4", "status": "firing", "groupKey": number,
                "commonLabels": labels, "alerts": [{"status": "firing", "labels": labels}]}),
            )
            .await;
    }
    let texts = until("all alerts in the chat", async || {
        let taken = slack.taken();
        let text = |posted: &Posted| posted.json()["text"].as_str().map(str::to_owned);
        let texts: Vec<String> = taken.iter().filter_map(text).collect();
        texts
            .concat()
            .contains(&format!("Down{}.", ALERTS - 1))
            .then_some(texts)
    })
    .await;
    let all = texts.concat();
    let at = |number: usize| all.find(&format!("Down{number}."));
    let places: Vec<usize> = (0..ALERTS).filter_map(at).collect();
    assert_eq!(places.len(), ALERTS, "every alert is listed");
    assert!(places.is_sorted(), "in the order in which they came");
    let posts = u32::try_from(texts.len()).unwrap();
    assert!(
        (2..=8).contains(&posts),
        "{posts} posts for {ALERTS} alerts"
    );
    assert!(
        begun.elapsed() >= Duration::from_secs(1) * (posts - 1),
        "a post a second"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn slack_is_asked_again_only_for_what_it_has_not_taken() {
    let slack = Fake::slack().await;
    let hook = slack.url("/services/T0/B0/x0");
    let world = World::new(QUICK, &sender("slack", &hook)).await;
    slack.lose(1);
    assert_eq!(delivered(&world, "1", &message("firing", 1500)).await, 2);
    let mut bodies: Vec<_> = slack
        .taken()
        .into_iter()
        .map(|posted| posted.body)
        .collect();
    // The answer to the first was lost, so only that one may have come twice.
    assert_eq!(bodies[0], bodies[1]);
    let all = bodies.len();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), all - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pagerduty_triggers_and_resolves_one_alert() {
    let pagerduty = Fake::pagerduty().await;
    let settings = format!(
        "{QUICK}promgen.notification.pagerduty: {{urls: {{'here:now': '{}'}}}}\n",
        pagerduty.url("/v2/enqueue")
    );
    let value = format!("here:now:{INTEGRATION}");
    let world = World::new(&settings, &sender("pagerduty", &value)).await;
    delivered(&world, "1", &message("firing", 2000)).await;
    delivered(&world, "2", &message("resolved", 1)).await;
    let events: Vec<Value> = pagerduty.taken().iter().map(Posted::json).collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["event_action"], "trigger");
    assert_eq!(events[1]["event_action"], "resolve");
    assert_eq!(events[0]["dedup_key"], events[1]["dedup_key"]);
    assert_eq!(events[0]["routing_key"], INTEGRATION);
    let home = events[0]["client_url"].as_str().unwrap_or_default();
    assert_eq!(events[0]["links"][0]["href"], format!("{home}alert/1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn line_shows_a_message_once_although_its_answer_is_lost() {
    let line = Fake::line().await;
    let settings = format!(
        "{QUICK}promgen.notification.line: {{server: '{}', channel_access_token: {LINE_TOKEN}}}\n",
        line.url("")
    );
    let world = World::new(&settings, &sender("line", LINE_ID)).await;
    line.lose(1);
    assert_eq!(delivered(&world, "1", &message("firing", 1500)).await, 2);
    let taken = line.taken();
    assert_eq!(taken.len(), 1);
    let pushed = taken[0].json();
    assert_eq!(pushed["messages"].as_array().map(Vec::len), Some(5));
    let last = pushed["messages"][4]["text"].as_str().unwrap_or_default();
    assert!(
        last.contains("Lines not shown: ") && last.ends_with("/alert/1"),
        "{last}"
    );
    delivered(&world, "2", &message("resolved", 1)).await;
    assert_eq!(line.taken().len(), 2, "another message has another key");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_alertmanager_shows_the_alerts_until_they_are_over() {
    let folder = TempDir::new().expect("a folder");
    let config = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n";
    let Some(server) = alertmanager(folder.path(), config).await else {
        return;
    };
    let alerts = format!("{}/api/v2/alerts", server.url());
    let world = World::new(QUICK, &sender("alertmanager", &alerts)).await;
    let shown = async || -> Option<Vec<Value>> {
        let answer = get(&alerts).await?;
        serde_json::from_slice(&answer.body).ok()
    };
    delivered(&world, "1", &message("firing", 3)).await;
    let found = until("the alerts in Alertmanager", async || {
        shown().await.filter(|alerts| alerts.len() == 3)
    })
    .await;
    let expected = message("firing", 3);
    for alert in expected["alerts"].as_array().expect("alerts") {
        let same = |one: &&Value| one["labels"] == alert["labels"];
        let one = found.iter().find(same).expect("the same labels");
        assert_eq!(one["annotations"], alert["annotations"]);
        assert_eq!(one["generatorURL"], alert["generatorURL"]);
    }
    delivered(&world, "2", &message("resolved", 3)).await;
    until("no alerts in Alertmanager", async || {
        shown().await.filter(Vec::is_empty)
    })
    .await;
}

#[test]
fn values_that_cannot_work_are_refused_when_they_are_typed() {
    let installation = Installation::new(None, "");
    installation.ok(&["migrate"]);
    let short = &INTEGRATION[1..];
    for (driver, value, named) in [
        ("pagerduty", format!("PagerDuty:{short}"), "integration key"),
        ("line", LINE_ID.to_uppercase(), "LINE user, group or room"),
        ("slack", "#alerts".to_owned(), "is not a URL"),
    ] {
        let senders = sender(driver, &value);
        let tree = format!("promgen: 1\nservices: [{{name: shop, senders: [{senders}]}}]\n");
        installation.write("tree.yml", &tree);
        let refused = installation.refused(&["tree", "apply", "tree.yml"]);
        assert!(refused.contains(named), "{refused}");
        assert!(refused.contains(&format!("promgen.notification.{driver}")));
        assert!(!refused.contains(short), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_driver_lacks_is_told_by_check_and_by_the_delivery() {
    let senders = [sender("line", LINE_ID), sender("linenotify", "t0k3n")].join(", ");
    let world = World::new(QUICK, &senders).await;
    let needed = [
        "promgen.notification.line: channel_access_token",
        "promgen.notification.linenotify: server",
    ];
    let checked = world.installation.run(&["check"]).stderr;
    world.post_message(&message("firing", 1)).await;
    let told = format!("{:?}", world.ended_of("1", 2).await);
    for setting in needed {
        assert!(checked.contains(setting), "{checked}");
        assert!(told.contains(setting), "{told}");
    }
}

/// A test against a stand-in that takes everything would show nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_stand_ins_refuse_what_the_real_ones_refuse() {
    let (slack, pagerduty, line) = (
        Fake::slack().await,
        Fake::pagerduty().await,
        Fake::line().await,
    );
    let status = async |url: String, key: &str, body: &Value| {
        let request = client()
            .post(url)
            .bearer_auth(LINE_TOKEN)
            .header("content-type", "application/json")
            .header("x-line-retry-key", key)
            .body(body.to_string());
        send(request).await.expect("an answer").status
    };
    for (body, expected) in [
        (json!({"text": "a &lt;b&gt;"}), 200),
        (json!({"text": "a", "txt": "b"}), 400),
        (json!({"text": 7}), 400),
        (json!({"text": "<!channel>"}), 400),
        (json!({"text": "a".repeat(40_001)}), 400),
    ] {
        let url = slack.url("/services/T0/B0/x0");
        assert_eq!(status(url, "", &body).await, expected);
    }
    let event = json!({"routing_key": INTEGRATION, "event_action": "trigger", "dedup_key": "d",
        "payload": {"summary": "s", "source": "Promgen", "severity": "error"}});
    let changed = |pointer: &str, value: Value| {
        let mut event = event.clone();
        *event.pointer_mut(pointer).expect("a field") = value;
        event
    };
    for (body, expected) in [
        (event.clone(), 202),
        (changed("/routing_key", json!("short")), 400),
        (changed("/payload", Value::Null), 400),
        (changed("/payload/severity", json!("major")), 400),
        (changed("/payload/summary", json!("s".repeat(1025))), 400),
        (changed("/dedup_key", json!(7)), 400),
    ] {
        let url = pagerduty.url("/v2/enqueue");
        assert_eq!(status(url, "", &body).await, expected, "{body}");
    }
    let push = |text: &str, times: usize| {
        let text = json!({"type": "text", "text": text});
        json!({"to": LINE_ID, "messages": vec![text; times]})
    };
    let key = "123e4567-e89b-12d3-a456-426614174000";
    for (key, body, expected) in [
        ("", push("a", 1), 400),
        ("123e4567", push("a", 1), 400),
        (key, push("a", 6), 400),
        (key, push(&"𝄞".repeat(2501), 1), 400),
        (key, push("a", 1), 200),
        (key, push("a", 1), 409),
    ] {
        let url = line.url("/v2/bot/message/push");
        assert_eq!(status(url, key, &body).await, expected, "{body}");
    }
}
