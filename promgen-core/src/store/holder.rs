//! Who holds roles on an object, who is in a group, and what a group has roles on: in pages.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder};

use super::entity::{member, role, user_group, users};
use super::role::{grant_of, grantee, object};
use super::{Listed, Slice, StoreError, Tx, page};
use crate::model::{
    Grant, Grantee, Group, GroupId, GroupRole, ProjectId, Role, RoleOn, ServiceId, User, UserId,
};

impl Tx {
    /// A slice of the users with a role of their own on an object, by user name; with a role, those
    /// who have that one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_users_on(
        &self,
        on: RoleOn,
        wanted: Option<Role>,
        slice: Slice,
    ) -> Result<Listed<(User, Role)>, StoreError> {
        let held = held(on, wanted);
        let holders = select(role::Column::User, held.clone());
        let condition = Condition::all().add(users::Column::Id.in_subquery(holders));
        let order = [(users::Column::Username, Order::Asc)];
        let listed: Listed<User> = page::page(self, condition, &order, slice).await?;
        let ids = listed.items.iter().map(|user| user.id);
        let roles = self.roles(held.add(role::Column::User.is_in(ids))).await?;
        Ok(with_roles(listed, &roles, |user| Grantee::User(user.id)))
    }

    /// A slice of the groups with a role on an object, by name; with a role, those who have that
    /// one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_groups_on(
        &self,
        on: RoleOn,
        wanted: Option<Role>,
        slice: Slice,
    ) -> Result<Listed<(Group, Role)>, StoreError> {
        let held = held(on, wanted);
        let holders = select(role::Column::UserGroup, held.clone());
        let condition = Condition::all().add(user_group::Column::Id.in_subquery(holders));
        let order = [(user_group::Column::Name, Order::Asc)];
        let listed: Listed<Group> = page::page(self, condition, &order, slice).await?;
        let ids = listed.items.iter().map(|group| group.id);
        let roles = self
            .roles(held.add(role::Column::UserGroup.is_in(ids)))
            .await?;
        Ok(with_roles(listed, &roles, |group| Grantee::Group(group.id)))
    }

    /// A slice of the members of a group, by user name; with a text, those whose user name holds it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_members(
        &self,
        group: GroupId,
        name: Option<&str>,
        slice: Slice,
    ) -> Result<Listed<(User, GroupRole)>, StoreError> {
        let members = Query::select()
            .column(member::Column::User)
            .from(member::Entity)
            .and_where(member::Column::UserGroup.eq(group))
            .to_owned();
        let condition = Condition::all()
            .add(users::Column::Id.in_subquery(members))
            .add_option(name.map(|name| page::contains(self, users::Column::Username, name)));
        let order = [(users::Column::Username, Order::Asc)];
        let listed: Listed<User> = page::page(self, condition, &order, slice).await?;
        let ids = listed.items.iter().map(|user| user.id);
        let theirs = Condition::all()
            .add(member::Column::UserGroup.eq(group))
            .add(member::Column::User.is_in(ids));
        let members = self.members(theirs).await?;
        let roles: BTreeMap<UserId, GroupRole> =
            members.iter().map(|one| (one.user, one.role)).collect();
        Ok(listed.map(|user| {
            let role = roles.get(&user.id).copied();
            (user, role.unwrap_or(GroupRole::Member))
        }))
    }

    /// A slice of the roles that a user or a group was given themselves, by kind and id of the
    /// object.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_grants_to(
        &self,
        to: Grantee,
        slice: Slice,
    ) -> Result<Listed<Grant>, StoreError> {
        let order = [
            (role::Column::ObjectType, Order::Desc),
            (role::Column::ObjectId, Order::Asc),
        ];
        page::page(self, grantee(to), &order, slice).await
    }

    /// The names of objects that roles are on.
    ///
    /// # Errors
    /// What the database says.
    pub async fn names_of(
        &self,
        objects: &[RoleOn],
    ) -> Result<BTreeMap<RoleOn, String>, StoreError> {
        let services: Vec<ServiceId> = objects.iter().filter_map(|on| on.service()).collect();
        let projects: Vec<ProjectId> = objects.iter().filter_map(|on| on.project()).collect();
        let services = self.list_services_by_id(&services).await?;
        let projects = self.list_projects_by_id(&projects).await?;
        let services = services
            .into_iter()
            .map(|one| (RoleOn::Service(one.id), one.name.to_string()));
        let projects = projects
            .into_iter()
            .map(|one| (RoleOn::Project(one.id), one.name.to_string()));
        Ok(services.chain(projects).collect())
    }

    async fn roles(&self, condition: Condition) -> Result<BTreeMap<Grantee, Role>, StoreError> {
        let rows = role::Entity::find()
            .filter(condition)
            .order_by_asc(role::Column::Id)
            .all(self.connection())
            .await?;
        let grants: Result<Vec<Grant>, StoreError> = rows.iter().map(grant_of).collect();
        Ok(grants?.iter().map(|grant| (grant.to, grant.role)).collect())
    }
}

fn held(on: RoleOn, wanted: Option<Role>) -> Condition {
    object(on).add_option(wanted.map(|role| role::Column::Role.eq(role.as_str())))
}

fn select(column: role::Column, condition: Condition) -> SelectStatement {
    Query::select()
        .column(column)
        .from(role::Entity)
        .cond_where(condition)
        .and_where(column.is_not_null())
        .to_owned()
}

fn with_roles<T>(
    listed: Listed<T>,
    roles: &BTreeMap<Grantee, Role>,
    grantee: impl Fn(&T) -> Grantee,
) -> Listed<(T, Role)> {
    listed.map(|holder| {
        let role = roles.get(&grantee(&holder)).copied();
        (holder, role.unwrap_or(Role::Viewer))
    })
}
