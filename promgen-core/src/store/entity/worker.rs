//! Processes that work, and when each was last heard.

use sea_orm::entity::prelude::*;

use crate::model::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "worker")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) hostname: String,
    pub(crate) process: i64,
    pub(crate) alerts: bool,
    pub(crate) servers: String,
    pub(crate) started: Timestamp,
    pub(crate) seen: Timestamp,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
