//! The audit log. Entries are only ever added.

use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::audit;
use super::rows;
use super::{StoreError, Tx};
use crate::model::{AuditEntry, AuditId, Timestamp};

impl Tx {
    /// Adds entries, in this order; the ids that they bear are ignored.
    ///
    /// # Errors
    /// What the database says.
    pub async fn insert_audit(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        for chunk in entries.chunks(rows::CHUNK_ROWS) {
            audit::Entity::insert_many(chunk.iter().map(row_of))
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }

    /// The newest entries first, at most `limit`, of those older than `before`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_audit(
        &self,
        limit: u64,
        before: Option<AuditId>,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let mut query = audit::Entity::find();
        if let Some(before) = before {
            query = query.filter(audit::Column::Id.lt(before));
        }
        let rows = query
            .order_by_desc(audit::Column::Id)
            .limit(limit)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(entry_of).collect())
    }

    /// Deletes the oldest entries that were made before a time, at most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_audit(&self, before: Timestamp, limit: u64) -> Result<u64, StoreError> {
        // Entries are made in the order of their ids: the oldest ones tell whether there is any.
        let oldest: Vec<(AuditId, Timestamp)> = audit::Entity::find()
            .select_only()
            .columns([audit::Column::Id, audit::Column::Created])
            .order_by_asc(audit::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.connection())
            .await?;
        let old = oldest.iter().filter(|(_, created)| *created < before);
        let ids: Vec<AuditId> = old.map(|(id, _)| *id).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let done = audit::Entity::delete_many()
            .filter(audit::Column::Id.is_in(ids))
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected)
    }
}

fn row_of(entry: &AuditEntry) -> audit::ActiveModel {
    let (parent_kind, parent_object) = entry.parent.clone().unzip();
    audit::ActiveModel {
        id: ActiveValue::NotSet,
        created: ActiveValue::Set(entry.created),
        actor: ActiveValue::Set(rows::storable(&entry.actor)),
        user: ActiveValue::Set(entry.user),
        body: ActiveValue::Set(rows::storable(&entry.body)),
        kind: ActiveValue::Set(entry.kind.clone()),
        object: ActiveValue::Set(entry.object),
        parent_kind: ActiveValue::Set(parent_kind),
        parent_object: ActiveValue::Set(parent_object),
        before_json: ActiveValue::Set(rows::storable(&entry.before)),
        after_json: ActiveValue::Set(rows::storable(&entry.after)),
    }
}

fn entry_of(row: audit::Model) -> AuditEntry {
    AuditEntry {
        id: row.id,
        created: row.created,
        actor: row.actor,
        user: row.user,
        body: row.body,
        kind: row.kind,
        object: row.object,
        parent: row.parent_kind.zip(row.parent_object),
        before: row.before_json,
        after: row.after_json,
    }
}
