//! `POST /api/v1/alerts`: what is taken, what is refused, and how it is said.

use std::fmt::Write as _;

use promgen_core::app::alerts::AlertFilter;
use promgen_core::app::{AppError, alerts};
use promgen_core::model::Scope;
use promgen_http::ServeOptions;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::client::{Answer, Request, rest};
use super::site::{Site, operator};

const MESSAGE: &str = r#"{"status": "firing", "groupKey": "k", "commonLabels": {"service": "shop"},
    "alerts": [{"status": "firing", "labels": {"service": "shop", "alertname": "Down"}}]}"#;

/// A site where everybody may hand in alerts.
async fn open() -> Site {
    Site::with(|s| s.alerts.anonymous = true, ServeOptions::default()).await
}

async fn stored(site: &Site) -> Result<usize, AppError> {
    let listed = alerts::list(&site.app, &operator(), AlertFilter::default(), 1000).await?;
    Ok(listed.len())
}

fn taken(answer: &Answer) {
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.text(), "OK");
    assert!(answer.header("content-type").starts_with("text/plain"));
}

#[tokio::test]
async fn a_message_is_stored_before_it_is_answered() {
    let site = open().await;
    taken(&site.send(Request::alert(MESSAGE)).await);
    assert_eq!(stored(&site).await.unwrap(), 1);
}

#[tokio::test]
async fn handing_in_needs_a_token_with_the_scope() {
    let site = Site::start().await;
    let (read, alerts) = (
        site.token(Scope::Read).await,
        site.token(Scope::Alerts).await,
    );
    let post = async |header: &str| {
        let request = Request::alert(MESSAGE).header("Authorization", header);
        site.send(request).await
    };
    let refused = site.send(Request::alert(MESSAGE)).await;
    refused.error(401);
    assert_eq!(refused.header("www-authenticate"), "Token");
    post("Token wrong").await.error(401);
    assert!(
        post(&format!("Token {read}"))
            .await
            .error(403)
            .contains("alerts")
    );
    taken(&post(&format!("Token {alerts}")).await);
    taken(&post(&format!("Bearer {alerts}")).await);
    assert_eq!(stored(&site).await.unwrap(), 2);
}

#[tokio::test]
async fn odd_messages_are_taken_whole() {
    let site = open().await;
    for body in [
        "{}",
        r#"{"commonLabels": null, "alerts": null, "groupKey": null}"#,
        r#"{"alerts": [null, 7, {"labels": {"service": "shop"}}]}"#,
        r#"{"commonLabels": {"service": "shop", "summary": "a\r\nBcc: x@example.com\u0000"}}"#,
        r#"{"commonLabels": {"service": "\ud83d\ude00 é"}}"#,
    ] {
        taken(&site.send(Request::alert(body)).await);
    }
    assert_eq!(stored(&site).await.unwrap(), 5);
}

#[tokio::test]
async fn what_is_no_message_is_400_and_not_stored() {
    let site = open().await;
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [&[u8]; 9] = [
        b"",
        b"[]",
        b"null",
        b"\"text\"",
        b"{",
        b"{}{}",
        b"status=firing",
        b"{\"a\": \"\xff\xfe\"}",
        deep.as_bytes(),
    ];
    for body in bodies {
        site.send(Request::alert(body)).await.error(400);
    }
    assert_eq!(stored(&site).await.unwrap(), 0);
}

#[tokio::test]
async fn ten_megabytes_are_taken() {
    let site = open().await;
    let filler = "x".repeat(10 << 20);
    taken(
        &site
            .send(Request::alert(format!("{{\"a\": \"{filler}\"}}")))
            .await,
    );
    assert_eq!(stored(&site).await.unwrap(), 1);
}

#[tokio::test]
async fn a_hundred_thousand_alerts_in_one_body_are_taken() {
    let site = open().await;
    let mut body = String::from("{\"alerts\": [");
    for number in 0..100_000 {
        let comma = if number == 0 { "" } else { "," };
        write!(body, "{comma}{{\"labels\": {{\"n\": \"{number}\"}}}}").unwrap();
    }
    body.push_str("]}");
    taken(&site.send(Request::alert(body)).await);
    assert_eq!(stored(&site).await.unwrap(), 1);
}

async fn small() -> Site {
    let change = |s: &mut promgen_core::config::Settings| {
        s.alerts.anonymous = true;
        s.alerts.max_body_bytes = 64;
    };
    Site::with(change, ServeOptions::default()).await
}

#[tokio::test]
async fn the_limit_is_exact_and_above_it_is_413() {
    let site = small().await;
    let body = |length: usize| format!("{{}}{}", " ".repeat(length - 2));
    taken(&site.send(Request::alert(body(64))).await);
    let refused = site.send(Request::alert(body(65))).await;
    assert!(refused.error(413).contains("64 bytes"));
    assert_eq!(stored(&site).await.unwrap(), 1);
}

#[tokio::test]
async fn a_client_that_sends_megabytes_too_many_still_reads_why_not() {
    let site = small().await;
    site.send(Request::alert(vec![b' '; 8 << 20]))
        .await
        .error(413);
    let stranger = Site::start().await;
    let refused = stranger.send(Request::alert(vec![b' '; 8 << 20])).await;
    refused.error(401);
}

#[tokio::test]
async fn a_body_without_a_length_is_limited_as_well() {
    let site = small().await;
    let chunk = format!("40\r\n{}\r\n", " ".repeat(64));
    let chunks = format!("{chunk}{chunk}0\r\n\r\n");
    let head = Request::new("POST", "/api/v1/alerts").header("Transfer-Encoding", "chunked");
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(&head.bytes()).await.unwrap();
    stream.write_all(chunks.as_bytes()).await.unwrap();
    Answer::parse(&rest(&mut stream).await).error(413);
}

#[tokio::test]
async fn whoever_asks_before_sending_is_told_before_sending() {
    let site = small().await;
    let head = Request::new("POST", "/api/v1/alerts")
        .header("Content-Length", "9999999")
        .header("Expect", "100-continue");
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(&head.bytes()).await.unwrap();
    Answer::parse(&rest(&mut stream).await).error(413);
}

#[tokio::test]
async fn a_compressed_body_is_415() {
    let site = open().await;
    let request = Request::alert("{}").header("Content-Encoding", "gzip");
    site.send(request).await.error(415);
    let request = Request::alert("{}").header("Content-Encoding", "identity");
    taken(&site.send(request).await);
}

#[tokio::test]
async fn while_the_database_is_away_the_answer_is_503_with_or_without_a_token() {
    for anonymous in [true, false] {
        let change = |s: &mut promgen_core::config::Settings| s.alerts.anonymous = anonymous;
        let site = Site::with(change, ServeOptions::default()).await;
        let token = format!("Token {}", site.token(Scope::Alerts).await);
        site.app.store().clone().close().await.unwrap();
        let request = Request::alert(MESSAGE).header("Authorization", &token);
        let refused = site.send(request).await;
        refused.error(503);
        assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
        assert!(!refused.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn a_compressed_or_broken_body_does_not_harm_the_next_request() {
    let site = open().await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let cut = Request::new("POST", "/api/v1/alerts").header("Content-Length", "100");
    stream.write_all(&cut.bytes()).await.unwrap();
    stream.write_all(b"{\"half").await.unwrap();
    drop(stream);
    taken(&site.send(Request::alert(MESSAGE)).await);
    assert_eq!(stored(&site).await.unwrap(), 1);
}
