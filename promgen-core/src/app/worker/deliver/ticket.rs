//! Tickets: the right to make one attempt at a destination, now or in its turn, given back when it ends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::delivery::{Health, Lanes, Passage, Turn};
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
        Some(self.made(Some(passage), destination))
    }

    /// Asks for a ticket that is good when its turn comes.
    pub(super) fn place(&self, destination: &Destination) -> Option<Ticket> {
        let may = self.lanes().wait(destination, Instant::now());
        may.then(|| self.made(None, destination))
    }

    fn made(&self, passage: Option<Passage>, destination: &Destination) -> Ticket {
        Ticket {
            gate: self.clone(),
            passage,
            destination: destination.clone(),
            health: None,
        }
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
    /// `None` while it waits for its turn.
    passage: Option<Passage>,
    destination: Destination,
    health: Option<Health>,
}

impl Ticket {
    /// Whether its turn has come; asked again, it stays so.
    pub(super) fn turn(&mut self) -> Wait {
        if self.passage.is_some() {
            return Wait::Over;
        }
        let turn = self.gate.lanes().turn(&self.destination, Instant::now());
        match turn {
            Turn::Now(passage) => {
                self.passage = Some(passage);
                Wait::Over
            }
            Turn::Later => Wait::Goes,
            Turn::Closed => Wait::Vain,
        }
    }

    /// The attempt ended and left the destination like this.
    pub(super) fn used(mut self, health: Health) {
        self.health = Some(health);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let (mut lanes, now) = (self.gate.lanes(), Instant::now());
        match self.passage {
            Some(passage) => lanes.end(passage, &self.destination, self.health, now),
            None => lanes.leave(&self.destination, now),
        }
    }
}

/// How the waiting of a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// Its turn has come.
    Over,
    /// It goes on.
    Goes,
    /// The turn will not come soon.
    Vain,
}
