//! The delivery loop: claims what is due, sends it outside of any transaction, records how it went.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::alert::{Message, Routing};
use crate::app::{App, AppError, random};
use crate::delivery;
use crate::egress::EgressContext;
use crate::model::{
    AlertId, Attempt, AttemptId, Delivery, DeliveryState, Secret, SenderId, Timestamp,
};
use crate::plugin::{NotifyContext, NotifyError, Receipt, Target};
use crate::store::{Finished, Lease, Tx};

/// How often due deliveries are looked for without being woken: retries become due by themselves.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What is added to twice the deadline of a send to get the lease, so that whoever still sends when
/// the lease ends has been dead for long.
const LEASE_MARGIN: Duration = Duration::from_secs(5);

/// A claimed delivery with all that sending it takes.
struct Job {
    delivery: Delivery,
    message: Arc<Result<Message, String>>,
    secret: Option<Secret<String>>,
    token: String,
}

/// An attempt that ended.
struct Done {
    delivery: Delivery,
    token: String,
    started: Timestamp,
    took: Duration,
    outcome: Result<Receipt, NotifyError>,
}

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut due = app.deliveries_due().listen();
    let mut under_way: JoinSet<Done> = JoinSet::new();
    loop {
        let free = app
            .settings()
            .delivery
            .concurrency
            .saturating_sub(under_way.len());
        let claimed = match claim(&app, free, &stop).await {
            Ok(jobs) => jobs,
            Err(error) => {
                tracing::warn!(%error, "delivery waits for the database");
                Vec::new()
            }
        };
        let more = free > 0 && claimed.len() == free;
        for job in claimed {
            let app = app.clone();
            under_way.spawn(async move { attempt(&app, job).await });
        }
        if stop.is_cancelled() && under_way.is_empty() {
            return;
        }
        tokio::select! {
            Some(first) = under_way.join_next() => settle(&app, first, &mut under_way).await,
            () = due.heard(), if !stop.is_cancelled() => {}
            () = tokio::time::sleep(if more { Duration::ZERO } else { LOOK_EVERY }) => {}
        }
    }
}

async fn claim(app: &App, free: usize, stop: &CancellationToken) -> Result<Vec<Job>, AppError> {
    if free == 0 || stop.is_cancelled() {
        return Ok(Vec::new());
    }
    let now = app.now();
    let span = app.settings().delivery.timeout * 2 + LEASE_MARGIN;
    let lease = Lease {
        token: random::lease_token()?,
        until: now.plus(span),
    };
    let tx = app.store().write_tx().await?;
    let limit = u64::try_from(free).unwrap_or(u64::MAX);
    let deliveries = tx.claim_deliveries(now, &lease, limit).await?;
    if deliveries.is_empty() {
        return Ok(Vec::new());
    }
    tx.commit().await?;
    let tx = app.store().read_tx().await?;
    jobs(app, &tx, deliveries, &lease).await
}

async fn jobs(
    app: &App,
    tx: &Tx,
    deliveries: Vec<Delivery>,
    lease: &Lease,
) -> Result<Vec<Job>, AppError> {
    let senders: Vec<SenderId> = deliveries
        .iter()
        .filter_map(|delivery| delivery.sender)
        .collect();
    let secrets = tx.load_secrets(&senders).await?;
    let site = tx.load_site().await?;
    let base = format!("{}://{}", app.settings().scheme.as_str(), site.domain);
    let mut messages: HashMap<(AlertId, u32), Arc<Result<Message, String>>> = HashMap::new();
    let mut alerts: HashMap<AlertId, Source> = HashMap::new();
    let mut jobs = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        let key = (delivery.alert, delivery.part);
        let source = match alerts.entry(delivery.alert) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(load(app, tx, delivery.alert).await?),
        };
        let made = messages
            .entry(key)
            .or_insert_with(|| Arc::new(message(source, &delivery, &base)));
        let secret = delivery.sender.and_then(|id| secrets.get(&id).cloned());
        let (message, token) = (Arc::clone(made), lease.token.clone());
        jobs.push(Job {
            delivery,
            message,
            secret,
            token,
        });
    }
    Ok(jobs)
}

type Source = Result<(Message, Routing), String>;

async fn load(app: &App, tx: &Tx, id: AlertId) -> Result<Source, AppError> {
    let Some(alert) = tx.find_alert(id).await? else {
        return Ok(Err(format!("alert {id} is gone")));
    };
    let message = Message::parse(alert.body.as_bytes(), app.settings().alerts.max_depth);
    let routing: Result<Routing, _> = serde_json::from_str(&alert.trace);
    Ok(match (message, routing) {
        (Ok(message), Ok(routing)) => Ok((message, routing)),
        (Err(error), _) => Err(error.to_string()),
        (_, Err(error)) => Err(format!("the routing of alert {id} cannot be read: {error}")),
    })
}

