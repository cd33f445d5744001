//! Access tokens: only a hash of each is kept.

use sea_orm::entity::prelude::*;

use crate::model::{Timestamp, TokenId, UserId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: TokenId,
    pub(crate) user: UserId,
    pub(crate) scopes: String,
    pub(crate) prefix: String,
    pub(crate) hash: String,
    pub(crate) created: Timestamp,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) last_used: Option<Timestamp>,
    pub(crate) revoked: Option<Timestamp>,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
