//! Credentials that were found good a moment ago.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For how long a credential that was found good is recognised without looking it up.
const REMEMBERED: Duration = Duration::from_secs(1);

/// Most credentials that are remembered. Only good ones are, under their hashes, so that nobody can
/// fill this with guesses.
const MOST: usize = 1024;

/// What was found for the hashes of good credentials.
pub(super) struct Remembered<T>(Mutex<HashMap<[u8; 32], (Instant, T)>>);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Remembered<T> {
    /// What was found a moment ago.
    pub(super) fn find(&self, hash: &[u8; 32]) -> Option<T> {
        self.find_within(hash, REMEMBERED)
    }

    /// What was found no longer ago than `span`.
    pub(super) fn find_within(&self, hash: &[u8; 32], span: Duration) -> Option<T> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, found) = known.get(hash)?;
        (since.elapsed() < span).then(|| found.clone())
    }

    pub(super) fn keep(&self, hash: [u8; 32], found: T) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(hash, (Instant::now(), found));
    }

    /// Forgets all: what stands behind a credential has changed.
    pub(super) fn forget(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
