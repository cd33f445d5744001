//! Telling everybody that this worker lives.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Queues;
use crate::app::metrics::host_name;
use crate::app::{App, AppError};
use crate::model::{Timestamp, Worker};

/// How often a worker says that it lives.
const BEAT_EVERY: Duration = Duration::from_secs(10);

/// A worker that was not heard for longer than this is none: six beats, for a database that is busy
/// or clocks that differ a little.
const LATELY: Duration = Duration::from_mins(1);

pub(super) async fn run(app: App, queues: Queues, stop: CancellationToken) {
    let now = app.now();
    let mut worker = Worker {
        hostname: host_name().to_owned(),
        process: std::process::id(),
        alerts: queues.alerts,
        servers: queues.servers,
        started: now,
        seen: now,
    };
    loop {
        worker.seen = app.now();
        if let Err(error) = save(&app, &worker).await {
            tracing::debug!(%error, "the worker could not say that it lives");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(BEAT_EVERY) => {}
        }
    }
    if let Err(error) = forget(&app, &worker).await {
        tracing::debug!(%error, "that the worker ends will be noticed by its silence");
    }
}

async fn save(app: &App, worker: &Worker) -> Result<(), AppError> {
    let tx = app.store().write_tx().await?;
    tx.save_worker(worker).await?;
    Ok(tx.commit().await?)
}

async fn forget(app: &App, worker: &Worker) -> Result<(), AppError> {
    let tx = app.store().write_tx().await?;
    tx.delete_worker(worker).await?;
    Ok(tx.commit().await?)
}

/// How many workers were heard lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::app) struct Seen {
    /// That route and deliver alerts.
    pub(in crate::app) alerts: u64,
    /// That look after Prometheus servers.
    pub(in crate::app) servers: u64,
}

impl Seen {
    /// Counts them. One whose clock is ahead of ours counts.
    pub(in crate::app) fn of(workers: &[Worker], now: Timestamp) -> Self {
        let mut seen = Self::default();
        for worker in workers.iter().filter(|it| now.since(it.seen) <= LATELY) {
            seen.alerts += u64::from(worker.alerts);
            seen.servers += u64::from(!worker.servers.is_empty());
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(alerts: bool, servers: &[&str], seen: i64) -> Worker {
        Worker {
            hostname: "a".to_owned(),
            process: 1,
            alerts,
            servers: servers.iter().map(ToString::to_string).collect(),
            started: Timestamp(0),
            seen: Timestamp(seen),
        }
    }

    #[test]
    fn workers_count_for_a_minute_after_they_were_heard() {
        let workers = [
            worker(true, &[], 40_000),
            worker(true, &["prom"], 39_999),
            worker(false, &["prom"], 200_000),
        ];
        let (alerts, servers) = (1, 1);
        assert_eq!(
            Seen::of(&workers, Timestamp(100_000)),
            Seen { alerts, servers }
        );
    }
}
