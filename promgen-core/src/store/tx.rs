//! One transaction: the handle on which all reading and writing happens.
//!
//! The methods of [`Tx`] stand in the files of what they are about.

use sea_orm::DatabaseTransaction;

use super::StoreError;

/// Room in a statement's packet for everything but its long texts.
const PACKET_MARGIN: usize = 64 * 1024;

/// A transaction. Dropping it without [`commit`](Self::commit) undoes all that it did, soon after;
/// [`rollback`](Self::rollback) waits for that.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    limits: Limits,
    access: Access,
}

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
    /// As [`Access::Write`], but what is committed is undone.
    Rehearse,
}

/// What a server allows and how it counts, asked once when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Largest packet that it takes; `None` where there is no such limit.
    pub(super) packet_bytes: Option<usize>,
    /// What it adds to the identity of a row to get that of the next one in the same statement.
    pub(super) id_step: i64,
}

impl Limits {
    /// Of a database that has none.
    pub(super) const NONE: Self = Self {
        packet_bytes: None,
        id_step: 1,
    };
}

impl Tx {
    pub(super) fn new(inner: DatabaseTransaction, limits: Limits, access: Access) -> Self {
        Self {
            inner,
            limits,
            access,
        }
    }

    /// Whether it may write, and so lock what it reads.
    pub(super) fn may_write(&self) -> bool {
        self.access != Access::Read
    }

    /// Makes all changes of this transaction durable and visible, or none of them: of a rehearsal
    /// ([`Store::rehearsal`](super::Store::rehearsal)) none.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then, except that after [`StoreError::Gone`] nobody
    /// knows.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.access == Access::Rehearse {
            return self.rollback().await;
        }
        Ok(self.inner.commit().await?)
    }

    /// Undoes all changes of this transaction and gives back its locks before it returns.
    ///
    /// # Errors
    /// [`StoreError`] when the connection is lost; the changes are undone all the same.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.inner.rollback().await?)
    }

    pub(super) fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// What the server adds to an identity to get the next one.
    pub(super) fn id_step(&self) -> i64 {
        self.limits.id_step
    }

    /// How many bytes of texts one statement can carry; `None` where any number will do.
    pub(super) fn room(&self) -> Option<usize> {
        self.limits
            .packet_bytes
            .map(|bytes| bytes.saturating_sub(PACKET_MARGIN))
    }

    /// Refuses a text that the server would answer by closing the connection, which looks as if it
    /// went away and would be tried for ever.
    pub(super) fn check_size(&self, bytes: usize) -> Result<(), StoreError> {
        match (self.room(), self.limits.packet_bytes) {
            (Some(room), Some(limit_bytes)) if bytes > room => {
                Err(StoreError::TooLarge { bytes, limit_bytes })
            }
            _ => Ok(()),
        }
    }
}
