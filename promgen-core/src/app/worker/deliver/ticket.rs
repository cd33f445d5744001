//! Tickets: the right to make one attempt at a destination, given back when it ends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::delivery::{Health, Lanes, Passage};
use crate::model::Destination;
use crate::plugin::Pace;

/// The lanes of this process, for whoever begins attempts.
#[derive(Debug, Clone)]
pub(in crate::app) struct Gate(Arc<Mutex<Lanes>>);

impl Gate {
    pub(in crate::app) fn new(room: usize) -> Self {
        Self(Arc::new(Mutex::new(Lanes::new(room))))
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a ticket.
    pub(in crate::app) fn ticket(&self, destination: &Destination, pace: Pace) -> Option<Ticket> {
        let passage = self.lanes().begin(destination, pace, Instant::now())?;
        Some(Ticket {
            gate: self.clone(),
            passage,
            destination: destination.clone(),
            health: None,
        })
    }

    /// How many more attempts may begin at this moment.
    pub(super) fn room(&self) -> usize {
        self.lanes().room(Instant::now())
    }

    /// Destinations that no attempt may begin at, at this moment.
    pub(super) fn closed(&self) -> Vec<Destination> {
        self.lanes().closed(Instant::now())
    }

    /// How long until the next lane opens by itself.
    pub(super) fn opens_in(&self) -> Option<Duration> {
        self.lanes().opens_in(Instant::now())
    }
}

/// The right to make one attempt. Dropped, also by a panic, it is given back.
#[derive(Debug)]
pub(in crate::app) struct Ticket {
    gate: Gate,
    passage: Passage,
    destination: Destination,
    health: Option<Health>,
}

impl Ticket {
    /// The attempt ended and left the destination like this.
    pub(super) fn used(mut self, health: Health) {
        self.health = Some(health);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut lanes = self.gate.lanes();
        lanes.end(self.passage, &self.destination, self.health, Instant::now());
    }
}
