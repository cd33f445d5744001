//! All roles that anybody has on anything, in a list.

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr as _, Order};

use super::entity::{member, role, user_group, users};
use super::{GrantKey, Listed, Slice, Sort, StoreError, Tx, Visible, page, sort};
use crate::model::{Grant, Role};

/// Which roles the list of all of them holds. What is not given does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GrantFilter<'a> {
    /// What the name of their user or group holds, or that of a member of their group.
    pub holder: Option<&'a str>,
    /// Kind of what they are on: `service` or `project`.
    pub kind: Option<&'a str>,
    /// The role.
    pub role: Option<Role>,
}

impl GrantFilter<'_> {
    fn condition(&self, tx: &Tx) -> Condition {
        Condition::all()
            .add_option(self.holder.map(|text| held_by(tx, text)))
            .add_option(self.kind.map(|kind| role::Column::ObjectType.eq(kind)))
            .add_option(self.role.map(|one| role::Column::Role.eq(one.as_str())))
    }
}

impl Tx {
    /// A slice of the roles on a part of the tree, by the name of the object, then of whose they are.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_grants_on(
        &self,
        objects: &Visible,
        slice: Slice,
    ) -> Result<Listed<Grant>, StoreError> {
        let order = vec![
            (sort::object_name(), Order::Asc),
            (sort::holder_name(), Order::Asc),
        ];
        page::page_by(self, objects.roles(), order, slice).await
    }

    /// A slice of all roles; what is equal comes by the name of the object, then of whose they are.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_grants(
        &self,
        filter: &GrantFilter<'_>,
        sort: Sort<GrantKey>,
        slice: Slice,
    ) -> Result<Listed<Grant>, StoreError> {
        let key = match sort.key {
            GrantKey::Object => sort::object_name(),
            GrantKey::Holder => sort::holder_name(),
            // The words happen to stand in the order of what they allow.
            GrantKey::Role => role::Column::Role.into_simple_expr(),
        };
        let order = vec![
            (key, sort.order()),
            (sort::object_name(), Order::Asc),
            (sort::holder_name(), Order::Asc),
        ];
        page::page_by(self, filter.condition(self), order, slice).await
    }
}

fn held_by(tx: &Tx, text: &str) -> Condition {
    let named = Query::select()
        .column(users::Column::Id)
        .from(users::Entity)
        .and_where(page::contains(tx, users::Column::Username, text))
        .to_owned();
    let theirs = Query::select()
        .column(member::Column::UserGroup)
        .from(member::Entity)
        .and_where(member::Column::User.in_subquery(named.clone()))
        .to_owned();
    let groups = Query::select()
        .column(user_group::Column::Id)
        .from(user_group::Entity)
        .and_where(page::contains(tx, user_group::Column::Name, text))
        .to_owned();
    Condition::any()
        .add(role::Column::User.in_subquery(named))
        .add(role::Column::UserGroup.in_subquery(theirs))
        .add(role::Column::UserGroup.in_subquery(groups))
}
