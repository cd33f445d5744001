//! A clock that is set back: what was due in a minute would be due in a minute and a day.

use std::time::Duration;

use super::job::lease_end;
use crate::app::{App, AppError};
use crate::delivery::LONGEST_RETRY_AFTER;
use crate::model::Timestamp;

/// A step back of less than this delays nothing worth mentioning.
const STEP: Duration = Duration::from_mins(1);

/// Watches the clock of this process.
#[derive(Debug)]
pub(super) struct Watch {
    last: Timestamp,
}

impl Watch {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { last: now }
    }

    /// Brings what waits for longer than anything may back to the present, after the clock was set
    /// back. Attempts that are under way are completed under their leases all the same.
    pub(super) async fn look(&mut self, app: &App) -> Result<(), AppError> {
        let now = app.now();
        if now.plus(STEP) >= self.last {
            self.last = self.last.max(now);
            return Ok(());
        }
        let settings = &app.settings().delivery;
        let longest = settings.longest_retry.mul_f64(1.5).max(LONGEST_RETRY_AFTER);
        let tx = app.store().write_tx().await?;
        let moved = tx
            .follow_clock_back(now, now.plus(longest), lease_end(app, now))
            .await?;
        tx.commit().await?;
        tracing::warn!(deliveries = moved, "the clock was set back");
        self.last = now;
        Ok(())
    }
}
