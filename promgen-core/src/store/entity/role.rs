//! Roles on services and projects; each is a user's or a group's.

use sea_orm::entity::prelude::*;

use crate::model::{GrantId, GroupId, UserId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: GrantId,
    pub(crate) object_type: String,
    pub(crate) object_id: i32,
    pub(crate) user: Option<UserId>,
    pub(crate) user_group: Option<GroupId>,
    pub(crate) role: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
