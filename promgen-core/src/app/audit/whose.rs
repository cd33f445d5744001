//! Whose a sender is, in the text of an entry: senders have no names of their own.

use std::collections::BTreeMap;

use crate::model::{AuditEntry, AuditKind, ProjectId, ServiceId, UserId};
use crate::store::{StoreError, Tx};

/// Adds to entries about senders what those belong to, as far as it is still there.
pub(in crate::app) async fn name_owners(
    tx: &Tx,
    entries: &mut [AuditEntry],
) -> Result<(), StoreError> {
    let mut names: BTreeMap<(String, i64), Option<String>> = BTreeMap::new();
    let sender = AuditKind::Sender.as_str();
    for entry in entries.iter_mut().filter(|entry| entry.kind == sender) {
        let Some(owner) = entry.parent.clone() else {
            continue;
        };
        let name = match names.get(&owner) {
            Some(name) => name.clone(),
            None => name(tx, &owner).await?,
        };
        if let Some(name) = &name {
            entry.body = format!("{} of {} {name}", entry.body, owner.0);
        }
        names.insert(owner, name);
    }
    Ok(())
}

async fn name(tx: &Tx, (kind, id): &(String, i64)) -> Result<Option<String>, StoreError> {
    let Ok(id) = i32::try_from(*id) else {
        return Ok(None);
    };
    Ok(match AuditKind::from_word(kind) {
        Some(AuditKind::Service) => {
            let found = tx.load_service(ServiceId(id)).await?;
            found.map(|service| service.name.to_string())
        }
        Some(AuditKind::Project) => {
            let found = tx.load_project(ProjectId(id)).await?;
            found.map(|project| project.name.to_string())
        }
        Some(AuditKind::User) => {
            let found = tx.load_user(UserId(id)).await?;
            found.map(|user| user.username)
        }
        _ => None,
    })
}
