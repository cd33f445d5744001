//! Whose a sender is, in the text of an entry: senders have no names of their own.

use std::collections::BTreeMap;

use crate::model::{AuditEntry, AuditKind, Called, ProjectId, ServiceId, UserId};
use crate::store::{StoreError, Tx};

/// Adds to entries about senders what those belong to, as far as it is still there.
pub(in crate::app) async fn name_owners(
    tx: &Tx,
    entries: &mut [AuditEntry],
) -> Result<(), StoreError> {
    let mut names: BTreeMap<(AuditKind, i64), Option<String>> = BTreeMap::new();
    let sender = AuditKind::Sender.as_str();
    for entry in entries.iter_mut().filter(|entry| entry.kind == sender) {
        let Some(above) = entry.above() else {
            continue;
        };
        let owner = match names.get(&above) {
            Some(owner) => owner.clone(),
            None => name(tx, above).await?,
        };
        if let Some(owner) = &owner {
            let (name, kind) = (&entry.body, above.0);
            entry.body = Called::Below { name, kind, owner }.to_string();
        }
        names.insert(above, owner);
    }
    Ok(())
}

async fn name(tx: &Tx, (kind, id): (AuditKind, i64)) -> Result<Option<String>, StoreError> {
    let Ok(id) = i32::try_from(id) else {
        return Ok(None);
    };
    Ok(match kind {
        AuditKind::Service => {
            let found = tx.load_service(ServiceId(id)).await?;
            found.map(|service| service.name.to_string())
        }
        AuditKind::Project => {
            let found = tx.load_project(ProjectId(id)).await?;
            found.map(|project| project.name.to_string())
        }
        AuditKind::User => {
            let found = tx.load_user(UserId(id)).await?;
            found.map(|user| user.username)
        }
        _ => None,
    })
}
