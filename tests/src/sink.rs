//! A webhook receiver that remembers what it got and behaves as it is told.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use http::{HeaderMap, Uri};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::wait::until;

/// Between two drops of an answer that drips: often enough that no wait for the next one ends.
const BETWEEN: Duration = Duration::from_millis(50);

/// How often an echo says the same: more than anybody should keep.
const ECHOES: usize = 100_000;

/// How the sink answers on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// With this status.
    Status(u16),
    /// `429` with `Retry-After: 1`, the first time; `200` afterwards.
    BusyOnce,
    /// Never.
    Silence,
    /// Not before the path behaves otherwise, and then like that.
    Held,
    /// `200`, a length, and half of the body.
    HalfBody,
    /// `200`, and one byte of the body after the other, without end.
    Drip,
    /// This status, and somewhere else to go: `http://ADDRESS/`.
    Moved(u16, SocketAddr),
    /// This status, and what was asked for as the body, over and over.
    Echo(u16),
}

/// A request that came in.
#[derive(Debug, Clone)]
pub struct Received {
    /// When it was there as a whole.
    pub at: Instant,
    /// Path.
    pub path: String,
    /// Query of the URL.
    pub query: Option<String>,
    /// Headers.
    pub headers: HeaderMap,
    /// Body; null when it was no JSON.
    pub json: Value,
}

impl Received {
    /// `status` of the message.
    pub fn status(&self) -> &str {
        self.json["status"].as_str().unwrap_or_default()
    }

    /// The delivery that it was an attempt of.
    pub fn delivery(&self) -> &str {
        let header = self.headers.get("x-promgen-delivery");
        header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

#[derive(Debug, Clone, Default)]
struct Shared {
    received: Arc<Mutex<Vec<Received>>>,
    behaviours: watch::Sender<HashMap<String, Behaviour>>,
}

/// The receiver. Dropped, it stops listening.
#[derive(Debug)]
pub struct Sink {
    address: SocketAddr,
    shared: Shared,
    _serving: JoinSet<()>,
}

impl Sink {
    /// Starts on a free port.
    ///
    /// # Panics
    /// When the machine has none.
    #[expect(
        clippy::expect_used,
        reason = "without a sink there is nothing to test"
    )]
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("the port that was bound");
        let shared = Shared::default();
        let router = Router::new()
            .fallback(receive)
            .layer(DefaultBodyLimit::disable())
            .with_state(shared.clone());
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            axum::serve(listener, router).await.ok();
        });
        Self {
            address,
            shared,
            _serving: serving,
        }
    }

    /// `http://127.0.0.1:PORT/path`
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes a path answer otherwise than with `200`.
    pub fn behave(&self, path: &str, behaviour: Behaviour) {
        let behaviours = &self.shared.behaviours;
        behaviours.send_modify(|all| {
            all.insert(path.to_owned(), behaviour);
        });
    }

    /// Everything that came in, in order.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }

    /// What came in on a path.
    pub fn on(&self, path: &str) -> Vec<Received> {
        self.received()
            .into_iter()
            .filter(|one| one.path == path)
            .collect()
    }

    /// How many requests came in on a path.
    pub fn count(&self, path: &str) -> usize {
        let received = lock(&self.shared.received);
        received.iter().filter(|one| one.path == path).count()
    }

    /// Waits for the first message of that status on a path.
    pub async fn first(&self, path: &str, status: &str) -> Received {
        until(&format!("a {status} message on {path}"), async || {
            self.on(path).into_iter().find(|one| one.status() == status)
        })
        .await
    }
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn receive(
    State(shared): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let json = serde_json::from_slice(&body).unwrap_or_default();
    let before = {
        let mut received = lock(&shared.received);
        received.push(Received {
            at: Instant::now(),
            path: path.clone(),
            query: uri.query().map(ToOwned::to_owned),
            headers,
            json,
        });
        received.iter().filter(|one| one.path == path).count()
    };
    let of_path = |all: &HashMap<_, _>| all.get(&path).copied();
    let mut behaviours = shared.behaviours.subscribe();
    let decided = behaviours.wait_for(|all| of_path(all) != Some(Behaviour::Held));
    let behaviour = decided.await.ok().and_then(|all| of_path(&all));
    match behaviour.unwrap_or(Behaviour::Status(200)) {
        Behaviour::Status(status) => answer(
            status,
            &[("location", "http://127.0.0.1:1/")],
            Body::empty(),
        ),
        Behaviour::BusyOnce if before == 1 => answer(429, &[("retry-after", "1")], Body::empty()),
        Behaviour::BusyOnce => answer(200, &[], Body::empty()),
        Behaviour::Silence | Behaviour::Held => std::future::pending().await,
        Behaviour::Moved(status, to) => {
            let to = format!("http://{to}/");
            answer(status, &[("location", &to)], Body::empty())
        }
        Behaviour::Echo(status) => {
            let text = format!("no {uri}\r\n").repeat(ECHOES);
            answer(status, &[], Body::from(text))
        }
        Behaviour::Drip => {
            let drop = |tick: tokio::time::Interval| async {
                let mut tick = tick;
                tick.tick().await;
                Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), tick))
            };
            let drops = futures_util::stream::unfold(tokio::time::interval(BETWEEN), drop);
            answer(200, &[], Body::from_stream(drops))
        }
        Behaviour::HalfBody => {
            let half = futures_util::stream::iter([
                Ok::<_, std::io::Error>(Bytes::from_static(b"half")),
                Err(std::io::Error::other("cut off")),
            ]);
            answer(200, &[("content-length", "1000")], Body::from_stream(half))
        }
    }
}

#[expect(clippy::expect_used, reason = "the parts are constants of this file")]
fn answer(status: u16, headers: &[(&str, &str)], body: Body) -> Response {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(body).expect("a legal response")
}
