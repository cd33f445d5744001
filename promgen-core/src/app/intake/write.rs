//! The batch writer: one transaction for all posts that came in the meantime.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::{Post, Prepared};
use crate::alert::{Message, Routing};
use crate::app::router::{Decided, Router};
use crate::app::worker::{Job, Load, Ticket, lease_end, message};
use crate::app::{App, AppError, random};
use crate::model::{AlertId, Delivery};
use crate::store::{Lease, NewAlert, NewDelivery, NewRouted, Placed, StoreError, Tx};

/// Most posts in one commit.
const BATCH_POSTS: usize = 256;

/// Most bytes in one commit; a single larger post still goes, alone.
const BATCH_BYTES: usize = 16 * 1024 * 1024;

/// How often a batch is tried again that another writer was in the way of.
const TRIES: u32 = 3;

pub(super) async fn run(app: App, mut posts: mpsc::Receiver<Post>) {
    loop {
        let first = tokio::select! {
            biased;
            post = posts.recv() => post,
            () = app.stop().cancelled() => return,
        };
        let Some(first) = first else { return };
        let mut bytes = first.body.len();
        let mut batch = vec![first];
        while batch.len() < BATCH_POSTS && bytes < BATCH_BYTES {
            let Ok(post) = posts.try_recv() else { break };
            bytes += post.body.len();
            batch.push(post);
        }
        write_batch(&app, batch).await;
    }
}

async fn write_batch(app: &App, mut batch: Vec<Post>) {
    let begun = Instant::now();
    match store(app, &mut batch).await {
        Ok(stored) => {
            tracing::trace!(posts = batch.len(), took = ?begun.elapsed(), "alerts stored");
            for post in batch {
                answer(post, Ok(()));
            }
            begin(app, stored);
        }
        // One body that the database refuses must not cost the others theirs.
        Err(error) if !error.is_transient() && batch.len() > 1 => {
            for mut post in batch {
                let stored = store(app, std::slice::from_mut(&mut post)).await;
                let result = stored.map(|stored| begin(app, stored));
                answer(post, result.map_err(AppError::from));
            }
        }
        Err(error) => {
            tracing::warn!(%error, posts = batch.len(), "alerts not stored; they were told to come back");
            for post in batch {
                answer(post, Err(AppError::Overloaded));
            }
        }
    }
}

fn answer(post: Post, stored: Result<(), AppError>) {
    // Whoever no longer waits was told to come back, and will.
    post.answer.send(stored).ok();
}

/// What is to be done once a batch is durable.
#[derive(Default)]
struct Stored {
    jobs: Vec<Job>,
    /// Alerts are left to the routing loop.
    unrouted: bool,
    /// Deliveries are left to whoever claims them.
    unclaimed: bool,
}

fn begin(app: &App, stored: Stored) {
    for job in stored.jobs {
        app.handoff().hand_over(job);
    }
    if stored.unrouted {
        app.alerts_waiting().wake();
    }
    if stored.unclaimed {
        app.deliveries_due().wake();
    }
}

async fn store(app: &App, batch: &mut [Post]) -> Result<Stored, StoreError> {
    let mut tried = 1;
    loop {
        match store_once(app, batch).await {
            Err(StoreError::Busy | StoreError::Deadlock) if tried < TRIES => tried += 1,
            result => return result,
        }
    }
}

async fn store_once(app: &App, batch: &mut [Post]) -> Result<Stored, StoreError> {
    let tx = app.store().write_tx().await?;
    let revision = tx.revision().await?;
    // Without a router everything is stored all the same, and routed later.
    let router = match app.router().at(app, revision).await {
        Ok(router) => Some(router),
        Err(error) => {
            tracing::warn!(%error, "routing waits for the database");
            None
        }
    };
    let (mut routed, mut plain) = (Vec::new(), Vec::new());
    for post in batch.iter_mut() {
        let new = NewAlert {
            created: post.created,
            body: &post.body,
        };
        match (&mut post.routed, &router) {
            (Some(prepared), Some(router)) => {
                let (message, decided) = decide(prepared, router);
                routed.push((new, message, decided));
            }
            _ => plain.push(new),
        }
    }
    tx.insert_alerts(&plain).await?;
    let mut stored = match router {
        Some(router) => keep(app, &tx, &router, &routed).await?,
        None => Stored::default(),
    };
    stored.unrouted = !plain.is_empty();
    tx.commit().await?;
    Ok(stored)
}

