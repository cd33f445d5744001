//! The demo's own exporters, one of which fails now and then.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use promgen_core::model::{Clock, Timestamp};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::CommandError;

/// Names of the exporters; the first one fails.
pub(super) const NAMES: [&str; 3] = ["checkout", "search", "ledger"];

/// The failing exporter answers for a while, then fails for a while, and so on.
const ANSWERS: Duration = Duration::from_secs(20);
const FAILS: Duration = Duration::from_secs(40);

/// A running exporter.
#[derive(Debug, Clone)]
pub(super) struct Exporter {
    pub(super) name: &'static str,
    pub(super) port: u16,
}

/// Starts all of them on free ports of this machine.
pub(super) async fn start(
    clock: &Arc<dyn Clock>,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> Result<Vec<Exporter>, CommandError> {
    let begun = clock.now();
    let mut exporters = Vec::new();
    for name in NAMES {
        let failed = |error: std::io::Error| {
            CommandError::other(
                format!("no port for an exporter: {error}"),
                "free some ports",
            )
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let clock = Arc::clone(clock);
        let metrics = move || async move { answer(name, begun, clock.now()) };
        let router = Router::new().route("/metrics", get(metrics));
        let stopped = stop.clone().cancelled_owned();
        tasks.spawn(async move {
            // It ends when the demo does.
            axum::serve(listener, router)
                .with_graceful_shutdown(stopped)
                .await
                .ok();
        });
        exporters.push(Exporter { name, port });
    }
    Ok(exporters)
}

fn answer(name: &str, begun: Timestamp, now: Timestamp) -> Response {
    let age = now.since(begun);
    if NAMES.first() == Some(&name) && is_failing(age) {
        return (http::StatusCode::SERVICE_UNAVAILABLE, "out of order\n").into_response();
    }
    let seconds = age.as_secs();
    format!(
        "# HELP demo_queue_length Jobs that wait.\n# TYPE demo_queue_length gauge\n\
         demo_queue_length {}\n# HELP demo_requests_total Requests answered.\n\
         # TYPE demo_requests_total counter\ndemo_requests_total {}\n",
        seconds * 7 % 60,
        seconds * 3
    )
    .into_response()
}

fn is_failing(age: Duration) -> bool {
    age.as_secs() % (ANSWERS + FAILS).as_secs() >= ANSWERS.as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_exporter_fails_and_comes_back() {
        let failing = |seconds| is_failing(Duration::from_secs(seconds));
        assert_eq!(
            [0, 19, 20, 59, 60, 80].map(failing),
            [false, false, true, true, false, true]
        );
    }

    #[test]
    fn only_the_first_exporter_fails() {
        let at = |name| answer(name, Timestamp(0), Timestamp(30_000)).status();
        assert_eq!(at("checkout"), 503);
        assert_eq!(at("search"), 200);
    }
}
