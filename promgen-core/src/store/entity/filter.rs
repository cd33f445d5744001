//! Filters of senders.

use sea_orm::entity::prelude::*;

use crate::model::{FilterId, SenderId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "filter")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: FilterId,
    pub(crate) sender: SenderId,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
