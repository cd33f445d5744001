//! The routing loop: from alerts that were stored without being routed to deliveries.
//!
//! The intake routes what it can itself; here come the large messages, and those that were stored
//! while that was not possible.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::alert::Message;
use crate::app::hours::Came;
use crate::app::router::{Decided, Router};
use crate::app::{App, AppError, random};
use crate::model::{Alert, AlertId, AlertState};
use crate::store::{Lease, Routed};

/// How often alerts are looked for that another process stored.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Most alerts routed in one transaction.
const BATCH: u64 = 128;

/// Routing takes milliseconds; whoever holds an alert for this long was killed.
const LEASE: Duration = Duration::from_secs(30);

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut waiting = app.alerts_waiting().listen();
    loop {
        match route_batch(&app).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(%error, "routing waits for the database"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = waiting.heard() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn route_batch(app: &App) -> Result<usize, AppError> {
    // A look costs no turn at writing.
    let tx = app.store().read_tx().await?;
    let waits = tx.has_alerts_to_route(app.now()).await?;
    drop(tx);
    if !waits {
        return Ok(0);
    }
    let now = app.now();
    let lease = Lease {
        token: random::lease_token()?,
        until: now.plus(LEASE),
    };
    let tx = app.store().write_tx().await?;
    let alerts = tx.claim_alerts(now, &lease, BATCH).await?;
    if alerts.is_empty() {
        return Ok(0);
    }
    let revision = tx.revision().await?;
    tx.commit().await?;
    let router = app.router().at(app, revision).await?;
    let max_depth = app.settings().alerts.max_depth;
    let decide = move || -> Vec<(AlertId, Decided)> {
        let decided = |alert: &Alert| (alert.id, decide(&router, alert, max_depth));
        alerts.iter().map(decided).collect()
    };
    // A message may hold 100,000 alerts: not on the threads that serve requests.
    let decided = tokio::task::spawn_blocking(decide).await;
    let decided = decided.map_err(|error| AppError::Internal {
        message: error.to_string(),
    })?;
    write(app, &lease, &decided).await?;
    app.handoff().waits(true);
    app.deliveries_due().wake();
    Ok(decided.len())
}

fn decide(router: &Router, alert: &Alert, max_depth: usize) -> Decided {
    match Message::parse(alert.body.as_bytes(), max_depth) {
        Ok(message) => router.decide(&message),
        Err(error) => Decided::failed(&error.to_string()),
    }
}

async fn write(app: &App, lease: &Lease, decided: &[(AlertId, Decided)]) -> Result<(), AppError> {
    let now = app.now();
    let tx = app.store().write_tx().await?;
    let mut came = Vec::new();
    for (alert, one) in decided {
        let routed = Routed {
            alert: *alert,
            token: &lease.token,
            state: one.state,
            trace: &one.trace,
            labels: &one.labels,
            deliveries: &one.deliveries(now),
        };
        if tx.finish_routing(&routed).await? {
            came.extend(Came::of(now, &one.routing));
        } else {
            tracing::info!(%alert, "another worker routed this alert first");
        }
    }
    tx.commit().await?;
    app.hours().came(came);
    let failed = |(_, one): &&(AlertId, Decided)| one.state == AlertState::Failed;
    app.metrics()
        .not_routed(decided.iter().filter(failed).count());
    Ok(())
}
