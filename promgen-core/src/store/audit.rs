//! The audit log. Entries are only ever added.

use sea_orm::sea_query::{Query, SimpleExpr};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::{audit, users};
use super::rows::{self, Stored};
use super::{Listed, Slice, StoreError, Tx, Visible, page};
use crate::model::{AuditEntry, AuditId, GroupId, Timestamp, UserId};

/// Which entries a list holds. What is not given does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditFilter<'a> {
    /// Kind of the object.
    pub kind: Option<&'a str>,
    /// Id of the object.
    pub object: Option<i64>,
    /// Kind of the object above it.
    pub parent_kind: Option<&'a str>,
    /// Id of the object above it.
    pub parent_object: Option<i64>,
    /// Login name of who did it.
    pub user: Option<&'a str>,
}

impl AuditFilter<'_> {
    fn condition(&self) -> Condition {
        let user = self.user.map(|username| {
            let users = Query::select()
                .column(users::Column::Id)
                .from(users::Entity)
                .and_where(users::Column::Username.eq(username))
                .to_owned();
            audit::Column::User.in_subquery(users)
        });
        Condition::all()
            .add_option(self.kind.map(|kind| audit::Column::Kind.eq(kind)))
            .add_option(self.object.map(|id| audit::Column::Object.eq(id)))
            .add_option(
                self.parent_kind
                    .map(|kind| audit::Column::ParentKind.eq(kind)),
            )
            .add_option(
                self.parent_object
                    .map(|id| audit::Column::ParentObject.eq(id)),
            )
            .add_option(user)
    }
}

/// What somebody may see of the audit log who may not see all of it: entries about what they see,
/// about their groups, and about what is theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditScope {
    /// What they see of the tree.
    pub visible: Visible,
    /// Their groups.
    pub groups: Vec<GroupId>,
    /// Who they are.
    pub user: Option<UserId>,
}

/// Kinds of objects of the tree that stand below services and projects, or are those.
const OF_THE_TREE: [&str; 7] = [
    "service", "project", "farm", "host", "exporter", "url", "rule",
];

impl AuditScope {
    fn condition(&self) -> Condition {
        let groups = || self.groups.iter().map(|id| i64::from(id.0));
        Condition::any()
            .add(self.tree())
            .add(about("group", |column| column.is_in(groups())))
            .add(below("group", |column| column.is_in(groups())))
            .add_option(
                self.user
                    .map(|user| below("user", |column| column.eq(user.0))),
            )
            // Rules of the site are everybody's to see.
            .add(
                Condition::all()
                    .add(audit::Column::Kind.eq("rule"))
                    .add(audit::Column::ParentKind.eq("site")),
            )
    }

    fn tree(&self) -> Condition {
        let Visible::Some { services, .. } = &self.visible else {
            return Condition::any()
                .add(audit::Column::Kind.is_in(OF_THE_TREE))
                .add(audit::Column::ParentKind.is_in(["service", "project"]));
        };
        let services = || services.iter().map(|id| i64::from(id.0));
        let projects = || self.visible.project_ids();
        let farms = || self.visible.farm_ids();
        Condition::any()
            .add(about("service", |column| column.is_in(services())))
            .add(below("service", |column| column.is_in(services())))
            .add(about("project", |column| column.in_subquery(projects())))
            .add(below("project", |column| column.in_subquery(projects())))
            .add(about("farm", |column| column.in_subquery(farms())))
            .add(below("farm", |column| column.in_subquery(farms())))
    }
}

fn about(kind: &str, which: impl Fn(audit::Column) -> SimpleExpr) -> Condition {
    Condition::all()
        .add(audit::Column::Kind.eq(kind))
        .add(which(audit::Column::Object))
}

fn below(kind: &str, which: impl Fn(audit::Column) -> SimpleExpr) -> Condition {
    Condition::all()
        .add(audit::Column::ParentKind.eq(kind))
        .add(which(audit::Column::ParentObject))
}

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

    /// A slice of the entries that somebody may see, or of all, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_audit(
        &self,
        scope: Option<&AuditScope>,
        filter: &AuditFilter<'_>,
        slice: Slice,
    ) -> Result<Listed<AuditEntry>, StoreError> {
        let condition = filter
            .condition()
            .add_option(scope.map(AuditScope::condition));
        page::newest(self, condition, slice).await
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
