//! The audit log.

use sea_orm::entity::prelude::*;

use crate::model::{AuditId, Timestamp, UserId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: AuditId,
    pub(crate) created: Timestamp,
    pub(crate) actor: String,
    pub(crate) user: Option<UserId>,
    pub(crate) username: Option<String>,
    pub(crate) body: String,
    pub(crate) kind: String,
    pub(crate) object: i64,
    pub(crate) parent_kind: Option<String>,
    pub(crate) parent_object: Option<i64>,
    pub(crate) before_json: String,
    pub(crate) after_json: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
