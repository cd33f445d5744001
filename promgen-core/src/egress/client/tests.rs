//! The client against peers that misbehave, each on a socket of its own.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

use super::*;

/// Longer than any of these peers takes; what is to time out names its own.
const PATIENT: Duration = Duration::from_mins(1);

/// What a peer does after it has answered.
#[derive(Clone, Copy)]
enum Then {
    Close,
    /// Keeps the connection open until the client goes.
    Wait,
}

/// A peer that answers one request with these bytes; its thread ends with what it was asked.
fn peer(answer: impl Into<Vec<u8>>, then: Then) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = answer.into();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let asked = read_request(&mut stream);
        // A client that has enough hangs up while this is being written.
        stream.write_all(&answer).ok();
        if matches!(then, Then::Wait) {
            stream.read_to_end(&mut Vec::new()).ok();
        }
        asked
    });
    (address, thread)
}

/// Head and body of a request, by its `Content-Length`.
fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).unwrap().to_lowercase();
    let length = head.split("content-length: ").nth(1);
    let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

fn client() -> Client {
    Client::new(&config::Egress::default()).unwrap()
}

fn post(url: impl Into<String>) -> HttpRequest {
    HttpRequest::post_json(url, b"{}".to_vec())
}

async fn answered(answer: impl Into<Vec<u8>>, then: Then) -> Result<HttpResponse, EgressFailure> {
    let (address, thread) = peer(answer, then);
    let request = post(format!("http://{address}/"));
    let result = client().request(Class::Infra, request, PATIENT).await;
    // A peer that waits ends with the runtime, which closes the connection.
    if matches!(then, Then::Close) {
        thread.join().unwrap();
    }
    result
}

#[tokio::test]
async fn a_request_arrives_as_it_was_made_and_names_the_program() {
    let (address, thread) = peer(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        Then::Close,
    );
    let request = post(format!("http://{address}/hook?key=1"));
    let answer = client().request(Class::Infra, request, PATIENT).await;
    assert_eq!(answer.unwrap().body, b"ok");
    let asked = thread.join().unwrap();
    assert!(
        asked.starts_with("post /hook?key=1 http/1.1\r\n"),
        "{asked}"
    );
    let agent = concat!("user-agent: promgen/", env!("CARGO_PKG_VERSION"), "\r\n");
    assert!(asked.contains(agent), "{asked}");
    assert!(
        asked.contains("content-type: application/json\r\n"),
        "{asked}"
    );
    assert!(asked.ends_with("{}"), "{asked}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let moved =
        "HTTP/1.1 301 Moved\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n";
    let answer = answered(moved, Then::Close).await.unwrap();
    assert_eq!(answer.status, 301);
    assert!(matches!(
        answer.accepted(),
        Err(NotifyError::Permanent { .. })
    ));
}

#[tokio::test]
async fn half_a_success_is_worth_a_retry_and_half_a_refusal_is_a_refusal() {
    let half = |status: &str| format!("HTTP/1.1 {status}\r\nContent-Length: 100\r\n\r\nhal");
    let cut = answered(half("200 OK"), Then::Close).await.unwrap_err();
    assert!(matches!(NotifyError::from(cut), NotifyError::Retry { .. }));
    let refused = answered(half("404 Not Found"), Then::Close).await.unwrap();
    assert_eq!(
        (refused.status, refused.body.as_slice()),
        (404, b"hal".as_slice())
    );
}

#[tokio::test]
async fn the_deadline_covers_the_body() {
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal"] {
        let (address, _thread) = peer(answer, Then::Wait);
        let request = post(format!("http://{address}/"));
        let soon = Duration::from_millis(50);
        let late = client()
            .request(Class::Infra, request, soon)
            .await
            .unwrap_err();
        assert_eq!(
            late.to_string(),
            format!("http://{address}: no answer within 0.05 s")
        );
        assert!(matches!(NotifyError::from(late), NotifyError::Retry { .. }));
    }
}

