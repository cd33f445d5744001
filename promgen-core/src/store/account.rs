//! Users as those see them who administer them: with their last login, and whether they have a
//! password.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoSimpleExpr as _, Order, PaginatorTrait, QueryFilter,
};

use super::entity::users;
use super::rows::Stored;
use super::{AccountKey, Listed, Slice, Sort, StoreError, Tx, page, sort, user};
use crate::model::{Timestamp, User, UserId};

/// Which users a list of accounts holds. What is not given does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountFilter<'a> {
    /// What user name, address, given or family name hold.
    pub text: Option<&'a str>,
    /// Whether they may do anything.
    pub active: Option<bool>,
    /// Whether they may do everything.
    pub superuser: Option<bool>,
}

/// A user, with what is known of how they log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub user: User,
    /// When they logged in last; `None` for never.
    pub last_login: Option<Timestamp>,
    /// Whether they can log in with a password of their own.
    pub has_password: bool,
}

impl Stored for Account {
    type Table = users::Entity;
    type Row = users::ActiveModel;
    type Id = UserId;
    const TABLE: &'static str = <User as Stored>::TABLE;
    const ID: users::Column = <User as Stored>::ID;

    fn id(&self) -> UserId {
        self.user.id
    }

    fn to_row(&self) -> users::ActiveModel {
        self.user.to_row()
    }

    fn from_row(row: users::Model) -> Result<Self, StoreError> {
        Ok(Self {
            last_login: row.last_login,
            has_password: row.password.is_some(),
            user: User::from_row(row)?,
        })
    }
}

impl Tx {
    /// A slice of the accounts.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_accounts(
        &self,
        filter: &AccountFilter<'_>,
        sort: Sort<AccountKey>,
        slice: Slice,
    ) -> Result<Listed<Account>, StoreError> {
        let condition = Condition::all()
            .add_option(filter.text.map(|text| user::holds(self, text)))
            .add_option(filter.active.map(|yes| users::Column::Active.eq(yes)))
            .add_option(filter.superuser.map(|yes| users::Column::Superuser.eq(yes)));
        let way = sort.order();
        let mut order = match sort.key {
            AccountKey::Username => vec![(users::Column::Username.into_simple_expr(), way)],
            AccountKey::Name => vec![
                (users::Column::LastName.into_simple_expr(), way.clone()),
                (users::Column::FirstName.into_simple_expr(), way),
            ],
            AccountKey::Email => vec![(users::Column::Email.into_simple_expr(), way)],
            AccountKey::LastLogin => {
                let last = users::Column::LastLogin.into_simple_expr();
                vec![(sort::or_first(last, 0_i64), way)]
            }
        };
        order.push((users::Column::Username.into_simple_expr(), Order::Asc));
        page::page_by(self, condition, order, slice).await
    }

    /// The account of a user.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_account(&self, id: UserId) -> Result<Option<Account>, StoreError> {
        super::rows::find_id(self, id).await
    }

    /// Whether there is an active superuser besides a user.
    ///
    /// # Errors
    /// What the database says.
    pub async fn has_other_superuser(&self, than: UserId) -> Result<bool, StoreError> {
        let others = users::Entity::find()
            .filter(users::Column::Superuser.eq(true))
            .filter(users::Column::Active.eq(true))
            .filter(users::Column::Id.ne(than))
            .count(self.connection())
            .await?;
        Ok(others > 0)
    }

    /// Records that a user logged in.
    ///
    /// # Errors
    /// What the database says.
    pub async fn touch_user(&self, id: UserId, at: Timestamp) -> Result<(), StoreError> {
        let row = users::ActiveModel {
            last_login: sea_orm::ActiveValue::Set(Some(at)),
            ..Default::default()
        };
        users::Entity::update_many()
            .set(row)
            .filter(users::Column::Id.eq(id))
            .exec(self.connection())
            .await?;
        Ok(())
    }
}
