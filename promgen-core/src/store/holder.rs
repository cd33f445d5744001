//! Who holds roles on an object, who is in a group, and what a group has roles on: in pages.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoSimpleExpr as _, Order, QueryFilter, QueryOrder,
};

use super::entity::{member, role, user_group, users};
use super::role::{grant_of, grantee, object};
use super::{HolderKey, Listed, MemberKey, Part, ResourceKey, Sort, StoreError, Tx, page, sort};
use crate::model::{
    Grant, Grantee, Group, GroupId, GroupRole, ProjectId, Role, RoleOn, ServiceId, User, UserId,
};

impl Tx {
    /// A slice of the users with a role of their own on an object; with a role, those who have that
    /// one. Those who come out equal stand by user name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_users_on(
        &self,
        on: RoleOn,
        wanted: Option<Role>,
        part: impl Into<Part<MemberKey>>,
    ) -> Result<Listed<(User, Role)>, StoreError> {
        let Part { sort, slice } = part.into();
        let held = held(on, wanted);
        let holders = select(role::Column::User, held.clone());
        let condition = Condition::all().add(users::Column::Id.in_subquery(holders));
        let theirs = sort::same(role::Column::User, users::Column::Id);
        let order = members_by(sort, || the_role(held.clone().add(theirs)));
        let listed: Listed<User> = page::page_by(self, condition, order, slice).await?;
        let ids = listed.items.iter().map(|user| user.id);
        let roles = self.roles(held.add(role::Column::User.is_in(ids))).await?;
        Ok(with_roles(listed, &roles, |user| Grantee::User(user.id)))
    }

    /// A slice of the groups with a role on an object; with a role, those who have that one. Those
    /// that come out equal stand by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_groups_on(
        &self,
        on: RoleOn,
        wanted: Option<Role>,
        part: impl Into<Part<HolderKey>>,
    ) -> Result<Listed<(Group, Role)>, StoreError> {
        let Part { sort, slice } = part.into();
        let held = held(on, wanted);
        let holders = select(role::Column::UserGroup, held.clone());
        let condition = Condition::all().add(user_group::Column::Id.in_subquery(holders));
        let by_name = user_group::Column::Name.into_simple_expr();
        let order = match sort.key {
            HolderKey::Name => vec![(by_name, sort.order())],
            HolderKey::Role => {
                let theirs = sort::same(role::Column::UserGroup, user_group::Column::Id);
                let role = the_role(held.clone().add(theirs));
                vec![(role, sort.order()), (by_name, Order::Asc)]
            }
        };
        let listed: Listed<Group> = page::page_by(self, condition, order, slice).await?;
        let ids = listed.items.iter().map(|group| group.id);
        let roles = self
            .roles(held.add(role::Column::UserGroup.is_in(ids)))
            .await?;
        Ok(with_roles(listed, &roles, |group| Grantee::Group(group.id)))
    }

    /// A slice of the members of a group; with a text, those whose user name holds it. Those who come
    /// out equal stand by user name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_members(
        &self,
        group: GroupId,
        name: Option<&str>,
        part: impl Into<Part<MemberKey>>,
    ) -> Result<Listed<(User, GroupRole)>, StoreError> {
        let Part { sort, slice } = part.into();
        let members = Query::select()
            .column(member::Column::User)
            .from(member::Entity)
            .and_where(member::Column::UserGroup.eq(group))
            .to_owned();
        let condition = Condition::all()
            .add(users::Column::Id.in_subquery(members))
            .add_option(name.map(|name| page::contains(self, users::Column::Username, name)));
        let order = members_by(sort, || {
            let role = Query::select()
                .expr(member::Column::Role.into_simple_expr())
                .from(member::Entity)
                .and_where(member::Column::UserGroup.eq(group))
                .and_where(sort::same(member::Column::User, users::Column::Id))
                .to_owned();
            sort::alone(role)
        });
        let listed: Listed<User> = page::page_by(self, condition, order, slice).await?;
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

    /// A slice of the roles that a user or a group was given themselves; those that come out equal
    /// stand by kind and id of the object.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_grants_to(
        &self,
        to: Grantee,
        part: impl Into<Part<ResourceKey>>,
    ) -> Result<Listed<Grant>, StoreError> {
        let Part { sort, slice } = part.into();
        let backwards = sort.key == ResourceKey::Kind && sort.descending;
        // The kinds happen to sort backwards.
        let kind = if backwards { Order::Asc } else { Order::Desc };
        let mut order = match sort.key {
            ResourceKey::Kind => Vec::new(),
            ResourceKey::Name => vec![(sort::object_name(), sort.order())],
            ResourceKey::Role => vec![(role::Column::Role.into_simple_expr(), sort.order())],
        };
        order.extend([
            (role::Column::ObjectType.into_simple_expr(), kind),
            (role::Column::ObjectId.into_simple_expr(), Order::Asc),
        ]);
        page::page_by(self, grantee(to), order, slice).await
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

/// The order of users with a role. The words of roles happen to sort the greatest first.
fn members_by(
    sort: Sort<MemberKey>,
    role: impl FnOnce() -> SimpleExpr,
) -> Vec<(SimpleExpr, Order)> {
    let key = match sort.key {
        MemberKey::Username => users::Column::Username.into_simple_expr(),
        MemberKey::Email => users::Column::Email.into_simple_expr(),
        MemberKey::Role => role(),
    };
    let by_name = users::Column::Username.into_simple_expr();
    vec![(key, sort.order()), (by_name, Order::Asc)]
}

/// The one role that a condition leaves.
fn the_role(condition: Condition) -> SimpleExpr {
    let role = Query::select()
        .expr(role::Column::Role.into_simple_expr())
        .from(role::Entity)
        .cond_where(condition)
        .to_owned();
    sort::alone(role)
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
