//! Labels of alerts, for searching.

use sea_orm::entity::prelude::*;

use crate::model::AlertId;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alert_label")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) alert: AlertId,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) hash: Option<String>,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
