//! Exporter presets; the table bears the name that Promgen users know.

use sea_orm::entity::prelude::*;

use crate::model::PresetId;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "default_exporter")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: PresetId,
    pub(crate) job: String,
    pub(crate) port: i32,
    pub(crate) path: String,
    pub(crate) scheme: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
