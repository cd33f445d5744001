//! Counting what happens, in the words of whoever counts.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::counts::Text;
use super::family::{
    ACCEPTED, ALERTS_PER_POST, ATTEMPT_SECONDS, ATTEMPTS, BODY_BYTES, FAILED, Family, LEASES_LOST,
    NOTIFICATION_ERRORS, NOTIFICATION_SECONDS, NOTIFICATIONS, REFUSED, REQUEST_SECONDS, REQUESTS,
};
use super::ledger::Ledger;
use super::site::Watch;
use crate::app::AppError;
use crate::app::worker::ErrorClass;
use crate::model::{AttemptOutcome, DeliveryState, SenderId};

/// Where a process counts. Nothing here waits for anything.
#[derive(Debug, Default)]
pub struct Metrics {
    pub(super) ledger: Ledger,
    pub(super) figures: Watch,
    in_flight: AtomicU64,
}

/// An attempt that was recorded.
#[derive(Debug, Clone)]
pub(in crate::app) struct Attempted {
    /// Driver key.
    pub(in crate::app) driver: String,
    /// How it ended.
    pub(in crate::app) outcome: AttemptOutcome,
    /// What kind of error it was.
    pub(in crate::app) error: Option<ErrorClass>,
    /// How long it took.
    pub(in crate::app) took: Duration,
    /// Its deliveries that ended with it.
    pub(in crate::app) ended: Vec<Ended>,
}

/// A delivery that ended.
#[derive(Debug, Clone)]
pub(in crate::app) struct Ended {
    /// How.
    pub(in crate::app) state: DeliveryState,
    /// How long after the alert came.
    pub(in crate::app) since: Duration,
    /// The sender that it went through.
    pub(in crate::app) sender: Option<SenderId>,
}

/// A request under way; dropped, it is no more.
#[derive(Debug)]
pub struct InFlight<'a>(&'a Metrics);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

type Note = (&'static Family, Vec<Text>, u64);

impl Metrics {
    /// Counts a request as being answered, until the answer is dropped.
    pub fn begin_request(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(self)
    }

    pub(super) fn in_flight(&self) -> u64 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Counts a request that was answered. `endpoint` is the pattern of its route, never a path
    /// that somebody made up.
    pub fn request(&self, endpoint: &str, method: &'static str, status: u16, took: Duration) {
        let endpoint: Text = Cow::Owned(endpoint.to_owned());
        let method: Text = method.into();
        let status = Cow::Owned(status.to_string());
        self.ledger.note([
            (&REQUESTS, vec![endpoint.clone(), method.clone(), status], 1),
            (&REQUEST_SECONDS, vec![endpoint, method], micros(took)),
        ]);
    }

    /// Counts a post of alerts that was stored.
    pub(in crate::app) fn accepted(&self, alerts: usize, bytes: usize) {
        self.ledger.note([
            (&ACCEPTED, Vec::new(), 1),
            (&ALERTS_PER_POST, Vec::new(), whole(alerts)),
            (&BODY_BYTES, Vec::new(), whole(bytes)),
        ]);
    }

    /// Counts a post of alerts of which nothing was stored, for a reason in one word.
    pub fn refused(&self, reason: &'static str) {
        self.ledger.note([(&REFUSED, vec![reason.into()], 1)]);
    }

    /// As [`Metrics::refused`], for an error of the use case.
    pub(in crate::app) fn refused_for(&self, error: &AppError) {
        self.refused(match error {
            AppError::Unauthenticated => "unauthenticated",
            AppError::Forbidden { .. } => "forbidden",
            AppError::Message(_) => "malformed",
            AppError::Overloaded => "overloaded",
            AppError::Unavailable { .. } => "unavailable",
            _ => "failed",
        });
    }

    /// Counts attempts that were recorded, and the notifications that ended with them.
    pub(in crate::app) fn attempted(&self, attempts: &[Attempted]) {
        if !attempts.is_empty() {
            self.ledger.note(attempts.iter().flat_map(notes));
        }
    }

    /// Counts deliveries whose lease was lost before their attempt was recorded.
    pub(in crate::app) fn leases_lost(&self, deliveries: usize) {
        if deliveries > 0 {
            self.ledger
                .note([(&LEASES_LOST, Vec::new(), whole(deliveries))]);
        }
    }

    /// Counts alerts that could not be routed.
    pub(in crate::app) fn not_routed(&self, alerts: usize) {
        if alerts > 0 {
            self.ledger.note([(&FAILED, Vec::new(), whole(alerts))]);
        }
    }
}

fn notes(attempt: &Attempted) -> Vec<Note> {
    let driver: Text = Cow::Owned(attempt.driver.clone());
    let outcome: Text = attempt.outcome.as_str().into();
    let error = attempt.error.map_or(Cow::Borrowed(""), ErrorClass::word);
    let mut notes: Vec<Note> = vec![
        (&ATTEMPTS, vec![driver.clone(), outcome.clone(), error], 1),
        (
            &ATTEMPT_SECONDS,
            vec![driver.clone(), outcome],
            micros(attempt.took),
        ),
    ];
    for ended in &attempt.ended {
        let status = if ended.state == DeliveryState::Sent {
            "success"
        } else {
            "fail"
        };
        let labels = vec![driver.clone(), status.into()];
        notes.push((&NOTIFICATIONS, vec![driver.clone()], 1));
        notes.push((&NOTIFICATION_SECONDS, labels, micros(ended.since)));
        if ended.state == DeliveryState::Dead {
            let error = attempt.error.unwrap_or(ErrorClass::Other).original();
            notes.push((&NOTIFICATION_ERRORS, vec![driver.clone(), error], 1));
            notes.push((&FAILED, Vec::new(), 1));
        }
    }
    notes
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
