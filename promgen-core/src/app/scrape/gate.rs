//! How many tests somebody may have under way.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::UserId;

/// Tests of one user at once: one that waits for slow hosts, and one more.
const MOST: usize = 2;

/// Who has how many tests under way in this process.
#[derive(Debug, Default)]
pub(in crate::app) struct Gate(Mutex<BTreeMap<UserId, usize>>);

impl Gate {
    /// Lets a test of a user begin; `None` when as many as may be are under way. It ends when what
    /// is answered is dropped.
    pub(super) fn enter(&self, user: UserId) -> Option<Pass<'_>> {
        let mut inside = self.inside();
        let count = inside.entry(user).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Pass { gate: self, user })
    }

    fn inside(&self) -> MutexGuard<'_, BTreeMap<UserId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A test under way.
#[derive(Debug)]
pub(super) struct Pass<'g> {
    gate: &'g Gate,
    user: UserId,
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut inside = self.gate.inside();
        if let Some(count) = inside.get_mut(&self.user) {
            *count = count.saturating_sub(1);
        }
        inside.retain(|_, count| *count > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_user_has_so_many_and_gets_them_back() {
        let gate = Gate::default();
        let (first, second) = (gate.enter(UserId(1)), gate.enter(UserId(1)));
        assert!(first.is_some() && second.is_some());
        assert!(gate.enter(UserId(1)).is_none());
        assert!(gate.enter(UserId(2)).is_some());
        drop(first);
        assert!(gate.enter(UserId(1)).is_some());
        drop(second);
        assert!(gate.inside().is_empty());
    }
}
