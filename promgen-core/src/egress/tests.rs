//! Names that lie, addresses in disguise, and servers that point elsewhere: none of them makes the
//! client talk to this machine.

use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::resolver::Names;
use super::{Class, Client, EgressFailure};
use crate::config;
use crate::plugin::{HttpRequest, HttpResponse, NotifyError};

/// Longer than any of this takes.
const PATIENT: Duration = Duration::from_mins(1);

/// Names as a test tells them: each question gets the next answer.
#[derive(Debug, Default)]
pub(super) struct Told {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Told {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let addresses = |answer: &&[&str]| answer.iter().map(|a| a.parse().unwrap()).collect();
        Arc::new(Self {
            answers: Mutex::new(answers.iter().map(addresses).collect()),
            asked: Mutex::default(),
        })
    }

    pub(super) fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(name.to_owned());
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = answers.pop_front().ok_or(io::ErrorKind::NotFound)?;
        Ok(answer.into_iter().map(|ip| (ip, 0).into()).collect())
    }

    fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }
}

/// A client for which 127.0.0.2 is outside: an address that tests can listen on.
fn client(told: &Arc<Told>) -> Client {
    let settings = config::Egress {
        allow: vec!["127.0.0.2".to_owned()],
        deny: Vec::new(),
    };
    Client::by_names(&settings, &Names::Told(Arc::clone(told))).unwrap()
}

async fn notify(client: &Client, url: &str) -> Result<HttpResponse, EgressFailure> {
    let request = HttpRequest::post_json(url, b"{}".to_vec());
    client.request(Class::Notify, request, PATIENT).await
}

/// Listeners on one port: outside on 127.0.0.2, inside on 127.0.0.1.
fn twins() -> (TcpListener, TcpListener) {
    let pair = || {
        let outside = TcpListener::bind("127.0.0.2:0").ok()?;
        let port = outside.local_addr().ok()?.port();
        Some((outside, TcpListener::bind(("127.0.0.1", port)).ok()?))
    };
    // Somebody else may have the port inside already.
    (0..100).find_map(|_| pair()).unwrap()
}

fn port(listener: &TcpListener) -> u16 {
    listener.local_addr().unwrap().port()
}

/// Answers the next connection; the thread ends with its request line.
fn answering(listener: TcpListener, answer: String) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = Vec::new();
        let mut byte = [0];
        // The body of every request here is `{}`.
        while !bytes.ends_with(b"\r\n\r\n{}") && stream.read(&mut byte).unwrap() == 1 {
            bytes.push(byte[0]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().next().unwrap().to_owned()
    })
}

fn never_asked(listener: &TcpListener) {
    listener.set_nonblocking(true).unwrap();
    let error = listener.accept().expect_err("somebody connected");
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
}

const GONE: &str = "HTTP/1.1 204 None\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn s2_a_name_that_moves_inside_is_dialled_only_where_it_was_checked() {
    let (outside, inside) = twins();
    let url = format!("http://rebind.example.com:{}/", port(&outside));
    let told = Told::new(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let client = client(&told);
    let answering = answering(outside, GONE.to_owned());
    assert_eq!(notify(&client, &url).await.unwrap().status, 204);
    answering.join().unwrap();
    assert_eq!(told.asked().len(), 1, "asked again between check and dial");
    let refused = notify(&client, &url).await.unwrap_err();
    assert!(
        matches!(refused, EgressFailure::Refused { .. }),
        "{refused}"
    );
    never_asked(&inside);
}

#[tokio::test]
async fn s2_one_forbidden_address_forbids_the_name() {
    let answers: [&[&str]; 8] = [
        &["127.0.0.2", "127.0.0.1"],
        &["127.0.0.1", "127.0.0.2"],
        &["127.0.0.2", "169.254.169.254"],
        &["127.0.0.2", "::1"],
        &["127.0.0.2", "::ffff:169.254.169.254"],
        &["127.0.0.2", "64:ff9b::a9fe:a9fe"],
        &["127.0.0.2", "fd00:ec2::254"],
        &["0.0.0.0"],
    ];
    let (outside, inside) = twins();
    let client = client(&Told::new(&answers));
    for answer in answers {
        let url = format!("http://169.254.169.254.nip.example:{}/", port(&outside));
        let refused = notify(&client, &url).await.unwrap_err();
        assert!(
            matches!(refused, EgressFailure::Refused { .. }),
            "{answer:?}: {refused}"
        );
        assert!(matches!(refused.into(), NotifyError::Permanent { .. }));
    }
    never_asked(&outside);
    never_asked(&inside);
}

