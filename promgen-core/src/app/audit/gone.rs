//! Who somebody was who is gone.

use serde::Deserialize;

use super::AuditFilter;
use crate::model::{AuditEntry, UserId};
use crate::store::{StoreError, Tx};

/// Entries about a user that are looked at. The one of their end is the newest.
const LOOKED_AT: u64 = 5;

/// A user, as entries about them have it.
#[derive(Deserialize)]
struct Kept {
    username: String,
}

/// The login name of the user whom a filter names by id, where they are gone: the log told who they
/// were.
pub(super) async fn name(tx: &Tx, filter: &AuditFilter<'_>) -> Result<Option<String>, StoreError> {
    let Some(id) = filter.user_id else {
        return Ok(None);
    };
    if tx.load_user(id).await?.is_some() {
        return Ok(None);
    }
    told(tx, id).await
}

async fn told(tx: &Tx, id: UserId) -> Result<Option<String>, StoreError> {
    let entries = tx.list_audit_of_user(id, LOOKED_AT).await?;
    let kept = |entry: &AuditEntry| {
        let told = [&entry.before, &entry.after];
        let kept = told
            .into_iter()
            .find_map(|json| serde_json::from_str(json).ok());
        kept.map(|Kept { username }| username)
    };
    Ok(entries.iter().find_map(kept))
}
