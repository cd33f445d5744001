//! From the intake straight to the delivery loop of the same process.
//!
//! What is routed while it is stored can be claimed in the same transaction, if a delivery loop
//! runs in this process and the destination's lane is open, or merely full. It then starts as soon as
//! the alert is durable and its turn has come, without another turn at the database.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::claim::pace;
use super::job::Job;
use super::ticket::{Gate, Ticket};
use crate::app::App;
use crate::model::Destination;

struct Open {
    gate: Gate,
    jobs: mpsc::UnboundedSender<Job>,
}

/// The way from the intake to the delivery loop; closed while there is none.
pub(in crate::app) struct Handoff {
    open: Mutex<Option<Open>>,
    /// Something is due that waits for its turn. Not to be trusted for other processes' sake: the
    /// loop looks by itself every now and then.
    waiting: AtomicBool,
}

impl Default for Handoff {
    fn default() -> Self {
        Self {
            open: Mutex::default(),
            // What an earlier process left.
            waiting: AtomicBool::new(true),
        }
    }
}

impl Handoff {
    fn inner(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A delivery loop runs from this moment on.
    pub(super) fn open(&self, gate: Gate) -> mpsc::UnboundedReceiver<Job> {
        let (jobs, handed) = mpsc::unbounded_channel();
        *self.inner() = Some(Open { gate, jobs });
        handed
    }

    /// Whether something may be due that waits for its turn.
    pub(in crate::app) fn is_waiting(&self) -> bool {
        self.waiting.load(Ordering::Acquire)
    }

    /// Something is due, or nothing is.
    pub(in crate::app) fn waits(&self, waiting: bool) {
        self.waiting.store(waiting, Ordering::Release);
    }

    /// The delivery loop takes no more.
    pub(super) fn close(&self) {
        *self.inner() = None;
    }

    /// Asks for the right to begin with a delivery at once, or as soon as one of those that go to its
    /// destination ends.
    pub(in crate::app) fn ticket(&self, app: &App, destination: &Destination) -> Option<Ticket> {
        let gate = self.inner().as_ref()?.gate.clone();
        let now = gate.ticket(destination, pace(app, &destination.driver));
        now.or_else(|| gate.place(destination))
    }

    /// Hands a claimed delivery over. When the loop has ended meanwhile, its lease ends by itself.
    pub(in crate::app) fn hand_over(&self, job: Job) {
        if let Some(open) = self.inner().as_ref() {
            open.jobs.send(job).ok();
        }
    }
}
