//! The audit log. Entries are only ever added.

use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::audit;
use super::rows;
use super::{StoreError, Tx};
use crate::model::{AuditEntry, AuditId};

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
