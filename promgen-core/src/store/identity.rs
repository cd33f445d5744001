//! Identities of login backends, and the memberships that they brought along.

use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::{claimed_member, identity};
use super::rows::{self, Stored};
use super::{StoreError, Tx};
use crate::model::{GroupId, IdentityId, LinkedIdentity, Timestamp, UserId};

impl Stored for LinkedIdentity {
    type Table = identity::Entity;
    type Row = identity::ActiveModel;
    type Id = IdentityId;
    const TABLE: &'static str = "identity";
    const ID: identity::Column = identity::Column::Id;

    fn id(&self) -> IdentityId {
        self.id
    }

    fn to_row(&self) -> identity::ActiveModel {
        identity::ActiveModel {
            id: ActiveValue::NotSet,
            user: ActiveValue::Set(self.user),
            backend: ActiveValue::Set(self.backend.clone()),
            issuer: ActiveValue::Set(self.issuer.clone()),
            subject: ActiveValue::Set(self.subject.clone()),
            created: ActiveValue::Set(self.created),
            last_login: ActiveValue::Set(self.last_login),
        }
    }

    fn from_row(row: identity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            user: row.user,
            backend: row.backend,
            issuer: row.issuer,
            subject: row.subject,
            created: row.created,
            last_login: row.last_login,
        })
    }
}

impl Tx {
    /// Links an identity to its user; the id that it bears is ignored.
    ///
    /// # Errors
    /// [`StoreError::Unique`] when issuer and subject are linked already,
    /// [`StoreError::ForeignKey`] without the user, or what the database says.
    pub async fn insert_identity(
        &self,
        identity: &LinkedIdentity,
    ) -> Result<IdentityId, StoreError> {
        rows::insert(self, identity).await
    }

    /// The identity of that issuer and subject, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<LinkedIdentity>, StoreError> {
        let both = Condition::all()
            .add(identity::Column::Issuer.eq(issuer))
            .add(identity::Column::Subject.eq(subject));
        rows::find(self, both).await
    }

    /// The identities of a user, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_identities(&self, user: UserId) -> Result<Vec<LinkedIdentity>, StoreError> {
        let rows = identity::Entity::find()
            .filter(identity::Column::User.eq(user))
            .order_by_asc(identity::Column::Id)
            .all(self.connection())
            .await?;
        rows.into_iter().map(LinkedIdentity::from_row).collect()
    }

    /// Records that somebody logged in by an identity.
    ///
    /// # Errors
    /// What the database says.
    pub async fn touch_identity(&self, id: IdentityId, at: Timestamp) -> Result<(), StoreError> {
        let row = identity::ActiveModel {
            last_login: ActiveValue::Set(at),
            ..Default::default()
        };
        identity::Entity::update_many()
            .set(row)
            .filter(identity::Column::Id.eq(id))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Links an identity to another user. The memberships that it brought are still its own.
    ///
    /// # Errors
    /// [`StoreError::ForeignKey`] without that user, or what the database says.
    pub async fn move_identity(&self, id: IdentityId, user: UserId) -> Result<(), StoreError> {
        let row = identity::ActiveModel {
            user: ActiveValue::Set(user),
            ..Default::default()
        };
        identity::Entity::update_many()
            .set(row)
            .filter(identity::Column::Id.eq(id))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Unlinks an identity, and forgets which memberships it brought; these stay.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_identity(&self, id: IdentityId) -> Result<(), StoreError> {
        rows::delete::<LinkedIdentity>(self, id).await
    }

    /// The groups that an identity brought its user into, sorted.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_claimed(&self, identity: IdentityId) -> Result<Vec<GroupId>, StoreError> {
        let claimed = claimed_member::Entity::find()
            .select_only()
            .column(claimed_member::Column::UserGroup)
            .filter(claimed_member::Column::Identity.eq(identity))
            .order_by_asc(claimed_member::Column::UserGroup)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(claimed)
    }

    /// Records that an identity brought its user into a group.
    ///
    /// # Errors
    /// [`StoreError::Unique`] when that is recorded already, or what the database says.
    pub async fn insert_claimed(
        &self,
        identity: IdentityId,
        group: GroupId,
    ) -> Result<(), StoreError> {
        let row = claimed_member::ActiveModel {
            id: ActiveValue::NotSet,
            identity: ActiveValue::Set(identity),
            user_group: ActiveValue::Set(group),
        };
        claimed_member::Entity::insert(row)
            .exec_without_returning(self.connection())
            .await?;
        Ok(())
    }

    /// Forgets that an identity brought its user into a group.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_claimed(
        &self,
        identity: IdentityId,
        group: GroupId,
    ) -> Result<(), StoreError> {
        claimed_member::Entity::delete_many()
            .filter(claimed_member::Column::Identity.eq(identity))
            .filter(claimed_member::Column::UserGroup.eq(group))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Whether any identity of a user brought them into a group.
    ///
    /// # Errors
    /// What the database says.
    pub async fn is_claimed(&self, user: UserId, group: GroupId) -> Result<bool, StoreError> {
        let own = Query::select()
            .column(identity::Column::Id)
            .from(identity::Entity)
            .and_where(identity::Column::User.eq(user))
            .to_owned();
        let claimed = claimed_member::Entity::find()
            .filter(claimed_member::Column::UserGroup.eq(group))
            .filter(claimed_member::Column::Identity.in_subquery(own))
            .one(self.connection())
            .await?;
        Ok(claimed.is_some())
    }
}
