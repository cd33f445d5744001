//! Prometheus servers.

use sea_orm::entity::prelude::*;

use crate::model::{ServerId, ShardId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "prometheus")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: ServerId,
    pub(crate) shard: ShardId,
    pub(crate) host: String,
    pub(crate) port: i32,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
