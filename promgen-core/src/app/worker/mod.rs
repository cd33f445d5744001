//! The workers: what runs for as long as the program does.
//!
//! [`run`] starts a loop for each task of its [`Queues`]: routing of stored alerts, delivery of
//! what was routed, refreshing of remote farms, deployment to the Prometheus servers of a host,
//! housekeeping, and a heartbeat that tells everybody of it. Every loop stops between two steps when it is told to, and what a killed one had
//! begun is taken up by another when its lease ends.

mod deliver;
mod discovery;
mod heartbeat;
mod housekeeping;
mod route;
mod servers;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub(super) use deliver::{ErrorClass, Handoff, Job, Load, Ticket, lease_end, message};
pub(super) use heartbeat::Seen;

use super::{App, AppError, metrics};

/// What a worker works on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queues {
    /// Route and deliver alerts, and refresh remote farms.
    pub alerts: bool,
    /// Deploy to the servers of these hosts, or to those of them at `HOST:PORT`.
    pub servers: Vec<String>,
}

impl Queues {
    /// Reads queue names as the command line gives them: `alerts` (or the original's `celery`) and
    /// names of Prometheus hosts.
    ///
    /// ```
    /// use promgen_core::app::worker::Queues;
    /// let queues = Queues::parse(["prometheus001", "alerts"]);
    /// assert!(queues.alerts);
    /// assert_eq!(queues.servers, ["prometheus001"]);
    /// ```
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut queues = Self::default();
        for name in names {
            match name {
                "alerts" | "celery" => queues.alerts = true,
                host => queues.servers.push(host.to_owned()),
            }
        }
        queues
    }
}

/// Works until `stop` is cancelled, then finishes what is under way.
///
/// # Errors
/// [`AppError::Internal`] when a loop ended by itself, which none does.
pub async fn run(app: App, queues: Queues, stop: CancellationToken) -> Result<(), AppError> {
    let mut loops = JoinSet::new();
    metrics::keep(&app);
    if queues != Queues::default() {
        loops.spawn(heartbeat::run(app.clone(), queues.clone(), stop.clone()));
    }
    if queues.alerts {
        loops.spawn(route::run(app.clone(), stop.clone()));
        loops.spawn(deliver::run(app.clone(), stop.clone()));
        loops.spawn(housekeeping::run(app.clone(), stop.clone()));
        loops.spawn(discovery::run(app.clone(), stop.clone()));
    }
    for host in queues.servers {
        loops.spawn(servers::run(app.clone(), host, stop.clone()));
    }
    if loops.is_empty() {
        stop.cancelled().await;
    }
    while let Some(ended) = loops.join_next().await {
        ended.map_err(|error| AppError::Internal {
            message: format!("a worker ended: {error}"),
        })?;
    }
    Ok(())
}