#[tokio::test]
async fn s2_a_name_in_other_letters_is_judged_by_its_addresses() {
    let told = Told::new(&[
        &["169.254.169.254"],
        &["169.254.169.254"],
        &["127.0.0.1"],
        &[],
    ]);
    let client = client(&told);
    for host in [
        "b\u{fc}cher.example",
        "XN--BCHER-KVA.example",
        "rebind.example.",
    ] {
        let refused = notify(&client, &format!("http://{host}/"))
            .await
            .unwrap_err();
        assert!(
            matches!(refused, EgressFailure::Refused { .. }),
            "{refused}"
        );
    }
    let names = [
        "xn--bcher-kva.example",
        "xn--bcher-kva.example",
        "rebind.example.",
    ];
    assert_eq!(told.asked(), names);
    let nowhere = notify(&client, "http://nowhere.example/")
        .await
        .unwrap_err();
    assert!(matches!(nowhere, EgressFailure::Failed { .. }), "{nowhere}");
}

/// This machine and its cloud's metadata, in disguises that the URL standard takes off.
const DISGUISES: [&str; 24] = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "017700000001",
    "0177.0.0.01",
    "127.0.0.1.",
    "%31%32%37.0.0.1",
    "127\u{3002}0\u{3002}0\u{3002}1",
    "\u{2460}\u{2461}\u{2466}.\u{24ea}.\u{24ea}.\u{2460}",
    "0",
    "0.0.0.0",
    "2852039166",
    "0xa9fea9fe",
    "169.254.43518",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:169.254.169.254]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fd00:ec2::254]",
];

#[tokio::test]
async fn s2_no_disguise_of_an_address_gets_through_and_no_resolver_is_asked() {
    let (outside, inside) = twins();
    let told = Told::new(&[]);
    let client = client(&told);
    let proxy = format!("http://127.0.0.2:{}", port(&outside));
    for host in DISGUISES {
        for proxy in [None, Some(proxy.clone())] {
            let url = format!("http://{host}:{}/", port(&inside));
            let mut request = HttpRequest::post_json(url, b"{}".to_vec());
            request.proxy = proxy;
            let refused = client.request(Class::Notify, request, PATIENT).await;
            let refused = refused.unwrap_err();
            assert!(
                matches!(refused, EgressFailure::Refused { .. }),
                "{host}: {refused}"
            );
        }
    }
    // These are no hosts at all.
    for host in [
        "[::1%25lo]",
        "127.0.0.1.1",
        "0x7f.0.0.256",
        "[127.0.0.1]",
        "",
    ] {
        let unusable = notify(&client, &format!("http://{host}/"))
            .await
            .unwrap_err();
        assert!(
            matches!(unusable, EgressFailure::Unusable { .. }),
            "{host}: {unusable}"
        );
    }
    assert!(told.asked().is_empty());
    never_asked(&inside);
    never_asked(&outside);
}

#[tokio::test]
async fn s2_a_proxy_is_not_asked_for_this_machine_by_name() {
    let (proxy, _) = twins();
    let client = client(&Told::new(&[]));
    for host in [
        "localhost",
        "localhost.",
        "LOCALHOST",
        "a.localhost",
        "\u{24db}ocalhost",
    ] {
        let mut request = HttpRequest::post_json(format!("http://{host}/"), b"{}".to_vec());
        request.proxy = Some(format!("http://127.0.0.2:{}", port(&proxy)));
        let refused = client.request(Class::Notify, request, PATIENT).await;
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, EgressFailure::Refused { .. }),
            "{host}: {refused}"
        );
    }
    never_asked(&proxy);
}

#[tokio::test]
async fn s1_no_redirect_is_followed_by_anybody() {
    for status in [301, 302, 303, 307, 308] {
        for (class, proxied) in [
            (Class::Infra, false),
            (Class::Notify, false),
            (Class::Notify, true),
        ] {
            let (outside, inside) = twins();
            let place = format!("http://127.0.0.2:{}", port(&outside));
            let to = format!("http://127.0.0.1:{}/", port(&inside));
            let answer = format!(
                "HTTP/1.1 {status} Moved\r\nLocation: {to}\r\nRefresh: 0; url={to}\r\n\
                 Connection: close\r\nContent-Length: 0\r\n\r\n"
            );
            let answering = answering(outside, answer);
            let mut request = HttpRequest::post_json(format!("{place}/hook"), b"{}".to_vec());
            request.proxy = proxied.then_some(place);
            let client = client(&Told::new(&[]));
            let answer = client.request(class, request, PATIENT).await.unwrap();
            assert_eq!(answer.status, status);
            assert!(matches!(
                answer.accepted(),
                Err(NotifyError::Permanent { .. })
            ));
            assert!(answering.join().unwrap().starts_with("POST "));
            never_asked(&inside);
        }
    }
}
