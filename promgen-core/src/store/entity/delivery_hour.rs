//! Deliveries that ended, by hour, driver and sender.

use sea_orm::entity::prelude::*;

use crate::model::{SenderId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery_hour")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) hour: Timestamp,
    pub(crate) driver: String,
    pub(crate) sender: SenderId,
    pub(crate) sent: i64,
    pub(crate) dead: i64,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
