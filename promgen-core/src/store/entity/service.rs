//! Services.

use sea_orm::entity::prelude::*;

use crate::model::{ServiceId, UserId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: ServiceId,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) owner: Option<UserId>,
    pub(crate) group_interval: Option<String>,
    pub(crate) group_limit: Option<i64>,
    pub(crate) group_query_offset: Option<String>,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
