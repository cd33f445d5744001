//! Users and their passwords.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use super::entity::{identity, users};
use super::rows::{self, Stored};
use super::{Listed, Slice, StoreError, Tx, page};
use crate::model::{SenderOwner, User, UserId, Zone};

impl Stored for User {
    type Table = users::Entity;
    type Row = users::ActiveModel;
    type Id = UserId;
    const TABLE: &'static str = "users";
    const ID: users::Column = users::Column::Id;

    fn id(&self) -> UserId {
        self.id
    }

    fn to_row(&self) -> users::ActiveModel {
        users::ActiveModel {
            id: ActiveValue::NotSet,
            username: ActiveValue::Set(self.username.clone()),
            email: ActiveValue::Set(self.email.clone()),
            superuser: ActiveValue::Set(self.superuser),
            active: ActiveValue::Set(self.active),
            password: ActiveValue::NotSet,
            created: ActiveValue::Set(self.created),
            first_name: ActiveValue::Set(Some(self.first_name.clone())),
            last_name: ActiveValue::Set(Some(self.last_name.clone())),
            timezone: ActiveValue::Set(self.timezone.as_ref().map(|zone| zone.name().to_owned())),
            language: ActiveValue::Set(self.language.map(|one| one.code().to_owned())),
            guide_hidden: ActiveValue::NotSet,
            last_login: ActiveValue::NotSet,
        }
    }

    fn from_row(row: users::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            username: row.username,
            email: row.email,
            first_name: row.first_name.unwrap_or_default(),
            last_name: row.last_name.unwrap_or_default(),
            // A zone that another version of the database had is none here, and no reason to let
            // nobody in.
            timezone: row.timezone.and_then(|name| Zone::parse(&name).ok()),
            language: row.language.and_then(|code| code.parse().ok()),
            superuser: row.superuser,
            active: row.active,
            created: row.created,
        })
    }
}

impl Tx {
    /// The user of that name, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_user(&self, username: &str) -> Result<Option<User>, StoreError> {
        rows::find(
            self,
            Condition::all().add(users::Column::Username.eq(username)),
        )
        .await
    }

    /// The users of these ids, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_users_by_id(&self, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        rows::list_in(self, users::Column::Id, ids).await
    }

    /// The user of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        rows::find_id(self, id).await
    }

    /// A slice of the active users, by user name; with a text, those whose user name, address, given
    /// or family name holds it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_users(
        &self,
        text: Option<&str>,
        slice: Slice,
    ) -> Result<Listed<User>, StoreError> {
        let condition = Condition::all()
            .add(users::Column::Active.eq(true))
            .add_option(text.map(|text| holds(self, text)));
        let order = [(users::Column::Username, Order::Asc)];
        page::page(self, condition, &order, slice).await
    }

    /// The login names of some users.
    ///
    /// # Errors
    /// What the database says.
    pub async fn usernames(
        &self,
        ids: &BTreeSet<UserId>,
    ) -> Result<BTreeMap<UserId, String>, StoreError> {
        let users: Vec<User> = self.list_some(ids).await?;
        Ok(users
            .into_iter()
            .map(|user| (user.id, user.username))
            .collect())
    }

    /// All users, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_users(&self) -> Result<Vec<User>, StoreError> {
        rows::list(self).await
    }

    /// Deletes a user, their tokens and personal senders.
    ///
    /// What they own, added or did keeps existing without them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_user(&self, id: UserId) -> Result<(), StoreError> {
        self.delete_senders_of(&[SenderOwner::User(id)]).await?;
        rows::delete::<User>(self, id).await
    }

    /// The hash of a user's password, when they have one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_password(&self, id: UserId) -> Result<Option<String>, StoreError> {
        let found: Option<Option<String>> = users::Entity::find()
            .select_only()
            .column(users::Column::Password)
            .filter(users::Column::Id.eq(id))
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(found.flatten())
    }

    /// Sets the hash of a user's password; `None` leaves them without one.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when there is no such user, or what the database says.
    pub async fn set_password(&self, id: UserId, hash: Option<&str>) -> Result<(), StoreError> {
        let row = users::ActiveModel {
            password: ActiveValue::Set(hash.map(ToOwned::to_owned)),
            ..Default::default()
        };
        let done = users::Entity::update_many()
            .set(row)
            .filter(users::Column::Id.eq(id))
            .exec(self.connection())
            .await?;
        if done.rows_affected == 0 {
            return Err(StoreError::Inconsistent {
                table: "users",
                column: "id",
                id: rows::number(id),
            });
        }
        Ok(())
    }

    /// Whether there is an active superuser who has a way in: a password, or an identity of a login
    /// backend.
    ///
    /// # Errors
    /// What the database says.
    pub async fn has_superuser_with_a_way_in(&self) -> Result<bool, StoreError> {
        let known = identity::Entity::find()
            .select_only()
            .column(identity::Column::User)
            .into_query();
        let way_in = Condition::any()
            .add(users::Column::Password.is_not_null())
            .add(users::Column::Id.in_subquery(known));
        let count = users::Entity::find()
            .filter(users::Column::Superuser.eq(true))
            .filter(users::Column::Active.eq(true))
            .filter(way_in)
            .count(self.connection())
            .await?;
        Ok(count > 0)
    }

    /// The active users with a password whose address this is, but for case; some of them, if there
    /// are more than `most`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_users_by_email(
        &self,
        email: &str,
        most: u64,
    ) -> Result<Vec<(User, String)>, StoreError> {
        // SQLite folds the case of ASCII letters alone: another one is found as it was typed.
        let lower = Expr::expr(Func::lower(Expr::col(users::Column::Email)));
        let same = Condition::any()
            .add(lower.eq(email.to_lowercase()))
            .add(users::Column::Email.eq(email));
        let rows = users::Entity::find()
            .filter(same)
            .filter(users::Column::Active.eq(true))
            .filter(users::Column::Password.is_not_null())
            .order_by_asc(users::Column::Id)
            .limit(most)
            .all(self.connection())
            .await?;
        let pair = |row: users::Model| {
            let hash = row.password.clone().unwrap_or_default();
            Ok((User::from_row(row)?, hash))
        };
        rows.into_iter().map(pair).collect()
    }

    /// Whether a user does not want to see the guide.
    ///
    /// # Errors
    /// What the database says.
    pub async fn is_guide_hidden(&self, id: UserId) -> Result<bool, StoreError> {
        let found: Option<Option<bool>> = users::Entity::find()
            .select_only()
            .column(users::Column::GuideHidden)
            .filter(users::Column::Id.eq(id))
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(found.flatten().unwrap_or_default())
    }

    /// Hides the guide from a user, or shows it again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn hide_guide(&self, id: UserId, hidden: bool) -> Result<(), StoreError> {
        let row = users::ActiveModel {
            guide_hidden: ActiveValue::Set(Some(hidden)),
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

/// Users whose user name, address, given or family name holds a text.
pub(super) fn holds(tx: &Tx, text: &str) -> Condition {
    [
        users::Column::Username,
        users::Column::Email,
        users::Column::FirstName,
        users::Column::LastName,
    ]
    .into_iter()
    .fold(Condition::any(), |any, column| {
        any.add(page::contains(tx, column, text))
    })
}
