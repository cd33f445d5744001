//! Farms.

use sea_orm::entity::prelude::*;

use crate::model::FarmId;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "farm")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: FarmId,
    pub(crate) name: String,
    pub(crate) source: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