fn message(source: &Source, delivery: &Delivery, base: &str) -> Result<Message, String> {
    let (message, routing) = source.as_ref().map_err(Clone::clone)?;
    let index = usize::try_from(delivery.part).unwrap_or(usize::MAX);
    let part = routing.parts.get(index);
    let part = part.ok_or_else(|| format!("alert {} has no part {index}", delivery.alert))?;
    Ok(part.message(message, &format!("{base}/alert/{}", delivery.alert)))
}

async fn attempt(app: &App, job: Job) -> Done {
    let started = app.now();
    // The monotonic clock, for a duration only; what is stored comes from the app's clock.
    let begun = Instant::now();
    let deadline = app.settings().delivery.timeout;
    let sending = tokio::time::timeout(deadline, send(app, &job, started, deadline));
    let outcome = sending.await.unwrap_or_else(|_| {
        let message = format!("no answer within {} s", deadline.as_secs_f64());
        Err(NotifyError::Retry {
            after: None,
            message,
        })
    });
    Done {
        delivery: job.delivery,
        token: job.token,
        started,
        took: begun.elapsed(),
        outcome,
    }
}

async fn send(
    app: &App,
    job: &Job,
    now: Timestamp,
    deadline: Duration,
) -> Result<Receipt, NotifyError> {
    let permanent = |message: String| NotifyError::Permanent { message };
    let message = job
        .message
        .as_ref()
        .as_ref()
        .map_err(|error| permanent(error.clone()))?;
    let driver = match app.drivers().get(job.delivery.driver.as_str()) {
        Some(Ok(driver)) => driver,
        Some(Err(error)) => return Err(permanent(error.to_string())),
        None => {
            let key = &job.delivery.driver;
            return Err(permanent(format!(
                "driver {key} is not part of this program"
            )));
        }
    };
    let target = Target {
        value: Secret::new(job.delivery.value.clone()),
        secret: job.secret.clone(),
    };
    let context = EgressContext {
        client: app.egress().clone(),
        message: message.clone(),
        alert: job.delivery.alert,
        delivery: job.delivery.id,
        attempt: job.delivery.attempts,
        now,
        deadline,
    };
    driver.send(&context as &dyn NotifyContext, &target).await
}

/// Records this attempt and every other one that has ended by now, in one transaction.
async fn settle(
    app: &App,
    first: Result<Done, tokio::task::JoinError>,
    under_way: &mut JoinSet<Done>,
) {
    let mut ended = vec![first];
    while let Some(next) = under_way.try_join_next() {
        ended.push(next);
    }
    let done: Vec<Done> = ended
        .into_iter()
        .filter_map(|result| match result {
            Ok(done) => Some(done),
            // Its lease ends, and another attempt is made.
            Err(error) => {
                tracing::error!(%error, "a driver panicked");
                None
            }
        })
        .collect();
    if let Err(error) = record(app, &done).await {
        // The leases end and the messages go out again under the same delivery ids.
        tracing::warn!(%error, deliveries = done.len(), "finished deliveries not recorded");
    }
}

async fn record(app: &App, done: &[Done]) -> Result<(), AppError> {
    let now = app.now();
    let finished: Vec<Finished<'_>> = done.iter().map(|one| finished(app, one, now)).collect();
    let mut tries = 3;
    let kept = loop {
        let written = write(app, &finished, now).await;
        match written {
            Err(error) if tries > 1 && matches!(error, AppError::Unavailable { .. }) => tries -= 1,
            written => break written?,
        }
    };
    for (one, kept) in done.iter().zip(kept) {
        if !kept {
            tracing::warn!(delivery = %one.delivery.id, "lease lost: another worker has this delivery");
        }
    }
    app.deliveries_due().wake();
    Ok(())
}

async fn write(
    app: &App,
    finished: &[Finished<'_>],
    now: Timestamp,
) -> Result<Vec<bool>, AppError> {
    let tx = app.store().write_tx().await?;
    let kept = tx.finish_attempts(finished, now).await?;
    tx.commit().await?;
    Ok(kept)
}

fn finished<'a>(app: &App, done: &'a Done, now: Timestamp) -> Finished<'a> {
    let delivery = &done.delivery;
    let jitter = random::fraction();
    let next = delivery::next(
        &done.outcome,
        delivery.attempts,
        delivery.created,
        now,
        &app.settings().delivery,
        jitter,
    );
    if next.state == DeliveryState::Dead {
        tracing::warn!(delivery = %delivery.id, alert = %delivery.alert, driver = %delivery.driver,
            error = %next.message, "delivery given up");
    }
    Finished {
        delivery: delivery.id,
        token: &done.token,
        attempt: Attempt {
            id: AttemptId(0),
            delivery: delivery.id,
            number: delivery.attempts,
            started: done.started,
            took_ms: u32::try_from(done.took.as_millis()).unwrap_or(u32::MAX),
            outcome: next.outcome,
            message: next.message,
        },
        state: next.state,
        due: next.due,
    }
}
