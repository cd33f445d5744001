//! Logins: only a hash of what the browser shows is kept.

use sea_orm::entity::prelude::*;

use crate::model::{SessionId, Timestamp, UserId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    pub(crate) hash: String,
    pub(crate) backend: String,
    pub(crate) created: Timestamp,
    pub(crate) last_seen: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) address: String,
    pub(crate) agent: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
