//! Links that somebody uses once: only a hash of what stands in them is kept.

use sea_orm::entity::prelude::*;

use crate::model::{LinkId, Timestamp, UserId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_link")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: LinkId,
    pub(crate) kind: String,
    pub(crate) user: Option<UserId>,
    pub(crate) hash: String,
    pub(crate) state: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
