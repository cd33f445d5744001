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
    packet_bytes: Option<usize>,
}

impl Tx {
    pub(super) fn new(inner: DatabaseTransaction, packet_bytes: Option<usize>) -> Self {
        Self {
            inner,
            packet_bytes,
        }
    }

    /// Makes all changes of this transaction durable and visible, or none of them.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then, except that after [`StoreError::Gone`] nobody
    /// knows.
    pub async fn commit(self) -> Result<(), StoreError> {
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

    /// How many bytes of texts one statement can carry; `None` where any number will do.
    pub(super) fn room(&self) -> Option<usize> {
        self.packet_bytes
            .map(|bytes| bytes.saturating_sub(PACKET_MARGIN))
    }

    /// Refuses a text that the server would answer by closing the connection, which looks as if it
    /// went away and would be tried for ever.
    pub(super) fn check_size(&self, bytes: usize) -> Result<(), StoreError> {
        match (self.room(), self.packet_bytes) {
            (Some(room), Some(limit_bytes)) if bytes > room => {
                Err(StoreError::TooLarge { bytes, limit_bytes })
            }
            _ => Ok(()),
        }
    }
}
