//! Exporters.

use sea_orm::entity::prelude::*;

use crate::model::{ExporterId, ProjectId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exporter")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: ExporterId,
    pub(crate) job: String,
    pub(crate) port: i32,
    pub(crate) path: String,
    pub(crate) scheme: String,
    pub(crate) project: ProjectId,
    pub(crate) enabled: bool,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
