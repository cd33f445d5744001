//! Deliveries: the outbox.

use sea_orm::entity::prelude::*;

use crate::model::{AlertId, DeliveryId, SenderId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: DeliveryId,
    pub(crate) alert: AlertId,
    pub(crate) part: i32,
    pub(crate) sender: Option<SenderId>,
    pub(crate) driver: String,
    pub(crate) value: String,
    pub(crate) alias: String,
    pub(crate) group_key: String,
    pub(crate) order_key: String,
    pub(crate) source: Option<String>,
    pub(crate) state: String,
    pub(crate) attempts: i32,
    pub(crate) due: Timestamp,
    pub(crate) created: Timestamp,
    pub(crate) finished: Option<Timestamp>,
    pub(crate) lease_token: Option<String>,
    pub(crate) lease_until: Timestamp,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
