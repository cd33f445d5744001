//! A stand-in of Prometheus that remembers what it was asked and behaves as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use http::{HeaderMap, Method, Uri};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How the stand-in answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    /// With this status, content type and body.
    With(u16, &'static str, String),
    /// Not before it is told to answer otherwise, and then like that.
    Held,
    /// `200`, a length, and half of the body.
    HalfBody,
    /// `200` and so many bytes of a query's result that never ends well.
    Large(usize),
    /// Somewhere else to go.
    Moved(String),
    /// A success for each path that ends so, with its data; 404 for any other.
    ByPath(Vec<(&'static str, serde_json::Value)>),
}

impl Answers {
    /// A success with this data.
    pub fn success(data: &serde_json::Value) -> Self {
        let body = serde_json::json!({"status": "success", "data": data});
        Self::With(200, "application/json", body.to_string())
    }
}

/// A question that came in.
#[derive(Debug, Clone)]
pub struct Question {
    /// Method.
    pub method: Method,
    /// Path and query as they stood in the request.
    pub target: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: String,
}

#[derive(Debug, Clone)]
struct Shared {
    asked: Arc<Mutex<Vec<Question>>>,
    answers: watch::Sender<Answers>,
}

/// The stand-in. Dropped, it stops listening.
#[derive(Debug)]
pub struct FakeShard {
    address: SocketAddr,
    shared: Shared,
    _serving: JoinSet<()>,
}

impl FakeShard {
    /// Starts on a free port.
    ///
    /// # Panics
    /// When the machine has none.
    #[expect(
        clippy::expect_used,
        reason = "without a shard there is nothing to test"
    )]
    pub async fn start(answers: Answers) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("the port that was bound");
        let shared = Shared {
            asked: Arc::default(),
            answers: watch::Sender::new(answers),
        };
        let router = Router::new()
            .fallback(answer)
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

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers like that from now on, also those who wait.
    pub fn answer(&self, answers: Answers) {
        self.shared.answers.send_replace(answers);
    }

    /// Everything that came in, in order.
    pub fn asked(&self) -> Vec<Question> {
        lock(&self.shared.asked).clone()
    }
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    lock(&shared.asked).push(Question {
        method,
        target: uri.to_string(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    let mut told = shared.answers.subscribe();
    let decided = told.wait_for(|answers| *answers != Answers::Held).await;
    let mut answers = decided.map_or(Answers::HalfBody, |answers| answers.clone());
    if let Answers::ByPath(all) = &answers {
        let found = all.iter().find(|(end, _)| path.ends_with(end));
        answers = found.map_or_else(
            || Answers::With(404, "text/plain", "nothing".to_owned()),
            |(_, data)| Answers::success(data),
        );
    }
    match answers {
        Answers::With(status, media, body) => response(status, "content-type", media, body),
        Answers::Moved(to) => response(302, "location", &to, Body::empty()),
        Answers::Large(bytes) => response(200, "x-large", "yes", large(bytes)),
        Answers::Held | Answers::HalfBody | Answers::ByPath(_) => {
            let half = futures_util::stream::iter([
                Ok::<_, std::io::Error>(Bytes::from_static(b"{\"status\"")),
                Err(std::io::Error::other("cut off")),
            ]);
            response(200, "content-length", "1000", Body::from_stream(half))
        }
    }
}

/// The beginning of a result, with one series over and over.
fn large(bytes: usize) -> Body {
    const HEAD: &str = r#"{"status":"success","data":{"resultType":"vector","result":["#;
    let series = format!(
        r#"{{"metric":{{"a":"{}"}},"value":[1,"1"]}},"#,
        "x".repeat(64)
    );
    let piece = Bytes::from(series.repeat(1000));
    let pieces = bytes.div_ceil(piece.len());
    let all = std::iter::once(Bytes::from_static(HEAD.as_bytes()))
        .chain(std::iter::repeat_n(piece, pieces))
        .map(Ok::<_, std::io::Error>);
    Body::from_stream(futures_util::stream::iter(all))
}

#[expect(clippy::expect_used, reason = "the parts are those of a test")]
fn response(status: u16, name: &str, value: &str, body: impl Into<Body>) -> Response {
    let builder = Response::builder().status(status).header(name, value);
    builder.body(body.into()).expect("a legal response")
}
