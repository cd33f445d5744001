//! Identities of login backends, linked to users.

use sea_orm::entity::prelude::*;

use crate::model::{IdentityId, Timestamp, UserId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: IdentityId,
    pub(crate) user: UserId,
    pub(crate) backend: String,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) created: Timestamp,
    pub(crate) last_login: Timestamp,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
