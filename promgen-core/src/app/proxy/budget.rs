//! How much memory answers may take: of one request, and of all of them at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What all requests together may take, in the measure of one request.
const REQUESTS: usize = 4;

/// The memory of all requests, in KiB.
#[derive(Debug, Clone)]
pub(in crate::app) struct Memory {
    kib: Arc<Semaphore>,
    max_bytes: usize,
}

impl Memory {
    /// Memory for four requests that take all they may.
    pub(in crate::app) fn new(max_bytes: usize) -> Self {
        let kib = max_bytes.saturating_mul(REQUESTS).div_ceil(1024);
        Self {
            kib: Arc::new(Semaphore::new(kib.min(Semaphore::MAX_PERMITS))),
            max_bytes,
        }
    }

    /// The budget of a request that asks `shards` shards.
    ///
    /// Half of it is divided among them, so that one that sends without end leaves the others
    /// room; whoever needs more takes from the other half.
    pub(super) fn budget(&self, shards: usize) -> Budget {
        let own = (self.max_bytes / 2).checked_div(shards).unwrap_or(0);
        self.divided(
            own,
            self.max_bytes.saturating_sub(own.saturating_mul(shards)),
        )
    }

    /// The budget of a request of which each of `shards` answers may have so many bytes and no
    /// more: what is left over is nobody's.
    pub(super) fn budget_of(&self, shards: usize, bytes: usize) -> Budget {
        let own = self.max_bytes.checked_div(shards).unwrap_or(0);
        self.divided(own.min(bytes), 0)
    }

    fn divided(&self, own: usize, common: usize) -> Budget {
        Budget {
            own,
            common: AtomicUsize::new(common),
            memory: Arc::clone(&self.kib),
            paid: Mutex::new(Paid::default()),
        }
    }
}

/// What one request may take.
#[derive(Debug)]
pub(super) struct Budget {
    own: usize,
    common: AtomicUsize,
    memory: Arc<Semaphore>,
    paid: Mutex<Paid>,
}

#[derive(Debug, Default)]
struct Paid {
    bytes: usize,
    permit: Option<OwnedSemaphorePermit>,
    /// Whether it was the other requests that left no room.
    crowded: bool,
}

impl Budget {
    /// The part of it that one shard may take.
    pub(super) fn share(&self) -> Share<'_> {
        Share {
            budget: self,
            left: self.own,
            own: 0,
            common: 0,
        }
    }

    /// Takes from what the shards have in common; `false` when there is no room.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let less = |left: usize| left.checked_sub(bytes);
        let taken = self
            .common
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        taken.is_ok() && self.pay(bytes)
    }

    /// Gives back what [`Budget::take`] took.
    pub(super) fn give_back(&self, bytes: usize) {
        self.common.fetch_add(bytes, Ordering::Relaxed);
        self.repay(bytes);
    }

    /// Whether there would have been room but for the other requests.
    pub(super) fn is_crowded(&self) -> bool {
        self.paid().crowded
    }

    /// An answer that holds on to the memory of this request until it is sent.
    pub(super) fn hold(self, body: Vec<u8>) -> Bytes {
        let paid = self
            .paid
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Bytes::from_owner(Held {
            body,
            _permit: paid.permit,
        })
    }

    fn paid(&self) -> std::sync::MutexGuard<'_, Paid> {
        self.paid.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the bytes from the memory of all requests.
    fn pay(&self, bytes: usize) -> bool {
        let mut paid = self.paid();
        let before = paid.bytes.div_ceil(1024);
        let after = paid.bytes.saturating_add(bytes);
        let kib = u32::try_from(after.div_ceil(1024) - before).unwrap_or(u32::MAX);
        let Ok(more) = Arc::clone(&self.memory).try_acquire_many_owned(kib) else {
            paid.crowded = true;
            return false;
        };
        match &mut paid.permit {
            Some(permit) => permit.merge(more),
            None => paid.permit = Some(more),
        }
        paid.bytes = after;
        true
    }

    /// Gives bytes back to the memory of all requests.
    fn repay(&self, bytes: usize) {
        let mut paid = self.paid();
        let before = paid.bytes.div_ceil(1024);
        paid.bytes = paid.bytes.saturating_sub(bytes);
        let kib = before - paid.bytes.div_ceil(1024);
        // The part that is split off goes back when it is dropped.
        if let Some(permit) = &mut paid.permit {
            drop(permit.split(kib));
        }
    }
}

/// What one shard may take. What it took from the others comes back when it is given up.
#[derive(Debug)]
pub(super) struct Share<'b> {
    budget: &'b Budget,
    /// What is left of its own part.
    left: usize,
    /// What it took of it.
    own: usize,
    /// What it took of the common part.
    common: usize,
}

impl Share<'_> {
    /// Takes room for so many bytes; `false` when there is none.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        let own = bytes.min(self.left);
        let common = bytes - own;
        if common > 0 && !self.budget.take(common) {
            return false;
        }
        if own > 0 && !self.budget.pay(own) {
            return false;
        }
        self.left -= own;
        self.own += own;
        self.common += common;
        true
    }

    /// Gives back what others can use: the answer is not kept.
    pub(super) fn give_up(self) {
        self.budget.give_back(self.common);
        self.budget.repay(self.own);
    }
}

#[derive(Debug)]
struct Held {
    body: Vec<u8>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_shard_cannot_take_the_room_of_the_others() {
        let memory = Memory::new(80 * 1024);
        let budget = memory.budget(2);
        let (mut greedy, mut modest) = (budget.share(), budget.share());
        let mut kib = 0;
        while greedy.take(1024) {
            kib += 1;
        }
        assert_eq!(kib, 20 + 40);
        assert!(modest.take(20 * 1024) && !modest.take(1));
        assert!(!budget.is_crowded());
        greedy.give_up();
        assert!(modest.take(40 * 1024) && !modest.take(1));
    }

    #[test]
    fn requests_share_the_memory_until_their_answers_are_sent() {
        let memory = Memory::new(8 * 1024);
        let full: Vec<_> = (0..4)
            .map(|_| {
                let budget = memory.budget(1);
                assert!(budget.share().take(8 * 1024));
                budget.hold(b"answer".to_vec())
            })
            .collect();
        let fifth = memory.budget(1);
        assert!(!fifth.share().take(1));
        assert!(fifth.is_crowded());
        assert_eq!(full[0], "answer");
        drop(full);
        let budget = memory.budget(1);
        for _ in 0..100 {
            let mut share = budget.share();
            assert!(share.take(8 * 1024));
            share.give_up();
        }
        assert_eq!(memory.kib.available_permits(), 32);
    }
}
