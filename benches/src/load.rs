//! Requests in a closed loop: each connection asks again as soon as it has the answer.

use std::error::Error;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::report;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// What one connection saw.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) took: Vec<Duration>,
    pub(crate) bytes: usize,
    pub(crate) refused: usize,
}

/// Asks for a URL on several connections for some seconds and reports rate and latency.
pub(crate) async fn get(url: &str, connections: usize, seconds: u64) -> Result<(), Failure> {
    let uri: Uri = url.parse()?;
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut loops = JoinSet::new();
    for _ in 0..connections {
        let uri = uri.clone();
        loops.spawn(async move { get_until(&uri, end).await });
    }
    let mut all = Seen::default();
    while let Some(seen) = loops.join_next().await {
        let seen = seen??;
        all.took.extend(seen.took);
        all.bytes += seen.bytes;
        all.refused += seen.refused;
    }
    let bytes = all.bytes / all.took.len().max(1);
    report(&summary(
        &format!("GET {url}, {bytes} bytes"),
        &mut all,
        Duration::from_secs(seconds),
    ));
    Ok(())
}

async fn get_until(uri: &Uri, end: Instant) -> Result<Seen, Failure> {
    let mut sender = connect(uri).await?;
    let mut seen = Seen::default();
    while Instant::now() < end {
        let request = Request::get(uri.path_and_query().map_or("/", |path| path.as_str()))
            .header("host", host(uri))
            .body(Full::default())?;
        let begun = Instant::now();
        let answer = sender.send_request(request).await?;
        seen.refused += usize::from(!answer.status().is_success());
        seen.bytes += answer.into_body().collect().await?.to_bytes().len();
        seen.took.push(begun.elapsed());
    }
    Ok(seen)
}

/// Opens a connection and keeps it going in the background until its sender is dropped.
pub(crate) async fn connect(uri: &Uri) -> Result<SendRequest<Full<Bytes>>, Failure> {
    let stream = TcpStream::connect(host(uri)).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    let mut driving = JoinSet::new();
    driving.spawn(connection);
    driving.detach_all();
    Ok(sender)
}

pub(crate) fn host(uri: &Uri) -> String {
    uri.authority().map(ToString::to_string).unwrap_or_default()
}

/// One line: rate, median, 99th percentile, longest.
pub(crate) fn summary(what: &str, seen: &mut Seen, span: Duration) -> String {
    let count = seen.took.len();
    let rate = f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / span.as_secs_f64();
    format!(
        "{what}: {rate:.0}/s, {}, {count} answers, {} refused",
        spread(&mut seen.took),
        seen.refused
    )
}

/// Median, 99th percentile and longest.
pub(crate) fn spread(took: &mut [Duration]) -> String {
    took.sort_unstable();
    let at = |share: usize| {
        let index = (took.len() * share / 100).min(took.len().saturating_sub(1));
        took.get(index).map_or(0.0, |took| took.as_secs_f64() * 1e3)
    };
    format!(
        "p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        at(50),
        at(99),
        at(100)
    )
}
