//! Roles on services and projects.

use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{member, role};
use super::rows::{self, Stored};
use super::{StoreError, Tx};
use crate::model::{Grant, GrantId, Grantee, ProjectId, Role, RoleOn, ServiceId, UserId};

impl Stored for Grant {
    type Table = role::Entity;
    type Row = role::ActiveModel;
    type Id = GrantId;
    const TABLE: &'static str = "role";
    const ID: role::Column = role::Column::Id;

    fn id(&self) -> GrantId {
        self.id
    }

    fn to_row(&self) -> role::ActiveModel {
        let (user, group) = match self.to {
            Grantee::User(user) => (Some(user), None),
            Grantee::Group(group) => (None, Some(group)),
        };
        role::ActiveModel {
            id: ActiveValue::NotSet,
            object_type: ActiveValue::Set(self.on.kind().to_owned()),
            object_id: ActiveValue::Set(self.on.id()),
            user: ActiveValue::Set(user),
            user_group: ActiveValue::Set(group),
            role: ActiveValue::Set(self.role.as_str().to_owned()),
        }
    }

    fn from_row(row: role::Model) -> Result<Self, StoreError> {
        grant_of(&row)
    }
}

impl Tx {
    /// The roles on an object, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_grants_on(&self, on: RoleOn) -> Result<Vec<Grant>, StoreError> {
        self.grants(object(on)).await
    }

    /// The roles that a user or a group was given themselves, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_grants_to(&self, to: Grantee) -> Result<Vec<Grant>, StoreError> {
        self.grants(grantee(to)).await
    }

    /// The roles that a user has, their own and those of their groups, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_grants_of(&self, user: UserId) -> Result<Vec<Grant>, StoreError> {
        let groups = Query::select()
            .column(member::Column::UserGroup)
            .from(member::Entity)
            .and_where(member::Column::User.eq(user))
            .to_owned();
        let theirs = Condition::any()
            .add(role::Column::User.eq(user))
            .add(role::Column::UserGroup.in_subquery(groups));
        self.grants(theirs).await
    }

    /// The role on an object that a user or a group was given themselves.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_grant(&self, on: RoleOn, to: Grantee) -> Result<Option<Grant>, StoreError> {
        let found = self.grants(object(on).add(grantee(to))).await?;
        Ok(found.into_iter().next())
    }

    /// Inserts a role; the id that it bears is ignored.
    ///
    /// # Errors
    /// [`StoreError::Unique`] when the grantee has a role on the object already,
    /// [`StoreError::ForeignKey`] without the grantee, or what the database says.
    pub async fn insert_grant(&self, grant: &Grant) -> Result<GrantId, StoreError> {
        rows::insert(self, grant).await
    }

    /// Makes a role another one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn update_grant(&self, id: GrantId, role: Role) -> Result<(), StoreError> {
        role::Entity::update_many()
            .col_expr(role::Column::Role, role.as_str().into())
            .filter(role::Column::Id.eq(id))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Takes a role away. One that does not exist is gone already.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_grant(&self, id: GrantId) -> Result<(), StoreError> {
        role::Entity::delete_many()
            .filter(role::Column::Id.eq(id))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Takes away all roles on objects, which are about to be deleted: no reference of the database
    /// knows them.
    pub(super) async fn delete_grants_on(&self, objects: &[RoleOn]) -> Result<(), StoreError> {
        let objects = objects.iter().map(|on| (on.kind(), on.id()));
        for (kind, ids) in rows::by_kind(objects) {
            for chunk in ids.chunks(rows::CHUNK_ROWS) {
                role::Entity::delete_many()
                    .filter(role::Column::ObjectType.eq(kind))
                    .filter(role::Column::ObjectId.is_in(chunk.iter().copied()))
                    .exec(self.connection())
                    .await?;
            }
        }
        Ok(())
    }

    async fn grants(&self, condition: Condition) -> Result<Vec<Grant>, StoreError> {
        let rows = role::Entity::find()
            .filter(condition)
            .order_by_asc(role::Column::Id)
            .all(self.connection())
            .await?;
        rows.iter().map(grant_of).collect()
    }
}

pub(super) fn object(on: RoleOn) -> Condition {
    Condition::all()
        .add(role::Column::ObjectType.eq(on.kind()))
        .add(role::Column::ObjectId.eq(on.id()))
}

pub(super) fn grantee(to: Grantee) -> Condition {
    Condition::all().add(match to {
        Grantee::User(user) => role::Column::User.eq(user),
        Grantee::Group(group) => role::Column::UserGroup.eq(group),
    })
}

pub(super) fn grant_of(row: &role::Model) -> Result<Grant, StoreError> {
    let broken = |column| StoreError::Inconsistent {
        table: "role",
        column,
        id: rows::number(row.id),
    };
    let on = match row.object_type.as_str() {
        "service" => RoleOn::Service(ServiceId(row.object_id)),
        "project" => RoleOn::Project(ProjectId(row.object_id)),
        _ => return Err(broken("object_type")),
    };
    let to = match (row.user, row.user_group) {
        (Some(user), None) => Grantee::User(user),
        (None, Some(group)) => Grantee::Group(group),
        _ => return Err(broken("user")),
    };
    let role: Result<Role, _> = row.role.parse();
    Ok(Grant {
        id: row.id,
        on,
        to,
        role: role.map_err(|_| broken("role"))?,
    })
}
