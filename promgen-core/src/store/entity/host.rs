//! Hosts.

use sea_orm::entity::prelude::*;

use crate::model::{FarmId, HostId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "host")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: HostId,
    pub(crate) name: String,
    pub(crate) farm: FarmId,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
