//! What was asked of servers last; one row per server and kind.

use sea_orm::entity::prelude::*;

use crate::model::{ServerId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "server_task")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) server: ServerId,
    pub(crate) kind: String,
    pub(crate) asked_by: String,
    pub(crate) asked_at: Timestamp,
    pub(crate) done_at: Option<Timestamp>,
    pub(crate) error: Option<String>,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
