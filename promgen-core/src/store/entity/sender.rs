//! Senders; their filters are rows of [`filter`](super::filter).

use sea_orm::entity::prelude::*;

use crate::model::{SenderId, UserId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sender")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: SenderId,
    pub(crate) driver: String,
    pub(crate) value: String,
    pub(crate) alias: String,
    pub(crate) owner_type: String,
    pub(crate) owner_id: i32,
    pub(crate) added_by: Option<UserId>,
    pub(crate) enabled: bool,
    pub(crate) secret: Option<String>,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
