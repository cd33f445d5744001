//! Counts of all processes together, by metric, machine and labels.

use sea_orm::entity::prelude::*;

use crate::model::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "metric_sample")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) metric: String,
    pub(crate) hostname: String,
    pub(crate) labels: String,
    pub(crate) part: String,
    pub(crate) value: i64,
    pub(crate) updated: Timestamp,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
