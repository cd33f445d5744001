//! What the worker of a server last did; one row per server that was ever seen.

use sea_orm::entity::prelude::*;

use crate::model::{ServerId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "server_state")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) server: ServerId,
    pub(crate) applied_revision: Option<i64>,
    pub(crate) applied_at: Option<Timestamp>,
    pub(crate) seen_at: Option<Timestamp>,
    pub(crate) pulled_at: Option<Timestamp>,
    pub(crate) failed_revision: Option<i64>,
    pub(crate) error: Option<String>,
    pub(crate) failed_at: Option<Timestamp>,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
