//! S1: nobody makes the server fetch by asking it, and nobody whom it asks sends it elsewhere.

use std::collections::BTreeSet;

use promgen_http::{RouteRow, route_rows};
use promgen_tests::promgen::{Installation, QUICK};
use promgen_tests::sink::{Behaviour, Sink};
use promgen_tests::source::{Reply, Source};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::deliveries::{World, last_message};

const MOVES: [u16; 5] = [301, 302, 303, 307, 308];

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_receiver_sends_no_delivery_elsewhere() {
    let (outside, inside) = (Sink::start().await, Sink::start().await);
    let sender = |status: u16| {
        let path = format!("/{status}");
        outside.behave(&path, Behaviour::Moved(status, inside.address()));
        let url = outside.url(&path);
        ["webhook", "slack", "alertmanager"].map(|driver| {
            format!("{{driver: promgen.notification.{driver}, value: '{url}', alias: '{status} {driver}'}}")
        })
    };
    let senders: Vec<String> = MOVES.into_iter().flat_map(sender).collect();
    let world = World::new(QUICK, &senders.join(", ")).await;
    world.post().await;
    for delivery in world.ended(senders.len()).await {
        assert_eq!(delivery["state"], "dead", "{delivery}");
        let said = last_message(&delivery);
        assert!(said.contains("redirects are not followed"), "{said}");
    }
    assert_eq!(outside.received().len(), senders.len());
    assert!(inside.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_discovery_source_sends_nobody_elsewhere() {
    let (source, inside) = (Source::start().await, Sink::start().await);
    let settings = format!(
        "promgen.discovery.http: {{url: 'http://{}/'}}\n",
        source.address()
    );
    let installation = Installation::new(None, &settings);
    installation.ok(&["migrate"]);
    for status in MOVES {
        source.say(Reply::Moved(status, inside.url("/")));
        let refused = installation.refused(&["farm", "offers", "http"]);
        assert!(refused.contains("redirects are not followed"), "{refused}");
    }
    assert_eq!(source.asked(), MOVES.len());
    assert!(inside.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_an_import_is_sent_nowhere_else() {
    let (outside, inside) = (Sink::start().await, Sink::start().await);
    let installation = Installation::new(None, "");
    installation.ok(&["migrate"]);
    for status in MOVES {
        outside.behave("/", Behaviour::Moved(status, inside.address()));
        let refused = installation.refused(&["import-jobs", &outside.url("/")]);
        assert!(refused.contains("redirects are not followed"), "{refused}");
    }
    assert_eq!(outside.received().len(), MOVES.len());
    assert!(inside.received().is_empty());
}

/// What others have been led astray by; the server has none of it.
const DECOYS: [&str; 3] = ["/avatar", "/proxy", "/providers/healthcheck"];

/// Every path of the server, each naming the first of what it is about, and the decoys.
fn paths() -> BTreeSet<String> {
    let named = |row: RouteRow| {
        let part = |part: &str| if part.starts_with('{') { "1" } else { part }.to_owned();
        row.path.split('/').map(part).collect::<Vec<_>>().join("/")
    };
    let own = route_rows().into_iter().map(named);
    own.chain(DECOYS.map(ToOwned::to_owned)).collect()
}

/// Sends a request as a peer may that means no good, and answers all that came back.
async fn ask(server: &str, method: &str, target: &str, bait: &Sink, message: &str) -> String {
    let (address, url) = (bait.address(), bait.url("/bait"));
    let length = message.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: {address}\r\nX-Forwarded-Host: {address}\r\n\
         Forwarded: host={address}\r\nReferer: {url}\r\nOrigin: {url}\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{message}"
    );
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server may cut off what it does not take.
    stream.read_to_end(&mut answer).await.ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_without_a_token_nobody_makes_the_server_ask_anybody() {
    let bait = Sink::start().await;
    let (address, url) = (bait.address(), bait.url("/bait"));
    let world = World::new(QUICK, "").await;
    let server = world.web.url.trim_start_matches("http://");
    let message = format!(
        "{{\"externalURL\": \"{url}\", \"url\": \"{url}\", \"alerts\": [{{\"generatorURL\": \"{url}\"}}]}}"
    );
    let paths = paths();
    assert!(paths.len() > 100, "only {} paths", paths.len());
    let with_bait = |path: String| format!("{path}?url={url}&target={url}&next={url}");
    let targets = paths.into_iter().map(with_bait).chain([url.clone()]);
    for target in targets {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "CONNECT"] {
            let answer = ask(server, method, &target, &bait, &message).await;
            assert!(
                !answer.contains(&address.to_string()),
                "{method} {target}: {answer}"
            );
        }
    }
    // Links in a message that is taken are passed on, and not asked either.
    let taken = serde_json::from_str(&message).unwrap();
    world.post_message(&taken).await;
    world.ended(0).await;
    assert!(bait.received().is_empty());
}