#[tokio::test]
async fn retry_after_is_read_in_seconds_and_as_a_date() {
    let busy = |headers: &str| format!("HTTP/1.1 429 Slow\r\n{headers}Content-Length: 0\r\n\r\n");
    let date = "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\n";
    let cases = [
        ("Retry-After: 7\r\n".to_owned(), Some(7)),
        (
            format!("{date}Retry-After: Wed, 21 Oct 2015 07:29:30 GMT\r\n"),
            Some(90),
        ),
        (
            format!("{date}Retry-After: Wed, 21 Oct 2015 07:00:00 GMT\r\n"),
            None,
        ),
        ("Retry-After: soon\r\n".to_owned(), None),
        (String::new(), None),
    ];
    for (headers, seconds) in cases {
        let answer = answered(busy(&headers), Then::Close).await.unwrap();
        assert_eq!(
            answer.retry_after,
            seconds.map(Duration::from_secs),
            "{headers}"
        );
    }
}

#[tokio::test]
async fn of_an_endless_answer_the_beginning_is_kept() {
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.extend(vec![b'x'; 300 * 1024]);
    let answer = answered(endless, Then::Wait).await.unwrap();
    assert_eq!(answer.body.len(), ANSWER_BYTES);
}

#[tokio::test]
async fn a_user_reaches_this_machine_by_no_spelling_of_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "0",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "１２７.0.0.1",
    ] {
        let request = post(format!("http://{host}:{port}/"));
        let failure = client()
            .request(Class::Notify, request, PATIENT)
            .await
            .unwrap_err();
        assert!(
            matches!(failure, EgressFailure::Refused { .. }),
            "{host}: {failure}"
        );
        assert!(matches!(
            NotifyError::from(failure),
            NotifyError::Permanent { .. }
        ));
    }
    assert!(listener.accept().is_err(), "somebody connected");
}

#[tokio::test]
async fn the_operator_can_let_users_in() {
    let (address, thread) = peer("HTTP/1.1 204 None\r\n\r\n", Then::Close);
    let settings = config::Egress {
        allow: vec!["127.0.0.1".to_owned(), "::1/128".to_owned()],
        deny: Vec::new(),
    };
    let request = post(format!("http://localhost:{}/", address.port()));
    let client = Client::new(&settings).unwrap();
    let answer = client.request(Class::Notify, request, PATIENT).await;
    assert_eq!(answer.unwrap().status, 204);
    thread.join().unwrap();
}

#[test]
fn what_is_no_address_range_is_named() {
    for text in ["10.0.0.0/33", "example.com", ""] {
        let settings = config::Egress {
            allow: Vec::new(),
            deny: vec![text.to_owned()],
        };
        let error = Client::new(&settings).unwrap_err();
        assert!(matches!(error, EgressError::NotACidr { text: named } if named == text));
    }
}

#[tokio::test]
async fn no_failure_tells_what_is_secret_in_a_url() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    for url in [
        format!("http://hush:hush@127.0.0.1:{port}/hush?hush=hush#hush"),
        "ftp://hush@127.0.0.1/hush".to_owned(),
        "http://hush hush/".to_owned(),
    ] {
        for class in [Class::Infra, Class::Notify] {
            let failure = client()
                .request(class, post(&url), PATIENT)
                .await
                .unwrap_err();
            let told = format!("{failure} {failure:?}");
            assert!(!told.contains("hush"), "{told}");
        }
    }
}

#[tokio::test]
async fn a_header_cannot_smuggle_another() {
    let mut request = post("http://127.0.0.1:1/");
    let value = "x\r\nAuthorization: y".to_owned();
    request
        .headers
        .push(("X-Promgen-Delivery".to_owned(), value));
    let failure = client()
        .request(Class::Infra, request, PATIENT)
        .await
        .unwrap_err();
    assert_eq!(
        failure.to_string(),
        "header X-Promgen-Delivery cannot be sent"
    );
}
