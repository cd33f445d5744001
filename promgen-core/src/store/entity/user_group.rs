//! Groups of users; `groups` is a reserved word on one of the databases.

use sea_orm::entity::prelude::*;

use crate::model::GroupId;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_group")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: GroupId,
    pub(crate) name: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
