//! A discovery source over HTTP that answers as it is told.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use tokio::task::JoinSet;

/// A piece of an answer that is large.
const PIECE: &[u8] = &[b' '; 1 << 20];

/// Where a status that moves without a place points to.
const NOWHERE: &str = "http://127.0.0.1:1/";

/// How the source answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// `200` with this body.
    Text(String),
    /// This status with an empty body, and somewhere else to look.
    Status(u16),
    /// This status, and this place to look.
    Moved(u16, String),
    /// `200` with that many MiB of blanks.
    Large(usize),
    /// `200` with that many MiB of blanks, as gzip: about a thousandth of it goes over the wire.
    Inflating(usize),
    /// Never.
    Silence,
}

#[derive(Debug, Clone)]
struct Shared(Arc<Mutex<(Reply, usize)>>);

/// The source. Dropped, it stops listening.
#[derive(Debug)]
pub struct Source {
    address: SocketAddr,
    shared: Shared,
    _serving: JoinSet<()>,
}

impl Source {
    /// Starts on a free port, without a farm.
    ///
    /// # Panics
    /// When the machine has none.
    #[expect(
        clippy::expect_used,
        reason = "without a source there is nothing to test"
    )]
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("the port that was bound");
        let shared = Shared(Arc::new(Mutex::new((Reply::Text("[]".to_owned()), 0))));
        let router = Router::new().fallback(answer).with_state(shared.clone());
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

    /// Host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers like this from now on.
    pub fn say(&self, reply: Reply) {
        self.shared.lock().0 = reply;
    }

    /// Answers these farms with their hosts from now on.
    pub fn offer(&self, farms: &[(&str, &[&str])]) {
        let group = |(farm, hosts): &(&str, &[&str])| {
            let targets: Vec<String> = hosts.iter().map(|host| format!("{host}:9100")).collect();
            serde_json::json!({"targets": targets, "labels": {"farm": farm}})
        };
        let groups: Vec<serde_json::Value> = farms.iter().map(group).collect();
        self.say(Reply::Text(serde_json::json!(groups).to_string()));
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.shared.lock().1
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, (Reply, usize)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(State(shared): State<Shared>) -> Response {
    let reply = {
        let mut state = shared.lock();
        state.1 += 1;
        state.0.clone()
    };
    match reply {
        Reply::Text(text) => response(200, Body::from(text), NOWHERE),
        Reply::Status(status) => response(status, Body::empty(), NOWHERE),
        Reply::Moved(status, to) => response(status, Body::empty(), &to),
        Reply::Inflating(pieces) => response_of(
            Response::builder().header("content-encoding", "gzip"),
            Body::from(inflating(pieces)),
        ),
        Reply::Large(pieces) => {
            let piece = || Ok::<_, std::io::Error>(Bytes::from_static(PIECE));
            let pieces = (0..pieces).map(move |_| piece());
            let stream = futures_util::stream::iter(pieces);
            response(200, Body::from_stream(stream), NOWHERE)
        }
        Reply::Silence => std::future::pending().await,
    }
}

/// That many pieces as one member of gzip. A piece is compressed once: it ends with a byte, and looks
/// back on nothing but blanks.
#[expect(clippy::expect_used, reason = "memory takes whatever is written")]
fn inflating(pieces: usize) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(PIECE).expect("memory");
    encoder.flush().expect("memory");
    let piece = encoder.get_ref().clone();
    let mut member = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff];
    for _ in 0..pieces {
        member.extend(&piece);
    }
    member
}

fn response(status: u16, body: Body, location: &str) -> Response {
    let builder = Response::builder()
        .status(status)
        .header("location", location);
    response_of(builder, body)
}

#[expect(clippy::expect_used, reason = "the parts are constants of this file")]
fn response_of(builder: http::response::Builder, body: Body) -> Response {
    builder.body(body).expect("a legal response")
}
