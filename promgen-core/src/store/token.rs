//! Access tokens: found by the hash of what the caller shows.

use std::collections::HashMap;

use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::{token, users};
use super::rows::{self, Stored};
use super::{Listed, Slice, StoreError, Tx, page};
use crate::model::{Scope, Timestamp, Token, TokenId, User, UserId};

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

    /// Those of these tokens that are good for nothing any more: revoked, or of an inactive user.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lost_tokens(&self, ids: &[TokenId]) -> Result<Vec<TokenId>, StoreError> {
        let active = Query::select()
            .column(users::Column::Id)
            .from(users::Entity)
            .and_where(users::Column::Active.eq(true))
            .to_owned();
        let good: Vec<TokenId> = token::Entity::find()
            .select_only()
            .column(token::Column::Id)
            .filter(token::Column::Id.is_in(ids.iter().copied()))
            .filter(token::Column::Revoked.is_null())
            .filter(token::Column::User.in_subquery(active))
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(ids
            .iter()
            .filter(|id| !good.contains(id))
            .copied()
            .collect())
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

    /// A slice of the tokens that are not revoked, the one that was made last first; with a scope,
    /// those that have it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_tokens(
        &self,
        scope: Option<Scope>,
        slice: Slice,
    ) -> Result<Listed<Token>, StoreError> {
        let condition = Condition::all()
            .add(token::Column::Revoked.is_null())
            .add_option(
                scope.map(|scope| page::contains(self, token::Column::Scopes, scope.as_str())),
            );
        page::newest(self, condition, slice).await
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
