//! Shards.

use sea_orm::entity::prelude::*;

use crate::model::ShardId;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shard")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: ShardId,
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) proxy: bool,
    pub(crate) enabled: bool,
    pub(crate) authorization: Option<String>,
    pub(crate) samples: i64,
    pub(crate) targets: i64,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
