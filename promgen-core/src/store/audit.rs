//! The audit log. Entries are only ever added.

use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::audit_filter::{AuditFilter, AuditScope};
use super::entity::audit;
use super::rows::{self, Stored};
use super::{Listed, Part, Slice, StoreError, Tx, WhenKey, page};
use crate::model::{AuditEntry, AuditId, Timestamp, UserId};

impl Stored for AuditEntry {
    type Table = audit::Entity;
    type Row = audit::ActiveModel;
    type Id = AuditId;
    const TABLE: &'static str = "audit";
    const ID: audit::Column = audit::Column::Id;

    fn id(&self) -> AuditId {
        self.id
    }

    fn to_row(&self) -> audit::ActiveModel {
        let (parent_kind, parent_object) = self.parent.clone().unzip();
        audit::ActiveModel {
            id: ActiveValue::NotSet,
            created: ActiveValue::Set(self.created),
            actor: ActiveValue::Set(rows::storable(&self.actor)),
            user: ActiveValue::Set(self.user),
            username: ActiveValue::Set(self.username().map(rows::storable)),
            body: ActiveValue::Set(rows::storable(&self.body)),
            kind: ActiveValue::Set(self.kind.clone()),
            object: ActiveValue::Set(self.object),
            parent_kind: ActiveValue::Set(parent_kind),
            parent_object: ActiveValue::Set(parent_object),
            before_json: ActiveValue::Set(rows::storable(&self.before)),
            after_json: ActiveValue::Set(rows::storable(&self.after)),
        }
    }

    fn from_row(row: audit::Model) -> Result<Self, StoreError> {
        Ok(Self {
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
        })
    }
}

impl Tx {
    /// Adds entries, in this order; the ids that they bear are ignored.
    ///
    /// # Errors
    /// What the database says.
    pub async fn insert_audit(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        for chunk in entries.chunks(rows::CHUNK_ROWS) {
            audit::Entity::insert_many(chunk.iter().map(Stored::to_row))
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
        rows.into_iter().map(AuditEntry::from_row).collect()
    }

    /// A slice of the entries that somebody may see, or of all. The ids tell the order.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_audit(
        &self,
        scope: Option<&AuditScope>,
        filter: &AuditFilter<'_>,
        part: impl Into<Part<WhenKey>>,
    ) -> Result<Listed<AuditEntry>, StoreError> {
        let Part { sort, slice } = part.into();
        let condition = filter
            .condition()
            .add_option(scope.map(AuditScope::condition));
        if sort.descending {
            page::newest(self, condition, slice).await
        } else {
            page::page(self, condition, &[], slice).await
        }
    }

    /// The newest entries about a user themselves, at most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_audit_of_user(
        &self,
        id: UserId,
        limit: u64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let own = Condition::all()
            .add(audit::Column::Kind.eq("user"))
            .add(audit::Column::Object.eq(i64::from(id.0)));
        let slice = Slice { offset: 0, limit };
        Ok(page::newest(self, own, slice).await?.items)
    }

    /// The entry of that id, when somebody may see it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_audit(
        &self,
        scope: Option<&AuditScope>,
        id: AuditId,
    ) -> Result<Option<AuditEntry>, StoreError> {
        let condition = Condition::all()
            .add(audit::Column::Id.eq(id))
            .add_option(scope.map(AuditScope::condition));
        rows::find(self, condition).await
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
