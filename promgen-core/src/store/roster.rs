//! How many members groups have, and the first of them.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query, SelectStatement, WindowStatement};
use sea_orm::{ColumnTrait, ConnectionTrait as _, EntityTrait, Order, QueryFilter, QuerySelect};

use super::entity::{member, users};
use super::{StoreError, Tx};
use crate::model::GroupId;

/// Members of a group, as far as a list of groups shows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    /// How many there are.
    pub count: u64,
    /// User names of the first ones.
    pub first: Vec<String>,
}

impl Tx {
    /// The rosters of groups, each with the first so many members by user name. A group without
    /// members has none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rosters(
        &self,
        groups: &[GroupId],
        most: i64,
    ) -> Result<BTreeMap<GroupId, Roster>, StoreError> {
        let mut rosters: BTreeMap<GroupId, Roster> = BTreeMap::new();
        let counts: Vec<(GroupId, i64)> = member::Entity::find()
            .select_only()
            .column(member::Column::UserGroup)
            .column_as(member::Column::Id.count(), "members")
            .filter(member::Column::UserGroup.is_in(groups.iter().copied()))
            .group_by(member::Column::UserGroup)
            .into_tuple()
            .all(self.connection())
            .await?;
        for (group, count) in counts {
            rosters.entry(group).or_default().count = u64::try_from(count).unwrap_or_default();
        }
        for row in self.connection().query_all(&first(groups, most)).await? {
            let roster = rosters.entry(row.try_get_by_index(0)?).or_default();
            roster.first.push(row.try_get_by_index(1)?);
        }
        Ok(rosters)
    }
}

/// Groups and user names, of the first members of each group.
fn first(groups: &[GroupId], most: i64) -> SelectStatement {
    let mut by_name = WindowStatement::partition_by((member::Entity, member::Column::UserGroup));
    by_name.order_by((users::Entity, users::Column::Username), Order::Asc);
    let numbered = Query::select()
        .column((member::Entity, member::Column::UserGroup))
        .column((users::Entity, users::Column::Username))
        .expr_window_as(Func::cust("ROW_NUMBER"), by_name, "place")
        .from(member::Entity)
        .inner_join(
            users::Entity,
            Expr::col((users::Entity, users::Column::Id))
                .equals((member::Entity, member::Column::User)),
        )
        .and_where(
            Expr::col((member::Entity, member::Column::UserGroup)).is_in(groups.iter().copied()),
        )
        .to_owned();
    Query::select()
        .column("user_group")
        .column("username")
        .from_subquery(numbered, "numbered")
        .and_where(Expr::col("place").lte(most))
        .order_by("user_group", Order::Asc)
        .order_by("username", Order::Asc)
        .to_owned()
}
