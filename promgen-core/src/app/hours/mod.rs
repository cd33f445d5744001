//! What came and what was delivered, by hour, for charts.
//!
//! A process counts in memory, and adds that to the database every now and then, as it does with
//! metrics: neither an alert nor a delivery waits for it, and no two processes wait for each other
//! (docs/decisions/0007). What a killed process counted last is not in the charts; the history has
//! it all the same.

mod fresh;
mod read;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

pub use self::read::{AlertHour, DeliveryDay, HOURS, Whose, alert_hours, driver_days};
pub(super) use self::read::{first_day, sender_days};

pub(super) use self::fresh::Came;
use self::fresh::Fresh;
use super::App;
use super::metrics::Attempted;
use crate::model::Timestamp;
use crate::store::StoreError;

/// How often a process writes down what it counted.
const WRITE_EVERY: Duration = Duration::from_secs(10);

/// How long hours are kept.
pub(super) const KEEP: Duration = Duration::from_hours(31 * 24);

/// What this process counted and has not written yet.
#[derive(Debug, Default)]
pub(super) struct Hours {
    fresh: Mutex<Fresh>,
    started: OnceLock<()>,
}

impl Hours {
    /// Messages came, and were routed.
    pub(super) fn came(&self, came: impl IntoIterator<Item = Came>) {
        let mut fresh = self.lock();
        for one in came {
            fresh.came(one);
        }
    }

    /// Deliveries ended.
    pub(super) fn ended(&self, at: Timestamp, attempts: &[Attempted]) {
        if attempts.iter().any(|attempt| !attempt.ended.is_empty()) {
            self.lock().ended(at, attempts);
        }
    }

    /// Starts writing every now and then, until the program ends.
    pub(super) fn keep(&self, app: &App) {
        self.started.get_or_init(|| {
            app.tasks().spawn(keep(app.clone()));
        });
    }

    async fn write(&self, app: &App) -> Result<(), StoreError> {
        let fresh = std::mem::take(&mut *self.lock());
        if fresh.is_empty() {
            return Ok(());
        }
        let written = async {
            let tx = app.store().write_tx().await?;
            tx.tally_alerts(&fresh.alerts()).await?;
            tx.tally_deliveries(&fresh.deliveries()).await?;
            tx.commit().await
        };
        let written = written.await;
        if written.is_err() {
            self.lock().add(fresh);
        }
        written
    }

    fn lock(&self) -> MutexGuard<'_, Fresh> {
        // Numbers are never half added, whoever panicked beside them.
        self.fresh.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn keep(app: App) {
    loop {
        let stopping = tokio::select! {
            () = app.stop().cancelled() => true,
            () = tokio::time::sleep(WRITE_EVERY) => false,
        };
        if let Err(error) = app.hours().write(&app).await {
            tracing::warn!(%error, "counts for charts not written; they are tried again");
        }
        if stopping {
            return;
        }
    }
}
