//! Alerts; the row is itself the task of routing it.

use sea_orm::entity::prelude::*;

use crate::model::{AlertId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alert")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: AlertId,
    pub(crate) created: Timestamp,
    pub(crate) state: String,
    pub(crate) lease_token: Option<String>,
    pub(crate) lease_until: Timestamp,
    pub(crate) trace: String,
    pub(crate) body: String,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
