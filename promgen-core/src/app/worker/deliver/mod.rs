//! The delivery loop: claims what is due, sends it outside of any transaction, records how it went.
//!
//! A hung destination holds one lane and nothing else (`delivery::Lanes`); the batch writer records,
//! so that no attempt waits for the database.

mod attempt;
mod claim;
mod class;
mod handoff;
mod job;
mod jump;
mod ticket;

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::attempt::attempt;
use self::claim::{Claimed, claim};
use crate::app::{App, AppError};
use crate::model::DeliveryId;

pub(in crate::app) use self::class::ErrorClass;
pub(in crate::app) use self::handoff::Handoff;
pub(in crate::app) use self::job::{Job, Load, lease_end, message};
pub(in crate::app) use self::ticket::Ticket;
use self::ticket::{Gate, Wait};

/// How often due deliveries are looked for without being woken: retries become due by themselves.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What is added to twice the deadline of a send to get the lease, so that whoever still sends when
/// the lease ends has been dead for long.
const LEASE_MARGIN: Duration = Duration::from_secs(5);

pub(super) async fn run(app: App, stop: CancellationToken) {
    let gate = Gate::new(app.settings().delivery.concurrency);
    let mut desk = Desk {
        handed: app.handoff().open(gate.clone()),
        gate,
        lobby: Vec::new(),
        under_way: JoinSet::new(),
        app,
    };
    desk.work(&stop).await;
    desk.finish().await;
}

/// The loop's state.
struct Desk {
    app: App,
    gate: Gate,
    handed: mpsc::UnboundedReceiver<Job>,
    /// Jobs that were handed over and wait for their turn, oldest first.
    lobby: Vec<Job>,
    under_way: JoinSet<()>,
}

impl Desk {
    async fn work(&mut self, stop: &CancellationToken) {
        let mut due = self.app.deliveries_due().listen();
        let (mut look, mut more) = (true, false);
        let mut watch = jump::Watch::new(self.app.now());
        while !stop.is_cancelled() {
            if look {
                if let Err(error) = watch.look(&self.app).await {
                    tracing::warn!(%error, "delivery waits for the database");
                }
                more = self.claim().await;
            }
            let wait = self
                .gate
                .opens_in()
                .map_or(LOOK_EVERY, |opens| opens.min(LOOK_EVERY));
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                Some(job) = self.handed.recv() => {
                    self.lobby.push(job);
                    self.admit();
                    look = false;
                }
                Some(ended) = self.under_way.join_next() => {
                    panicked(ended);
                    self.admit();
                    look = more;
                }
                () = due.heard() => look = true,
                () = tokio::time::sleep(wait) => {
                    self.admit();
                    look = true;
                }
            }
        }
    }

    /// Whether more may be waiting for room.
    async fn claim(&mut self) -> bool {
        match claim(&self.app, &self.gate).await {
            Ok(Claimed { jobs, more }) => {
                for job in jobs {
                    self.begin(job);
                }
                more
            }
            Err(error) => {
                tracing::warn!(%error, "delivery waits for the database");
                false
            }
        }
    }

    /// Begins with those in the lobby whose turn has come, and gives back those that wait in vain.
    fn admit(&mut self) {
        for mut job in std::mem::take(&mut self.lobby) {
            match job.ticket.turn() {
                Wait::Over => self.begin(job),
                Wait::Goes => self.lobby.push(job),
                Wait::Vain => {
                    let app = self.app.clone();
                    self.under_way
                        .spawn(async move { give_back(&app, job).await });
                }
            }
        }
    }

    fn begin(&mut self, job: Job) {
        let app = self.app.clone();
        self.under_way.spawn(async move {
            let done = attempt(&app, job).await;
            app.writer().record(&app, done);
        });
    }

    /// Gives back what was handed over and not begun, and lets end what is under way.
    async fn finish(&mut self) {
        self.app.handoff().close();
        while let Ok(job) = self.handed.try_recv() {
            self.lobby.push(job);
        }
        for job in std::mem::take(&mut self.lobby) {
            give_back(&self.app, job).await;
        }
        while let Some(ended) = self.under_way.join_next().await {
            panicked(ended);
        }
        self.app.writer().flush(&self.app).await;
    }
}

/// The lease of a delivery whose driver panicked ends by itself, and another attempt is made.
fn panicked(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a driver panicked");
    }
}

/// Gives back what was not begun; whoever finds it next makes it.
async fn give_back(app: &App, job: Job) {
    match release(app, &job).await {
        Ok(()) => app.handoff().waits(true),
        Err(error) => tracing::debug!(%error, "deliveries come back when their lease ends"),
    }
}

async fn release(app: &App, job: &Job) -> Result<(), AppError> {
    let ids: Vec<DeliveryId> = job.loads.iter().map(|load| load.delivery.id).collect();
    let tx = app.store().write_tx().await?;
    tx.release_deliveries(&job.lease.token, &ids).await?;
    tx.commit().await?;
    Ok(())
}
