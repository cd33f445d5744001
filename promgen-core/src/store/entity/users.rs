//! Users; `user` is a reserved word on two of the databases.

use sea_orm::entity::prelude::*;

use crate::model::{Timestamp, UserId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: UserId,
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) superuser: bool,
    pub(crate) active: bool,
    pub(crate) password: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) timezone: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) guide_hidden: Option<bool>,
    pub(crate) last_login: Option<Timestamp>,
}

/// Joins are written out where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
