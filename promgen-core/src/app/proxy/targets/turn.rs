//! Who asks a shard for its whole list of targets: one at a time.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::ShardId;

/// The shards that are being asked.
#[derive(Debug, Default)]
pub(in crate::app) struct Reasons(Mutex<BTreeSet<ShardId>>);

/// The turn of whoever asks; it ends when it is dropped.
#[derive(Debug)]
pub(super) struct Turn<'r> {
    reasons: &'r Reasons,
    shard: ShardId,
}

impl Reasons {
    /// A turn with a shard; `None` while somebody else has it.
    pub(super) fn begin(&self, shard: ShardId) -> Option<Turn<'_>> {
        self.asked().insert(shard).then(|| Turn {
            reasons: self,
            shard,
        })
    }

    fn asked(&self) -> MutexGuard<'_, BTreeSet<ShardId>> {
        // A set is never half changed, whoever panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.reasons.asked().remove(&self.shard);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_asked_by_one_at_a_time() {
        let reasons = Reasons::default();
        let turn = reasons.begin(ShardId(1));
        assert!(turn.is_some() && reasons.begin(ShardId(1)).is_none());
        assert!(reasons.begin(ShardId(2)).is_some());
        drop(turn);
        assert!(reasons.begin(ShardId(1)).is_some());
    }
}
