//! Access tokens: found by the hash of what the caller shows.

use std::collections::HashMap;

use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{token, users};
use super::rows;
use super::{StoreError, Tx};
use crate::model::{Scope, Timestamp, Token, TokenId, User, UserId};

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
            id: ActiveValue::NotSet,
            user: ActiveValue::Set(token.user),
            scopes: ActiveValue::Set(scopes_to_text(&token.scopes)),
            prefix: ActiveValue::Set(token.prefix.clone()),
            hash: ActiveValue::Set(hex::encode(hash)),
            created: ActiveValue::Set(token.created),
            expires: ActiveValue::Set(token.expires),
            last_used: ActiveValue::Set(token.last_used),
            revoked: ActiveValue::Set(token.revoked),
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
        let Some(token) = row.map(token_of).transpose()? else {
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
            let token = token_of(row)?;
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
        let rows = token::Entity::find()
            .filter(token::Column::User.eq(user))
            .order_by_asc(token::Column::Id)
            .all(self.connection())
            .await?;
        rows.into_iter().map(token_of).collect()
    }

    /// The token of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_token(&self, id: TokenId) -> Result<Option<Token>, StoreError> {
        let row = token::Entity::find_by_id(id).one(self.connection()).await?;
        row.map(token_of).transpose()
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

fn token_of(row: token::Model) -> Result<Token, StoreError> {
    let scopes: Result<Vec<Scope>, _> = row.scopes.split_whitespace().map(str::parse).collect();
    Ok(Token {
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
