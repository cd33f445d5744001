//! Alerts that came, by hour, service and project.

use sea_orm::entity::prelude::*;

use crate::model::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alert_hour")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) hour: Timestamp,
    pub(crate) service: String,
    pub(crate) project: String,
    pub(crate) firing: i64,
    pub(crate) resolved: i64,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
