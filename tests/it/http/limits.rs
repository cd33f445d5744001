//! What a connection may cost, and how the server ends.

use std::time::Duration;

use promgen_http::ServeOptions;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::client::{Answer, Request, rest};
use super::site::Site;

/// Long enough for a request, short enough for a test that waits for it to pass.
const SOON: Duration = Duration::from_millis(100);

async fn open(options: ServeOptions) -> Site {
    Site::with(|s| s.alerts.anonymous = true, options).await
}

/// The first part of an answer on a connection that stays open.
async fn status_line(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 4096];
    let length = stream.read(&mut bytes).await.unwrap();
    let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
    text.lines().next().unwrap_or_default().to_owned()
}

const KEPT: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: promgen\r\n\r\n";
const HALF: &[u8] = b"POST /api/v1/alerts HTTP/1.1\r\nHost: promgen\r\nContent-Length: 2\r\n\r\n{";

#[tokio::test]
async fn a_client_that_says_nothing_or_half_of_it_is_cut_off() {
    let site = open(ServeOptions {
        header_timeout: SOON,
        ..ServeOptions::default()
    })
    .await;
    let beginnings: [&[u8]; 3] = [b"", b"G", b"GET / HTTP/1.1\r\nHost: promgen\r\nX-Slow: "];
    for beginning in beginnings {
        let mut stream = TcpStream::connect(site.address).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        rest(&mut stream).await;
    }
    assert_eq!(site.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_connection_is_kept_for_further_requests_until_it_idles_too_long() {
    let site = open(ServeOptions {
        header_timeout: SOON,
        ..ServeOptions::default()
    })
    .await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    for _ in 0..3 {
        stream.write_all(KEPT).await.unwrap();
        assert_eq!(status_line(&mut stream).await, "HTTP/1.1 200 OK");
    }
    assert!(rest(&mut stream).await.is_empty());
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let site = open(ServeOptions {
        body_timeout: SOON,
        ..ServeOptions::default()
    })
    .await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(HALF).await.unwrap();
    Answer::parse(&rest(&mut stream).await).error(503);
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_503() {
    let site = open(ServeOptions {
        request_timeout: SOON,
        ..ServeOptions::default()
    })
    .await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(HALF).await.unwrap();
    Answer::parse(&rest(&mut stream).await).error(503);
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let site = open(ServeOptions::default()).await;
    let request = Request::get("/").header("X-Long", &"x".repeat(100_000));
    assert_eq!(site.send(request).await.status, 431);
    let mut many = Request::get("/");
    for number in 0..200 {
        many = many.header(&format!("X-{number}"), "x");
    }
    assert_eq!(site.send(many).await.status, 431);
}

#[tokio::test]
async fn bodies_share_the_memory_that_there_is() {
    let site = open(ServeOptions {
        body_memory_bytes: 4096,
        ..ServeOptions::default()
    })
    .await;
    let body = |length: usize| format!("{{}}{}", " ".repeat(length));
    site.send(Request::alert(body(8192))).await.error(503);
    assert_eq!(site.send(Request::alert(body(1024))).await.status, 202);
}

#[tokio::test]
async fn above_the_limit_of_connections_the_next_waits_for_room() {
    let site = open(ServeOptions {
        max_connections: 1,
        ..ServeOptions::default()
    })
    .await;
    let mut first = TcpStream::connect(site.address).await.unwrap();
    first.write_all(KEPT).await.unwrap();
    assert_eq!(status_line(&mut first).await, "HTTP/1.1 200 OK");
    let mut second = TcpStream::connect(site.address).await.unwrap();
    second.write_all(KEPT).await.unwrap();
    first.write_all(KEPT).await.unwrap();
    assert_eq!(status_line(&mut first).await, "HTTP/1.1 200 OK");
    let waiting = second.try_read(&mut [0; 1]).unwrap_err();
    assert_eq!(waiting.kind(), std::io::ErrorKind::WouldBlock);
    drop(first);
    assert_eq!(status_line(&mut second).await, "HTTP/1.1 200 OK");
}

#[tokio::test]
async fn a_request_under_way_ends_before_the_server_does() {
    let site = open(ServeOptions::default()).await;
    let mut idle = TcpStream::connect(site.address).await.unwrap();
    idle.write_all(KEPT).await.unwrap();
    assert_eq!(status_line(&mut idle).await, "HTTP/1.1 200 OK");
    let mut busy = under_way(&site).await;

    site.tell_to_stop();
    assert!(
        rest(&mut idle).await.is_empty(),
        "an idle connection is closed at once"
    );
    busy.write_all(b"{}").await.unwrap();
    assert_eq!(Answer::parse(&rest(&mut busy).await).status, 202);
    let address = site.address;
    site.finish().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_that_does_not_end_is_cut_off_when_the_server_stops() {
    let site = open(ServeOptions {
        shutdown_timeout: SOON,
        ..ServeOptions::default()
    })
    .await;
    let mut stream = under_way(&site).await;
    site.finish().await;
    let mut nothing = Vec::new();
    let cut = stream.read_to_end(&mut nothing).await;
    assert!(cut.is_err() || nothing.is_empty(), "{nothing:?}");
}

/// A request whose handler waits for two bytes of body.
async fn under_way(site: &Site) -> TcpStream {
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let asking = Request::new("POST", "/api/v1/alerts")
        .header("Content-Length", "2")
        .header("Expect", "100-continue");
    stream.write_all(&asking.bytes()).await.unwrap();
    // Only a handler that asks for the body makes the server say so.
    let told = status_line(&mut stream).await;
    assert_eq!(told, "HTTP/1.1 100 Continue");
    stream
}
