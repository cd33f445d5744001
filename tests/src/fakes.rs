//! Strict stand-ins for Slack, PagerDuty and LINE: what their public API documents do not allow is
//! refused as the real ones refuse it, and kept for the test to see.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::Value;
use tokio::task::JoinSet;

mod line;
mod pagerduty;
mod slack;

pub use line::{LINE_ID, LINE_TOKEN};

/// A request.
#[derive(Debug, Clone)]
pub struct Posted {
    /// Path.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Posted {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn is_json(&self) -> Result<(), Refusal> {
        match self.header("content-type") {
            Some("application/json") => Ok(()),
            other => Err(refusal(format!("content type {other:?}"))),
        }
    }
}

/// Status and text of an answer.
type Answer = (u16, String);
/// Why a request is not taken, and with which status.
type Refusal = (u16, String);

fn refusal(why: impl Into<String>) -> Refusal {
    (400, why.into())
}

/// Judges a request; the set holds what the judge remembers of earlier ones.
type Judge = fn(&Posted, &mut BTreeSet<String>) -> Result<Answer, Refusal>;

#[derive(Debug, Default)]
struct Seen {
    taken: Vec<Posted>,
    refused: Vec<String>,
    memory: BTreeSet<String>,
    lose: usize,
}

#[derive(Debug, Clone)]
struct Shared {
    judge: Judge,
    seen: Arc<Mutex<Seen>>,
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stand-in. Dropped, it stops listening.
#[derive(Debug)]
pub struct Fake {
    url: String,
    shared: Shared,
    _serving: JoinSet<()>,
}

impl Fake {
    /// Slack's incoming webhooks, below `/services/`.
    pub async fn slack() -> Self {
        Self::start(slack::judge).await
    }

    /// PagerDuty's Events API v2, at `/v2/enqueue`.
    pub async fn pagerduty() -> Self {
        Self::start(pagerduty::judge).await
    }

    /// LINE's Messaging API, with [`LINE_TOKEN`].
    pub async fn line() -> Self {
        Self::start(line::judge).await
    }

    #[expect(
        clippy::expect_used,
        reason = "without a server there is nothing to test"
    )]
    async fn start(judge: Judge) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("the port that was bound");
        let seen = Arc::default();
        let shared = Shared { judge, seen };
        let router = Router::new()
            .fallback(receive)
            .layer(DefaultBodyLimit::disable())
            .with_state(shared.clone());
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            axum::serve(listener, router).await.ok();
        });
        Self {
            url: format!("http://{address}"),
            shared,
            _serving: serving,
        }
    }

    /// `http://127.0.0.1:PORT/path`
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Loses the next answers to requests that it takes: they become `500`.
    pub fn lose(&self, answers: usize) {
        self.shared.seen().lose = answers;
    }

    /// What it took, in order.
    ///
    /// # Panics
    /// When it refused anything.
    pub fn taken(&self) -> Vec<Posted> {
        let seen = self.shared.seen();
        assert!(seen.refused.is_empty(), "refused: {:?}", seen.refused);
        seen.taken.clone()
    }
}

async fn receive(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let posted = Posted {
        path: uri.path().to_owned(),
        headers,
        body,
    };
    let mut seen = shared.seen();
    let answer = match method {
        Method::POST => (shared.judge)(&posted, &mut seen.memory),
        _ => Err((405, format!("{method} is not allowed"))),
    };
    let (status, text) = match answer {
        Ok(answer) => {
            seen.taken.push(posted);
            let lost = seen.lose > 0;
            seen.lose = seen.lose.saturating_sub(1);
            if lost { (500, String::new()) } else { answer }
        }
        // Not a mistake: this is how LINE tells that an earlier request got through.
        Err((409, text)) => (409, text),
        Err((status, text)) => {
            seen.refused
                .push(format!("{} {status}: {text}", posted.path));
            (status, text)
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, text).into_response()
}
