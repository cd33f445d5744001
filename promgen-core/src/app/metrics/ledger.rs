//! Counting for all processes: in memory at once, in the database every now and then.
//!
//! Whoever counts adds to a map in memory and never waits for the database. A task adds what came
//! together to the table `metric_sample`, in one small transaction; what is told is the table as it
//! was last read, plus what this process has not written yet. Counters therefore only grow, whether
//! the database is there or not, and no process has to be asked for its own.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex as Turn;

use super::counts::{Counts, Series, Text};
use super::family::Family;
use super::host_name;
use crate::app::App;
use crate::store::StoreError;

/// How often a process writes down what it counted: what is lost when it is killed.
const WRITE_EVERY: Duration = Duration::from_secs(10);

/// For how long the table is not read again, however often somebody asks.
const READ_EVERY: Duration = Duration::from_secs(5);

/// Most time for reading it while somebody waits.
const PATIENCE: Duration = Duration::from_secs(1);

/// What this process counted, and what all others did.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// What is not written yet.
    fresh: Mutex<Counts>,
    kept: Mutex<Kept>,
    /// Reading and writing take turns, or what is being written would be told twice.
    turn: Turn<()>,
    started: OnceLock<()>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The table, with what this process added since; `None` until it is first read.
    table: Option<Counts>,
    read: Option<Instant>,
    /// What is on its way into the table.
    under_way: Counts,
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // Numbers are never half added, whoever panicked beside them.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger {
    /// Adds to counters and histograms, all under one lock.
    pub(super) fn note(&self, notes: impl IntoIterator<Item = (&'static Family, Vec<Text>, u64)>) {
        let mut fresh = lock(&self.fresh);
        for (family, labels, amount) in notes {
            let hostname = if family.by_host { host_name() } else { "" };
            let series = Series {
                family,
                hostname: Cow::Borrowed(hostname),
                labels,
            };
            fresh.note(series, amount);
        }
    }

    /// What all processes counted; `None` while the table was never read.
    pub(super) async fn told(&self, app: &App) -> Option<Counts> {
        let reading = async {
            let _turn = self.turn.lock().await;
            let read = lock(&self.kept).read;
            if read.is_none_or(|read| read.elapsed() >= READ_EVERY) {
                self.read(app).await?;
            }
            Ok::<_, StoreError>(())
        };
        match tokio::time::timeout(PATIENCE, reading).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "counts of other processes not read"),
            Err(_) => tracing::debug!("counts of other processes not read in time"),
        }
        let kept = lock(&self.kept);
        let mut told = kept.table.clone()?;
        told.begin(host_name());
        told.add(&kept.under_way);
        told.add(&lock(&self.fresh));
        Some(told)
    }

    async fn read(&self, app: &App) -> Result<(), StoreError> {
        let tx = app.store().read_tx().await?;
        let table = Counts::from_samples(tx.list_samples().await?);
        let mut kept = lock(&self.kept);
        kept.table = Some(table);
        kept.read = Some(Instant::now());
        Ok(())
    }

    /// Adds what came together to the table.
    pub(super) async fn write(&self, app: &App) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let samples = {
            let mut kept = lock(&self.kept);
            let fresh = std::mem::take(&mut *lock(&self.fresh));
            if fresh.is_empty() {
                return Ok(());
            }
            let samples = fresh.to_samples();
            kept.under_way = fresh;
            samples
        };
        // Whatever becomes of it, what is under way ends up on one side.
        let written = async {
            let tx = app.store().write_tx().await?;
            tx.add_samples(&samples, app.now()).await?;
            tx.commit().await
        }
        .await;
        let mut kept = lock(&self.kept);
        let moved = std::mem::take(&mut kept.under_way);
        match (&written, &mut kept.table) {
            (Ok(()), Some(table)) => table.add(&moved),
            (Ok(()), None) => {}
            (Err(_), _) => lock(&self.fresh).add(&moved),
        }
        written
    }

    /// Starts writing every now and then, until the program ends.
    pub(super) fn keep(&self, app: &App) {
        self.started.get_or_init(|| {
            app.tasks().spawn(keep(app.clone()));
        });
    }
}

async fn keep(app: App) {
    let mut away = false;
    loop {
        let stopping = tokio::select! {
            () = app.stop().cancelled() => true,
            () = tokio::time::sleep(WRITE_EVERY) => false,
        };
        match app.metrics().ledger.write(&app).await {
            Ok(()) => away = false,
            Err(error) if !away => {
                away = true;
                tracing::warn!(%error, "what is counted is written once the database is back");
            }
            Err(_) => {}
        }
        if stopping {
            return;
        }
    }
}
