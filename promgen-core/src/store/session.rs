//! Logins: found by the hash of what the browser shows.

use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::session;
use super::rows;
use super::{StoreError, Tx};
use crate::model::{Session, SessionId, Timestamp, User, UserId};

impl Tx {
    /// Inserts a login; the id that it bears is ignored. `hash` is all that is kept of its secret.
    ///
    /// # Errors
    /// [`StoreError::Unique`] for a hash that exists, [`StoreError::ForeignKey`] without its user,
    /// or what the database says.
    pub async fn insert_session(
        &self,
        session: &Session,
        hash: &[u8; 32],
    ) -> Result<SessionId, StoreError> {
        let row = session::ActiveModel {
            id: ActiveValue::NotSet,
            user: ActiveValue::Set(session.user),
            hash: ActiveValue::Set(hex::encode(hash)),
            backend: ActiveValue::Set(session.backend.clone()),
            created: ActiveValue::Set(session.created),
            last_seen: ActiveValue::Set(session.last_seen),
            expires: ActiveValue::Set(session.expires),
            address: ActiveValue::Set(session.address.clone()),
            agent: ActiveValue::Set(rows::storable(&session.agent)),
        };
        let inserted = session::Entity::insert(row).exec(self.connection()).await?;
        Ok(inserted.last_insert_id)
    }

    /// The login of that hash and its user. Whether it may still be used is for the caller to say.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_session(
        &self,
        hash: &[u8; 32],
    ) -> Result<Option<(Session, User)>, StoreError> {
        let row = session::Entity::find()
            .filter(session::Column::Hash.eq(hex::encode(hash)))
            .one(self.connection())
            .await?;
        let Some(session) = row.map(session_of) else {
            return Ok(None);
        };
        let user = self.load_user(session.user).await?;
        let user = user.ok_or_else(|| StoreError::Inconsistent {
            table: "session",
            column: "user",
            id: rows::number(session.id),
        })?;
        Ok(Some((session, user)))
    }

    /// The logins of a user, the latest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_sessions(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        let rows = session::Entity::find()
            .filter(session::Column::User.eq(user))
            .order_by_desc(session::Column::Id)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(session_of).collect())
    }

    /// Records that a login was used.
    ///
    /// # Errors
    /// What the database says.
    pub async fn touch_session(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        let row = session::ActiveModel {
            last_seen: ActiveValue::Set(at),
            ..Default::default()
        };
        session::Entity::update_many()
            .set(row)
            .filter(session::Column::Id.eq(id))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Ends the login of that hash. One that does not exist has ended already.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_session(&self, hash: &[u8; 32]) -> Result<(), StoreError> {
        self.delete_sessions(Condition::all().add(session::Column::Hash.eq(hex::encode(hash))))
            .await?;
        Ok(())
    }

    /// Ends one login of a user; answers whether there was one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_session_of(&self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        let one = Condition::all()
            .add(session::Column::User.eq(user))
            .add(session::Column::Id.eq(id));
        Ok(self.delete_sessions(one).await? > 0)
    }

    /// Ends all logins of a user.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_sessions_of(&self, user: UserId) -> Result<(), StoreError> {
        self.delete_sessions(Condition::all().add(session::Column::User.eq(user)))
            .await?;
        Ok(())
    }

    /// Ends all logins of a user but for that of a hash; answers how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_other_sessions(
        &self,
        user: UserId,
        hash: &[u8; 32],
    ) -> Result<u64, StoreError> {
        let others = Condition::all()
            .add(session::Column::User.eq(user))
            .add(session::Column::Hash.ne(hex::encode(hash)));
        self.delete_sessions(others).await
    }

    /// Ends all logins of a user by one backend.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_sessions_by(&self, user: UserId, backend: &str) -> Result<(), StoreError> {
        let all = Condition::all()
            .add(session::Column::User.eq(user))
            .add(session::Column::Backend.eq(backend));
        self.delete_sessions(all).await?;
        Ok(())
    }

    /// Deletes at most so many logins that ended before `now`, or were last used before `unused`;
    /// answers how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_ended_sessions(
        &self,
        now: Timestamp,
        unused: Timestamp,
        most: u64,
    ) -> Result<u64, StoreError> {
        let ended = Condition::any()
            .add(session::Column::Expires.lte(now))
            .add(session::Column::LastSeen.lt(unused));
        let ids: Vec<SessionId> = session::Entity::find()
            .select_only()
            .column(session::Column::Id)
            .filter(ended)
            .order_by_asc(session::Column::Id)
            .limit(most)
            .into_tuple()
            .all(self.connection())
            .await?;
        if ids.is_empty() {
            return Ok(0);
        }
        self.delete_sessions(Condition::all().add(session::Column::Id.is_in(ids)))
            .await
    }

    async fn delete_sessions(&self, which: Condition) -> Result<u64, StoreError> {
        let done = session::Entity::delete_many()
            .filter(which)
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected)
    }
}

fn session_of(row: session::Model) -> Session {
    Session {
        id: row.id,
        user: row.user,
        backend: row.backend,
        created: row.created,
        last_seen: row.last_seen,
        expires: row.expires,
        address: row.address,
        agent: row.agent,
    }
}
