//! A webhook receiver that notes which messages arrived, when, and how often.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::load::Failure;

/// What has arrived.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    pub(crate) distinct: usize,
    pub(crate) twice: usize,
}

/// What arrived of one message.
#[derive(Debug, Clone, Copy)]
struct Message {
    first: Instant,
    times: usize,
}

/// The messages by their group keys, shared with the connections.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(Arc<Mutex<HashMap<String, Message>>>);

impl Tally {
    fn count(&self, key: String) {
        let first = Instant::now();
        let mut messages = self.messages();
        messages
            .entry(key)
            .or_insert(Message { first, times: 0 })
            .times += 1;
    }

    fn arrived(&self) -> Arrived {
        let messages = self.messages();
        let twice = messages.values().filter(|message| message.times > 1);
        Arrived {
            distinct: messages.len(),
            twice: twice.count(),
        }
    }

    fn messages(&self) -> MutexGuard<'_, HashMap<String, Message>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When a message arrived for the first time.
    pub(crate) fn first(&self, key: &str) -> Option<Instant> {
        self.messages().get(key).map(|message| message.first)
    }

    /// Waits until that many different messages are there, or patience ends.
    pub(crate) async fn wait_for(&self, distinct: usize, patience: Duration) -> Arrived {
        let end = Instant::now() + patience;
        while self.arrived().distinct < distinct && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.arrived()
    }
}

/// What is read of a message.
#[derive(Debug, Default, Deserialize)]
struct Group {
    #[serde(rename = "groupKey")]
    key: String,
}

/// Listens for as long as the program runs.
pub(crate) async fn listen(address: SocketAddr) -> Result<Tally, Failure> {
    let listener = TcpListener::bind(address).await?;
    let tally = Tally::default();
    let mut accepting = JoinSet::new();
    accepting.spawn(accept(listener, tally.clone()));
    accepting.detach_all();
    Ok(tally)
}

async fn accept(listener: TcpListener, tally: Tally) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let tally = tally.clone();
        connections.spawn(async move {
            let service = service_fn(move |request| answer(request, tally.clone()));
            // A receiver that goes away is the sender's business.
            http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await
                .ok();
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    tally: Tally,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if let Ok(body) = request.into_body().collect().await {
        let group: Group = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
        tally.count(group.key);
    }
    Ok(Response::new(Full::default()))
}
