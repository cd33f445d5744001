//! Attempts at deliveries.

use sea_orm::entity::prelude::*;

use crate::model::{AttemptId, DeliveryId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: AttemptId,
    pub(crate) delivery: DeliveryId,
    pub(crate) number: i32,
    pub(crate) started: Timestamp,
    pub(crate) took_ms: i64,
    pub(crate) outcome: String,
    pub(crate) message: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
