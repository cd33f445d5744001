//! What goes into and comes out of the queues: alerts to route, deliveries to make.
//!
//! Both queues work alike. A worker claims rows under a [`Lease`], works outside of any
//! transaction, and completes with the lease's token; a lease that ran out makes its rows due
//! again, and then the late worker's completion finds another token and changes nothing.

use crate::model::{
    AlertId, AlertState, Attempt, DeliveryId, DeliveryState, Destination, SenderId, Timestamp,
};

/// The right to work on what was claimed, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Random and fresh for every claim; at most 64 characters. It fences the completion.
    pub token: String,
    /// From when on others may claim the same.
    pub until: Timestamp,
}

/// An alert to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewAlert<'a> {
    /// When it was accepted.
    pub created: Timestamp,
    /// The body as posted.
    pub body: &'a str,
}

/// An alert that was routed before it is kept.
#[derive(Debug, Clone, Copy)]
pub struct NewRouted<'a> {
    /// When it was accepted, and the body as posted.
    pub alert: NewAlert<'a>,
    /// Any but [`AlertState::Pending`].
    pub state: AlertState,
    /// JSON of the decisions.
    pub trace: &'a str,
    /// Every label of every alert in the message, to search by; without duplicates.
    pub labels: &'a [(String, String)],
}

/// A delivery to be kept, with the alert that it carries.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// The alert.
    pub alert: AlertId,
    /// The delivery.
    pub new: &'a NewDelivery,
    /// Whether whoever keeps it wants to make the first attempt at once, under their lease.
    pub begin: bool,
}

/// The outcome of routing one alert that was kept before.
#[derive(Debug, Clone, Copy)]
pub struct Routed<'a> {
    /// The alert.
    pub alert: AlertId,
    /// Token of the lease under which it was claimed.
    pub token: &'a str,
    /// Any but [`AlertState::Pending`].
    pub state: AlertState,
    /// JSON of the decisions.
    pub trace: &'a str,
    /// Every label of every alert in the message, to search by; without duplicates.
    pub labels: &'a [(String, String)],
    /// What is to be delivered.
    pub deliveries: &'a [NewDelivery],
}

/// One message to be brought to one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Which part of a split message.
    pub part: u32,
    /// The sender that it was routed through.
    pub sender: Option<SenderId>,
    /// Driver key.
    pub driver: String,
    /// Destination.
    pub value: String,
    /// Shown instead of the value.
    pub alias: String,
    /// `groupKey` of the part.
    pub group_key: String,
    /// What orders it: of one order, those to one destination are made one at a time, oldest first.
    pub order: String,
    /// Who tells of its group: it takes the place only of what that one told. At most 64 characters.
    pub source: String,
    /// When it is made.
    pub created: Timestamp,
    /// When the first attempt is due.
    pub due: Timestamp,
}

impl NewDelivery {
    /// Where it goes.
    pub fn destination(&self) -> Destination {
        Destination {
            driver: self.driver.clone(),
            value: self.value.clone(),
        }
    }
}

/// The outcome of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished<'a> {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Token of the lease under which it was claimed.
    pub token: &'a str,
    /// The attempt, to be kept; its id is ignored.
    pub attempt: Attempt,
    /// What becomes of the delivery.
    pub state: DeliveryState,
    /// When the next attempt is due, for a delivery that stays pending.
    pub due: Timestamp,
}

/// How much work is waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueDepth {
    /// Alerts that are not routed yet.
    pub alerts: u64,
    /// Deliveries that are due.
    pub deliveries: u64,
    /// Since when the one that waits longest has been waiting.
    pub oldest: Option<Timestamp>,
}
