//! Rules.

use sea_orm::entity::prelude::*;

use crate::model::RuleId;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rule")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: RuleId,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) clause: String,
    pub(crate) duration: String,
    pub(crate) keep_firing_for: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) parent: Option<RuleId>,
    pub(crate) owner_type: String,
    pub(crate) owner_id: i32,
    pub(crate) description: String,
    pub(crate) labels: String,
    pub(crate) annotations: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
