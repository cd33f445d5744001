//! Alerts that were delivered long ago, straight into a database: what a Promgen has behind it
//! after months. They are routed with the tree of that database, as the intake does it.

use std::time::Instant;

use promgen_core::alert::{self, Directory, Driver, Message, RouteRules, Routing, route};
use promgen_core::config::DatabaseUrl;
use promgen_core::model::{
    AlertId, AlertState, Attempt, AttemptId, AttemptOutcome, Clock, Delivery, DeliveryState,
    Secret, SystemClock, Timestamp,
};
use promgen_core::store::{
    Create, Finished, Lease, NewAlert, NewDelivery, NewRouted, Placed, Store, Tx,
};

use crate::alerts;
use crate::load::Failure;
use crate::report;

/// Alerts in one transaction: few enough that it is short, and enough that its commit costs little.
const CHUNK: usize = 1000;

/// Nesting of JSON that the intake lets through by default.
const MAX_DEPTH: usize = 64;

/// What to write where.
#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// Address of a database whose schema is up to date; the process that serves it may run.
    database: String,
    /// How many messages.
    #[arg(long, default_value_t = 1_000_000)]
    count: usize,
    /// Value of the label `service`.
    #[arg(long, default_value = "service-000")]
    service: String,
}

/// Writes them, and reports how long it took.
pub(crate) async fn run(plan: &Plan) -> Result<(), Failure> {
    let url = DatabaseUrl(Secret::new(plan.database.clone()));
    let store = Store::open(&url, Create::Never).await?;
    let tree = store.read_tx().await?.load_recipients().await?;
    let directory = Directory::new(&tree, &|_| Driver::Sends);
    let rules = RouteRules {
        split: true,
        ..RouteRules::default()
    };
    let begun = Instant::now();
    let mut written = 0;
    while written < plan.count {
        let end = plan.count.min(written + CHUNK);
        let numbers = written..end;
        let past: Result<Vec<Past>, Failure> = numbers
            .map(|number| Past::new(&plan.service, number, &directory, &rules))
            .collect();
        write(&store, &past?).await?;
        written = end;
    }
    store.close().await?;
    report(&format!(
        "filled: {written} alerts in {:.1} s",
        begun.elapsed().as_secs_f64()
    ));
    Ok(())
}

/// A message with what was decided about it.
struct Past {
    body: String,
    trace: String,
    labels: Vec<(String, String)>,
    routing: Routing,
}

impl Past {
    fn new(
        service: &str,
        number: usize,
        directory: &Directory,
        rules: &RouteRules,
    ) -> Result<Self, Failure> {
        let body = alerts::message(service, 1, &format!("past {number}"));
        let message = Message::parse(body.as_bytes(), MAX_DEPTH)?;
        let routing = route(&message, directory, rules);
        Ok(Self {
            trace: serde_json::to_string(&routing)?,
            labels: alert::labels(&message),
            body,
            routing,
        })
    }

    fn deliveries(&self, now: Timestamp) -> Vec<NewDelivery> {
        let parts = (0..).zip(&self.routing.parts);
        let made = parts.flat_map(|(part, of)| {
            of.recipients.iter().map(move |recipient| NewDelivery {
                part,
                sender: Some(recipient.sender),
                driver: recipient.driver.clone(),
                value: recipient.value.clone(),
                alias: recipient.alias.clone(),
                group_key: of.group_key.clone(),
                order: of.order.clone(),
                source: of.source.clone(),
                created: now,
                due: now,
            })
        });
        made.collect()
    }
}

/// Writes alerts and their deliveries, and ends each of these with its first attempt.
async fn write(store: &Store, past: &[Past]) -> Result<(), Failure> {
    let now = SystemClock.now();
    let tx = store.write_tx().await?;
    let alerts: Vec<NewRouted<'_>> = past
        .iter()
        .map(|past| NewRouted {
            alert: NewAlert {
                created: now,
                body: &past.body,
            },
            state: AlertState::Routed,
            trace: &past.trace,
            labels: &past.labels,
        })
        .collect();
    let ids = tx.insert_routed(&alerts).await?;
    let new: Vec<(AlertId, NewDelivery)> = ids
        .into_iter()
        .zip(past)
        .flat_map(|(id, past)| past.deliveries(now).into_iter().map(move |new| (id, new)))
        .collect();
    deliver(&tx, &new, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn deliver(tx: &Tx, new: &[(AlertId, NewDelivery)], now: Timestamp) -> Result<(), Failure> {
    let lease = Lease {
        token: "past".to_owned(),
        until: now,
    };
    let placed: Vec<Placed<'_>> = new
        .iter()
        .map(|(alert, new)| Placed {
            alert: *alert,
            new,
            begin: true,
        })
        .collect();
    let begun = tx.insert_deliveries(&placed, Some(&lease)).await?;
    let sent: Vec<Finished<'_>> = begun
        .iter()
        .flatten()
        .map(|delivery| finished(delivery, &lease, now))
        .collect();
    tx.finish_held_attempts(&sent, now).await?;
    Ok(())
}

fn finished<'a>(delivery: &Delivery, lease: &'a Lease, now: Timestamp) -> Finished<'a> {
    Finished {
        delivery: delivery.id,
        token: &lease.token,
        attempt: Attempt {
            id: AttemptId(0),
            delivery: delivery.id,
            number: delivery.attempts,
            started: now,
            took_ms: 1,
            outcome: AttemptOutcome::Sent,
            message: String::new(),
        },
        state: DeliveryState::Sent,
        due: now,
    }
}
