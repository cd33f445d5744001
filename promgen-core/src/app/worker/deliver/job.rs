//! What one attempt takes: deliveries to one destination, each with its message.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::ticket::Ticket;
use crate::alert::{Message, Routing};
use crate::app::{App, AppError};
use crate::model::{AlertId, Delivery, Secret, SenderId, Timestamp};
use crate::store::{Lease, Tx};

/// A message, or why there is none.
pub(in crate::app) type Made = Result<Message, String>;

/// A delivery with its message.
pub(in crate::app) struct Load {
    pub(in crate::app) delivery: Delivery,
    pub(in crate::app) message: Arc<Made>,
}

/// One attempt that is about to be made.
pub(in crate::app) struct Job {
    /// At least one; several only for drivers that bundle. All go to one destination.
    pub(in crate::app) loads: Vec<Load>,
    pub(in crate::app) secret: Option<Secret<String>>,
    pub(in crate::app) lease: Lease,
    pub(in crate::app) ticket: Ticket,
}

/// Reads what claimed deliveries carry; each bundle becomes a job.
pub(super) async fn jobs(
    app: &App,
    tx: &Tx,
    bundles: Vec<(Ticket, Vec<Delivery>)>,
    lease: &Lease,
) -> Result<Vec<Job>, AppError> {
    let claimed = bundles.iter().flat_map(|(_, deliveries)| deliveries);
    let senders: Vec<SenderId> = claimed.filter_map(|delivery| delivery.sender).collect();
    let secrets = tx.load_secrets(&senders).await?;
    let site = tx.load_site().await?;
    let mut desk = Desk {
        app,
        tx,
        base: format!("{}://{}", app.settings().scheme.as_str(), site.domain),
        sources: HashMap::new(),
        made: HashMap::new(),
    };
    let mut jobs = Vec::with_capacity(bundles.len());
    for (ticket, deliveries) in bundles {
        let sender = deliveries.first().and_then(|delivery| delivery.sender);
        let mut loads = Vec::with_capacity(deliveries.len());
        for delivery in deliveries {
            let message = desk.message(&delivery).await?;
            loads.push(Load { delivery, message });
        }
        jobs.push(Job {
            loads,
            secret: sender.and_then(|id| secrets.get(&id).cloned()),
            lease: lease.clone(),
            ticket,
        });
    }
    Ok(jobs)
}

type Source = Result<(Message, Routing), String>;

/// Where messages are made; each alert is read once, and each of its parts made once.
struct Desk<'a> {
    app: &'a App,
    tx: &'a Tx,
    base: String,
    sources: HashMap<AlertId, Source>,
    made: HashMap<(AlertId, u32), Arc<Made>>,
}

impl Desk<'_> {
    async fn message(&mut self, delivery: &Delivery) -> Result<Arc<Made>, AppError> {
        let key = (delivery.alert, delivery.part);
        if let Some(made) = self.made.get(&key) {
            return Ok(Arc::clone(made));
        }
        let source = match self.sources.entry(delivery.alert) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(load(self.app, self.tx, delivery.alert).await?),
        };
        let made = match source {
            Ok((posted, routing)) => message(posted, routing, delivery, &self.base),
            Err(error) => Err(error.clone()),
        };
        let made = Arc::new(made);
        self.made.insert(key, Arc::clone(&made));
        Ok(made)
    }
}

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

/// The message of a delivery, as its part of the posted one has it.
pub(in crate::app) fn message(
    posted: &Message,
    routing: &Routing,
    delivery: &Delivery,
    base: &str,
) -> Made {
    let index = usize::try_from(delivery.part).unwrap_or(usize::MAX);
    let part = routing.parts.get(index);
    let part = part.ok_or_else(|| format!("alert {} has no part {index}", delivery.alert))?;
    Ok(part.message(posted, &format!("{base}/alert/{}", delivery.alert)))
}

/// Until when a claim made at this moment holds.
pub(in crate::app) fn lease_end(app: &App, now: Timestamp) -> Timestamp {
    now.plus(app.settings().delivery.timeout * 2 + super::LEASE_MARGIN)
}
