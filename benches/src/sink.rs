//! A webhook receiver that counts which messages arrived, and how often.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::load::Failure;

/// What has arrived.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    pub(crate) distinct: usize,
    pub(crate) twice: usize,
}

/// The count, shared with the connections.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(Arc<Mutex<HashMap<String, usize>>>);

impl Tally {
    fn count(&self, key: String) {
        *self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key)
            .or_default() += 1;
    }

    fn arrived(&self) -> Arrived {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let twice = counts.values().filter(|count| **count > 1).count();
        Arrived {
            distinct: counts.len(),
            twice,
        }
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
        let message: serde_json::Value =
            serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
        tally.count(message["groupKey"].as_str().unwrap_or_default().to_owned());
    }
    Ok(Response::new(Full::default()))
}
