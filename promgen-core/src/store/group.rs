//! Groups and their members.

use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, IntoSimpleExpr as _, Order, QueryFilter,
    QueryOrder,
};

use super::entity::{member, user_group};
use super::rows::{self, Stored};
use super::{GroupKey, Listed, Slice, Sort, StoreError, Tx, page, sort};
use crate::model::{Group, GroupId, GroupRole, Member, UserId};

impl Stored for Group {
    type Table = user_group::Entity;
    type Row = user_group::ActiveModel;
    type Id = GroupId;
    const TABLE: &'static str = "user_group";
    const ID: user_group::Column = user_group::Column::Id;

    fn id(&self) -> GroupId {
        self.id
    }

    fn to_row(&self) -> user_group::ActiveModel {
        user_group::ActiveModel {
            id: ActiveValue::NotSet,
            name: ActiveValue::Set(self.name.clone()),
        }
    }

    fn from_row(row: user_group::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            name: row.name,
        })
    }
}

impl Tx {
    /// All groups, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_groups(&self) -> Result<Vec<Group>, StoreError> {
        rows::list(self).await
    }

    /// A slice of the groups: of these, or of all; with a text, those whose name holds it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_groups(
        &self,
        only: Option<&[GroupId]>,
        name: Option<&str>,
        sort: Sort<GroupKey>,
        slice: Slice,
    ) -> Result<Listed<Group>, StoreError> {
        let condition = Condition::all()
            .add_option(only.map(|ids| user_group::Column::Id.is_in(ids.iter().copied())))
            .add_option(name.map(|name| page::contains(self, user_group::Column::Name, name)));
        let key = match sort.key {
            GroupKey::Name => user_group::Column::Name.into_simple_expr(),
            GroupKey::Members => sort::members_of(user_group::Column::Id),
        };
        let order = vec![
            (key, sort.order()),
            (user_group::Column::Name.into_simple_expr(), Order::Asc),
        ];
        page::page_by(self, condition, order, slice).await
    }

    /// The group of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_group(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        rows::find_id(self, id).await
    }

    /// The group of that name, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_group(&self, name: &str) -> Result<Option<Group>, StoreError> {
        rows::find(
            self,
            Condition::all().add(user_group::Column::Name.eq(name)),
        )
        .await
    }

    /// The members of a group, sorted by user.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_members(&self, group: GroupId) -> Result<Vec<Member>, StoreError> {
        self.members(member::Column::UserGroup.eq(group)).await
    }

    /// The groups that a user is in, sorted by group.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_memberships(&self, user: UserId) -> Result<Vec<Member>, StoreError> {
        self.members(member::Column::User.eq(user)).await
    }

    /// Puts a user into a group, or gives them another role there.
    ///
    /// # Errors
    /// [`StoreError::ForeignKey`] without the group or the user, or what the database says.
    pub async fn put_member(&self, new: Member) -> Result<(), StoreError> {
        let done = member::Entity::update_many()
            .col_expr(member::Column::Role, new.role.as_str().into())
            .filter(of(new.group, new.user))
            .exec(self.connection())
            .await?;
        // MySQL does not count rows that stay as they are, so nought may mean either.
        if done.rows_affected == 0 && self.members(of(new.group, new.user)).await?.is_empty() {
            let row = member::ActiveModel {
                id: ActiveValue::NotSet,
                user_group: ActiveValue::Set(new.group),
                user: ActiveValue::Set(new.user),
                role: ActiveValue::Set(new.role.as_str().to_owned()),
            };
            member::Entity::insert(row)
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Takes a user out of a group.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_member(&self, group: GroupId, user: UserId) -> Result<(), StoreError> {
        member::Entity::delete_many()
            .filter(of(group, user))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    pub(super) async fn members(
        &self,
        condition: impl sea_orm::sea_query::IntoCondition,
    ) -> Result<Vec<Member>, StoreError> {
        let rows = member::Entity::find()
            .filter(condition)
            .order_by_asc(member::Column::UserGroup)
            .order_by_asc(member::Column::User)
            .all(self.connection())
            .await?;
        rows.iter().map(member_of).collect()
    }
}

fn of(group: GroupId, user: UserId) -> Condition {
    Condition::all()
        .add(member::Column::UserGroup.eq(group))
        .add(member::Column::User.eq(user))
}

fn member_of(row: &member::Model) -> Result<Member, StoreError> {
    let role: Result<GroupRole, _> = row.role.parse();
    Ok(Member {
        group: row.user_group,
        user: row.user,
        role: role.map_err(|_| StoreError::Inconsistent {
            table: "member",
            column: "role",
            id: row.id.into(),
        })?,
    })
}
