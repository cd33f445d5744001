//! Storing posts: a message is routed in the transaction that stores it, and its deliveries begin
//! under a lease of that transaction.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::alert::{Message, Routing};
use crate::app::hours::Came;
use crate::app::router::{Decided, Router};
use crate::app::worker::{Job, Load, Ticket, lease_end, message};
use crate::app::{App, AppError, random};
use crate::model::{AlertId, Delivery, Timestamp, TokenId};
use crate::store::{Lease, NewAlert, NewDelivery, NewRouted, Placed, StoreError, Tx};

/// An alert that was posted and is to be stored.
pub(in crate::app) struct Post {
    pub(in crate::app) created: Timestamp,
    /// Of whoever posted it with one; looked at again while it is stored.
    pub(in crate::app) token: Option<TokenId>,
    /// Its token turned out to be good for nothing.
    pub(in crate::app) is_refused: bool,
    pub(in crate::app) body: String,
    /// Of a body that is routed while it is stored.
    pub(in crate::app) routed: Option<Prepared>,
    pub(in crate::app) answer: oneshot::Sender<Result<(), AppError>>,
    /// Its share of what may wait at once.
    pub(in crate::app) room: [OwnedSemaphorePermit; 2],
}

impl Post {
    pub(super) fn answer(self, stored: Result<(), AppError>) {
        drop(self.room);
        let stored = match stored {
            Ok(()) if self.is_refused => Err(AppError::Unauthenticated),
            stored => stored,
        };
        // Whoever no longer waits was told to come back, and will.
        self.answer.send(stored).ok();
    }
}

/// A message with what was decided about it, by the router that was there when it came in.
pub(in crate::app) struct Prepared {
    pub(in crate::app) message: Message,
    pub(in crate::app) decided: Option<(Arc<Router>, Decided)>,
}

/// Tells the posters that nothing of it was stored: to come back, when that can help.
pub(super) fn refuse(posts: Vec<Post>, error: &StoreError) {
    if posts.is_empty() {
        return;
    }
    if !error.is_transient() {
        for post in posts {
            post.answer(Err(AppError::from(error.clone())));
        }
        return;
    }
    tracing::warn!(%error, posts = posts.len(), "alerts not stored; they were told to come back");
    for post in posts {
        post.answer(Err(AppError::Overloaded));
    }
}

/// Stores each post in a transaction of its own: one body that the database refuses must not cost
/// the others theirs.
pub(super) async fn store_each(app: &App, posts: Vec<Post>) {
    for mut post in posts {
        match store_one(app, &mut post).await {
            Ok(stored) => {
                post.answer(Ok(()));
                begin(app, stored);
            }
            Err(error) => refuse(vec![post], &error),
        }
    }
}

async fn store_one(app: &App, post: &mut Post) -> Result<Stored, StoreError> {
    let tx = app.store().batch_tx().await?;
    let stored = store(app, &tx, std::slice::from_mut(post)).await?;
    tx.commit().await?;
    Ok(stored)
}

/// What is to be done once a batch is durable.
#[derive(Default)]
pub(super) struct Stored {
    jobs: Vec<Job>,
    /// Alerts are left to the routing loop.
    unrouted: bool,
    /// Deliveries are left to whoever claims them.
    unclaimed: bool,
    /// What is counted of those that were routed.
    came: Vec<Came>,
}

/// Begins what can begin at once, and wakes whoever does the rest.
pub(super) fn begin(app: &App, stored: Stored) {
    for job in stored.jobs {
        app.handoff().hand_over(job);
    }
    app.hours().came(stored.came);
    if stored.unrouted {
        app.alerts_waiting().wake();
    }
    if stored.unclaimed {
        app.handoff().waits(true);
        app.deliveries_due().wake();
    }
}

/// Stores posts, routed as far as that can be.
pub(super) async fn store(app: &App, tx: &Tx, posts: &mut [Post]) -> Result<Stored, StoreError> {
    if posts.is_empty() {
        return Ok(Stored::default());
    }
    let revision = refuse_lost_tokens(tx, posts).await?;
    // Without a router everything is stored all the same, and routed later.
    let router = match app.router().at(app, revision).await {
        Ok(router) => Some(router),
        Err(error) => {
            tracing::warn!(%error, "routing waits for the database");
            None
        }
    };
    let (mut known, mut plain) = (Vec::new(), Vec::new());
    for post in posts.iter_mut().filter(|post| !post.is_refused) {
        let new = NewAlert {
            created: post.created,
            body: &post.body,
        };
        match (&mut post.routed, &router) {
            (Some(prepared), Some(router)) => {
                let (message, decided) = decide(prepared, router);
                known.push((new, message, decided));
            }
            _ => plain.push(new),
        }
    }
    tx.insert_alerts(&plain).await?;
    let mut stored = match router {
        Some(router) => keep(app, tx, &router, &known).await?,
        None => Stored::default(),
    };
    stored.unrouted = !plain.is_empty();
    Ok(stored)
}

/// Tokens are recognised without looking them up; here is the look. One that was revoked before
/// this transaction began stores nothing. The answer is the revision that the transaction sees.
async fn refuse_lost_tokens(tx: &Tx, posts: &mut [Post]) -> Result<i64, StoreError> {
    let tokens: BTreeSet<TokenId> = posts.iter().filter_map(|post| post.token).collect();
    let tokens = Vec::from_iter(tokens);
    let (revision, lost) = tx.revision_and_lost_tokens(&tokens).await?;
    for post in posts {
        post.is_refused = post.token.is_some_and(|token| lost.contains(&token));
    }
    Ok(revision)
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
    posts: &[Kept<'_>],
) -> Result<Stored, StoreError> {
    let now = app.now();
    let alerts: Vec<NewRouted<'_>> = posts
        .iter()
        .map(|(alert, _, decided)| NewRouted {
            alert: *alert,
            state: decided.state,
            trace: &decided.trace,
            labels: &decided.labels,
        })
        .collect();
    let ids = tx.insert_routed(&alerts).await?;
    let deliveries: Vec<Vec<NewDelivery>> = posts
        .iter()
        .map(|(_, _, decided)| decided.deliveries(now))
        .collect();
    let mut sends: Vec<Send<'_>> = Vec::new();
    for (((_, message, decided), alert), deliveries) in posts.iter().zip(&ids).zip(&deliveries) {
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
    let mut stored = place(tx, router, sends, lease).await?;
    let came = |(alert, _, decided): &Kept<'_>| Came::of(alert.created, &decided.routing);
    stored.came = posts.iter().filter_map(came).collect();
    Ok(stored)
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
