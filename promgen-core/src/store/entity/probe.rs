//! Probes: modules of the blackbox exporter.

use sea_orm::entity::prelude::*;

use crate::model::ProbeId;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "probe")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: ProbeId,
    pub(crate) module: String,
    pub(crate) description: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
