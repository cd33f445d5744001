//! S18: a body costs no more than its bytes.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use promgen_tests::http::{client, post_alerts, send};
use promgen_tests::promgen::QUICK;
use promgen_tests::sink::Sink;
use serde_json::{Value, json};

use crate::deliveries::World;

async fn with_sink() -> (World, Sink) {
    let sink = Sink::start().await;
    let sender = format!(
        "{{driver: promgen.notification.webhook, value: '{}'}}",
        sink.url("/x")
    );
    (World::new(QUICK, &sender).await, sink)
}

async fn posted(world: &World, body: impl Into<reqwest::Body>) -> u16 {
    let answer = post_alerts(&world.web.url, &world.token, body).await;
    answer.expect("an answer").status
}

fn alerts(world: &World) -> usize {
    let listed = world
        .installation
        .ok(&["alerts", "list", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    listed.as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn s18_compressed_bodies_are_refused_before_they_inflate() {
    let (world, _) = with_sink().await;
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    for encoding in [
        "gzip",
        "GZIP",
        "zstd",
        "deflate",
        "br",
        "identity, gzip",
        "x-gzip",
    ] {
        let request = client()
            .post(format!("{}/api/v1/alerts", world.web.url))
            .bearer_auth(&world.token)
            .header("Content-Encoding", encoding)
            .body(bomb.clone());
        assert_eq!(send(request).await.unwrap().status, 415, "{encoding}");
    }
    // Without the header they are bytes, and no JSON.
    assert_eq!(posted(&world, bomb).await, 400);
    assert_eq!(alerts(&world), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s18_nesting_is_bounded() {
    let (world, _) = with_sink().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [65, 100_000] {
            let deep = format!("{{\"a\":{}1{}}}", open.repeat(depth), close.repeat(depth));
            assert_eq!(posted(&world, deep).await, 400);
        }
    }
    assert_eq!(alerts(&world), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s18_a_million_alerts_in_one_body_are_too_large() {
    let (world, _) = with_sink().await;
    let body = format!(
        "{{\"alerts\":[{{}}{}]}}",
        ",{\"labels\":{\"service\":\"shop\",\"n\":\"1\"}}".repeat(1_000_000)
    );
    assert!(body.len() > 32 << 20);
    assert_eq!(posted(&world, body).await, 413);
    assert_eq!(alerts(&world), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s18_an_alert_of_very_many_labels_arrives() {
    let (world, sink) = with_sink().await;
    let mut labels = String::from("\"service\":\"shop\"");
    for number in 0..20_000 {
        write!(labels, ",\"l{number}\":\"{number}\"").unwrap();
    }
    let body = format!("{{\"status\":\"firing\",\"alerts\":[{{\"labels\":{{{labels}}}}}]}}");
    assert_eq!(posted(&world, body).await, 202);
    let got = sink.first("/x", "firing").await;
    assert_eq!(got.json["commonLabels"].as_object().unwrap().len(), 20_001);
}

#[tokio::test(flavor = "multi_thread")]
async fn s18_a_flood_of_made_up_projects_is_one_delivery() {
    let (world, sink) = with_sink().await;
    let mut alerts = Vec::new();
    for number in 0..100_000 {
        let labels = json!({"service": "shop", "project": format!("p{number:06}")});
        alerts.push(json!({"status": "firing", "labels": labels}));
    }
    world
        .post_message(&json!({"groupKey": "g", "alerts": alerts}))
        .await;
    let got = sink.first("/x", "firing").await;
    assert_eq!(got.json["alerts"].as_array().unwrap().len(), 100_000);
    assert_eq!(got.json["groupKey"], "g/shop/");
    world.ended(1).await;
    let shown = world.installation.ok(&["alerts", "show", "1"]);
    assert!(
        shown.contains("p000000 and 99999 others"),
        "{}",
        shown.len()
    );
    assert_eq!(sink.received().len(), 1);
}
