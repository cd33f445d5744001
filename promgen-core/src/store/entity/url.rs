//! URLs to probe.

use sea_orm::entity::prelude::*;

use crate::model::{ProbeId, ProjectId, UrlId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "url")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: UrlId,
    pub(crate) url: String,
    pub(crate) project: ProjectId,
    pub(crate) probe: ProbeId,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
