//! The routing loop: from stored alerts to deliveries.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::alert::{self, Directory, Driver, Message, RouteRules, Routing};
use crate::app::{App, AppError, random};
use crate::model::{Alert, AlertId, AlertState, Timestamp, Tree};
use crate::plugin::NotifierKind;
use crate::store::{Lease, NewDelivery, Routed};

/// How often alerts are looked for that another process stored.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Most alerts routed in one transaction.
const BATCH: u64 = 128;

/// Routing takes milliseconds; whoever holds an alert for this long was killed.
const LEASE: Duration = Duration::from_secs(30);

/// Routes messages by one picture of the tree.
pub(in crate::app) struct Router {
    revision: i64,
    directory: Directory,
    rules: RouteRules,
    max_depth: usize,
}

impl Router {
    pub(in crate::app) fn new(app: &App, tree: &Tree) -> Self {
        let settings = app.settings();
        let driver = |key: &str| match app.registry().notifier(key).map(|found| found.kind) {
            Some(NotifierKind::Send(_)) => Driver::Sends,
            Some(NotifierKind::FanOut) => Driver::FanOut,
            None => Driver::Missing,
        };
        Self {
            revision: tree.revision,
            directory: Directory::new(tree, &driver),
            rules: RouteRules {
                split: settings.alertmanager.split,
                blacklist: settings.alertmanager.blacklist.clone(),
                link_base: link_base(app, tree),
            },
            max_depth: settings.alerts.max_depth,
        }
    }

    pub(in crate::app) fn route(&self, message: &Message) -> Routing {
        alert::route(message, &self.directory, &self.rules)
    }
}

/// What every absolute link begins with.
fn link_base(app: &App, tree: &Tree) -> String {
    format!("{}://{}", app.settings().scheme.as_str(), tree.site.domain)
}

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut waiting = app.alerts_waiting().listen();
    let mut router = None;
    loop {
        match route_batch(&app, &mut router).await {
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

async fn route_batch(app: &App, router: &mut Option<Arc<Router>>) -> Result<usize, AppError> {
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
    let router = current_router(app, router, revision).await?;
    let decide = move || {
        alerts
            .iter()
            .map(|alert| decide(&router, alert))
            .collect::<Vec<_>>()
    };
    // A message may hold 100,000 alerts: not on the threads that serve requests.
    let decided = tokio::task::spawn_blocking(decide).await;
    let decided = decided.map_err(|error| AppError::Internal {
        message: error.to_string(),
    })?;
    write(app, &lease, &decided).await?;
    app.deliveries_due().wake();
    Ok(decided.len())
}

async fn current_router(
    app: &App,
    kept: &mut Option<Arc<Router>>,
    revision: i64,
) -> Result<Arc<Router>, AppError> {
    if let Some(router) = kept.as_ref().filter(|router| router.revision == revision) {
        return Ok(Arc::clone(router));
    }
    let tx = app.store().read_tx().await?;
    let tree = tx.load_recipients().await?;
    drop(tx);
    let router = Arc::new(Router::new(app, &tree));
    *kept = Some(Arc::clone(&router));
    Ok(router)
}

struct Decided {
    alert: AlertId,
    state: AlertState,
    trace: String,
    labels: Vec<(String, String)>,
    routing: Option<Routing>,
}

fn decide(router: &Router, alert: &Alert) -> Decided {
    let failed = |text: String| Decided {
        alert: alert.id,
        state: AlertState::Failed,
        trace: serde_json::json!({ "error": text }).to_string(),
        labels: Vec::new(),
        routing: None,
    };
    let message = match Message::parse(alert.body.as_bytes(), router.max_depth) {
        Ok(message) => message,
        Err(error) => return failed(error.to_string()),
    };
    let routing = router.route(&message);
    let trace = match serde_json::to_string(&routing) {
        Ok(trace) => trace,
        Err(error) => return failed(error.to_string()),
    };
    let state = if routing.is_dropped() {
        AlertState::Dropped
    } else {
        AlertState::Routed
    };
    let labels = alert::labels(&message);
    Decided {
        alert: alert.id,
        state,
        trace,
        labels,
        routing: Some(routing),
    }
}

async fn write(app: &App, lease: &Lease, decided: &[Decided]) -> Result<(), AppError> {
    let now = app.now();
    let tx = app.store().write_tx().await?;
    for one in decided {
        let deliveries = deliveries(one, now);
        let routed = Routed {
            alert: one.alert,
            token: &lease.token,
            state: one.state,
            trace: &one.trace,
            labels: &one.labels,
            deliveries: &deliveries,
        };
        if !tx.finish_routing(&routed).await? {
            tracing::info!(alert = %one.alert, "another worker routed this alert first");
        }
    }
    tx.commit().await?;
    Ok(())
}

fn deliveries(decided: &Decided, now: Timestamp) -> Vec<NewDelivery> {
    let parts = decided
        .routing
        .iter()
        .flat_map(|routing| routing.parts.iter().enumerate());
    let deliveries = parts.flat_map(|(index, part)| {
        part.recipients.iter().map(move |recipient| NewDelivery {
            part: u32::try_from(index).unwrap_or(u32::MAX),
            sender: Some(recipient.sender),
            driver: recipient.driver.clone(),
            value: recipient.value.clone(),
            alias: recipient.alias.clone(),
            group_key: part.group_key.clone(),
            created: now,
            due: now,
        })
    });
    deliveries.collect()
}