/// What was decided when the post came in, unless the tree has changed since.
fn decide<'a>(prepared: &'a mut Prepared, router: &Arc<Router>) -> (&'a Message, &'a Decided) {
    let Prepared { message, decided } = prepared;
    let (by, decided) = decided.get_or_insert_with(|| (Arc::clone(router), router.decide(message)));
    if by.revision() != router.revision() {
        *decided = router.decide(message);
        *by = Arc::clone(router);
    }
    (message, decided)
}

type Kept<'a> = (NewAlert<'a>, &'a Message, &'a Decided);

/// Keeps routed alerts with their deliveries, and claims those that can begin at once.
async fn keep(
    app: &App,
    tx: &Tx,
    router: &Router,
    routed: &[Kept<'_>],
) -> Result<Stored, StoreError> {
    let now = app.now();
    let alerts: Vec<NewRouted<'_>> = routed
        .iter()
        .map(|(alert, _, decided)| NewRouted {
            alert: *alert,
            state: decided.state,
            trace: &decided.trace,
            labels: &decided.labels,
        })
        .collect();
    let ids = tx.insert_routed(&alerts).await?;
    let deliveries: Vec<Vec<NewDelivery>> = routed
        .iter()
        .map(|(_, _, decided)| decided.deliveries(now))
        .collect();
    let mut sends: Vec<Send<'_>> = Vec::new();
    for (((_, message, decided), alert), deliveries) in routed.iter().zip(&ids).zip(&deliveries) {
        sends.extend(deliveries.iter().map(|new| Send {
            alert: *alert,
            posted: message,
            routing: &decided.routing,
            new,
            ticket: app.handoff().ticket(app, &new.destination()),
        }));
    }
    let lease = Lease {
        token: random::lease_token().unwrap_or_default(),
        until: lease_end(app, now),
    };
    place(tx, router, sends, lease).await
}

/// A delivery that is about to be kept.
struct Send<'a> {
    alert: AlertId,
    posted: &'a Message,
    routing: &'a Routing,
    new: &'a NewDelivery,
    ticket: Option<Ticket>,
}

async fn place(
    tx: &Tx,
    router: &Router,
    sends: Vec<Send<'_>>,
    lease: Lease,
) -> Result<Stored, StoreError> {
    // Without a token nothing can be claimed; it is left to the delivery loop.
    let may_claim = !lease.token.is_empty();
    let placed: Vec<Placed<'_>> = sends
        .iter()
        .map(|send| Placed {
            alert: send.alert,
            new: send.new,
            begin: may_claim && send.ticket.is_some(),
        })
        .collect();
    let begun = tx.insert_deliveries(&placed, Some(&lease)).await?;
    let mut stored = Stored::default();
    for (send, delivery) in sends.into_iter().zip(begun) {
        match (send.ticket, delivery) {
            (Some(ticket), Some(delivery)) => {
                let made = message(send.posted, send.routing, &delivery, router.link_base());
                stored
                    .jobs
                    .push(job(router, delivery, made, ticket, &lease));
            }
            _ => stored.unclaimed = true,
        }
    }
    Ok(stored)
}

fn job(
    router: &Router,
    delivery: Delivery,
    made: Result<Message, String>,
    ticket: Ticket,
    lease: &Lease,
) -> Job {
    let secret = delivery.sender.and_then(|sender| router.secret(sender));
    Job {
        loads: vec![Load {
            delivery,
            message: Arc::new(made),
        }],
        secret,
        lease: lease.clone(),
        ticket,
    }
}
