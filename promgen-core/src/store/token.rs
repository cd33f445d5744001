//! Access tokens: found by the hash of what the caller shows.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, IntoSimpleExpr as _, Order, QueryFilter,
    QueryOrder,
};

use super::entity::token;
use super::rows::{self, Stored};
use super::{Listed, Slice, Sort, StoreError, TokenKey, Tx, page, sort};
use crate::model::{Scope, Timestamp, Token, TokenId, User, UserId};

/// Which tokens a list holds, besides that they are not revoked. What is not given does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenFilter {
    /// Those that have this scope.
    pub scope: Option<Scope>,
    /// Those that have not ended before.
    pub ends_after: Option<Timestamp>,
}

impl Stored for Token {
    type Table = token::Entity;
    type Row = token::ActiveModel;
    type Id = TokenId;
    const TABLE: &'static str = "token";
    const ID: token::Column = token::Column::Id;

    fn id(&self) -> TokenId {
        self.id
    }

    /// All but the hash, which the token does not know.
    fn to_row(&self) -> token::ActiveModel {
        token::ActiveModel {
            id: ActiveValue::NotSet,
            user: ActiveValue::Set(self.user),
            scopes: ActiveValue::Set(scopes_to_text(&self.scopes)),
            prefix: ActiveValue::Set(self.prefix.clone()),
            hash: ActiveValue::NotSet,
            created: ActiveValue::Set(self.created),
            expires: ActiveValue::Set(self.expires),
            last_used: ActiveValue::Set(self.last_used),
            revoked: ActiveValue::Set(self.revoked),
        }
    }

    fn from_row(row: token::Model) -> Result<Self, StoreError> {
        let scopes: Result<Vec<Scope>, _> = row.scopes.split_whitespace().map(str::parse).collect();
        Ok(Self {
            id: row.id,
            user: row.user,
            scopes: scopes.map_err(|_| broken(row.id, "scopes"))?,
            prefix: row.prefix,
            created: row.created,
            expires: row.expires,
            last_used: row.last_used,
            revoked: row.revoked,
        })
    }
}

impl Tx {
    /// Inserts a token; the id that it bears is ignored. `hash` is all that is kept of its secret.
    ///
    /// # Errors
    /// [`StoreError::Unique`] for a hash that exists, [`StoreError::ForeignKey`] without its user,
    /// or what the database says.
    pub async fn insert_token(
        &self,
        token: &Token,
        hash: &[u8; 32],
    ) -> Result<TokenId, StoreError> {
        let row = token::ActiveModel {
            hash: ActiveValue::Set(hex::encode(hash)),
            ..token.to_row()
        };
        let inserted = token::Entity::insert(row).exec(self.connection()).await?;
        Ok(inserted.last_insert_id)
    }

    /// The token of that hash and its user. Whether it may still be used is for the caller to say.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_token(&self, hash: &[u8; 32]) -> Result<Option<(Token, User)>, StoreError> {
        let row = token::Entity::find()
            .filter(token::Column::Hash.eq(hex::encode(hash)))
            .one(self.connection())
            .await?;
        let Some(token) = row.map(Token::from_row).transpose()? else {
            return Ok(None);
        };
        let user = self.load_user(token.user).await?;
        user.map(|user| Some((token.clone(), user)))
            .ok_or_else(|| broken(token.id, "user"))
    }

    /// All tokens with their users, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_tokens(&self) -> Result<Vec<(Token, User)>, StoreError> {
        let rows = token::Entity::find()
            .order_by_asc(token::Column::Id)
            .all(self.connection())
            .await?;
        let users: HashMap<UserId, User> = self
            .list_users()
            .await?
            .into_iter()
            .map(|user| (user.id, user))
            .collect();
        let with_user = |row| {
            let token = Token::from_row(row)?;
            let user = users.get(&token.user).cloned();
            let user = user.ok_or_else(|| broken(token.id, "user"))?;
            Ok((token, user))
        };
        rows.into_iter().map(with_user).collect()
    }

    /// The tokens of a user, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_tokens_of(&self, user: UserId) -> Result<Vec<Token>, StoreError> {
        rows::list_where(self, Condition::all().add(token::Column::User.eq(user))).await
    }

    /// A slice of the tokens that are not revoked; of those that come out equal, the one that was made
    /// last first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_tokens(
        &self,
        filter: TokenFilter,
        sort: Sort<TokenKey>,
        slice: Slice,
    ) -> Result<Listed<Token>, StoreError> {
        let has = |scope: Scope| page::contains(self, token::Column::Scopes, scope.as_str());
        let ends_after = |at: Timestamp| {
            Condition::any()
                .add(token::Column::Expires.is_null())
                .add(token::Column::Expires.gt(at))
        };
        let condition = Condition::all()
            .add(token::Column::Revoked.is_null())
            .add_option(filter.scope.map(has))
            .add_option(filter.ends_after.map(ends_after));
        let or_first = |column: token::Column| sort::or_first(column.into_simple_expr(), 0_i64);
        let key = match sort.key {
            TokenKey::Created => token::Column::Id.into_simple_expr(),
            TokenKey::User => sort::username(token::Column::User),
            TokenKey::Used => or_first(token::Column::LastUsed),
            TokenKey::Expires => or_first(token::Column::Expires),
        };
        let order = vec![
            (key, sort.order()),
            (token::Column::Id.into_simple_expr(), Order::Desc),
        ];
        page::page_by(self, condition, order, slice).await
    }

    /// The token of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_token(&self, id: TokenId) -> Result<Option<Token>, StoreError> {
        rows::find_id(self, id).await
    }

    /// Records that a token was used.
    ///
    /// # Errors
    /// What the database says.
    pub async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
        let row = token::ActiveModel {
            last_used: ActiveValue::Set(Some(at)),
            ..Default::default()
        };
        token::Entity::update_many()
            .set(row)
            .filter(token::Column::Id.eq(id))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Records that a token was revoked. One that was revoked before keeps its time.
    ///
    /// # Errors
    /// What the database says.
    pub async fn revoke_token(&self, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
        let row = token::ActiveModel {
            revoked: ActiveValue::Set(Some(at)),
            ..Default::default()
        };
        token::Entity::update_many()
            .set(row)
            .filter(token::Column::Id.eq(id))
            .filter(token::Column::Revoked.is_null())
            .exec(self.connection())
            .await?;
        Ok(())
    }
}

fn scopes_to_text(scopes: &[Scope]) -> String {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    words.join(" ")
}

fn broken(id: TokenId, column: &'static str) -> StoreError {
    StoreError::Inconsistent {
        table: "token",
        column,
        id: rows::number(id),
    }
}
