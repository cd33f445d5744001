//! Lists of senders, which must not tell what is hidden of them.

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, Func, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr as _, Order};

use super::entity::{delivery_hour, sender, users};
use super::{Listed, SenderKey, Slice, Sort, StoreError, Tx, Visible, page, sort};
use crate::model::{Sender, Timestamp, UserId};

/// Which senders a list holds. What is not given does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SenderFilter<'a> {
    /// Key of the driver.
    pub driver: Option<&'a str>,
    /// A part of what is shown of the value.
    pub shown: Option<&'a str>,
    /// Kind of what they belong to: `service`, `project` or `user`.
    pub owner_kind: Option<&'a str>,
    /// Id of what they belong to.
    pub owner_id: Option<i32>,
    /// Login name of who added them.
    pub added_by: Option<&'a str>,
    /// Whether they are used.
    pub enabled: Option<bool>,
    /// Whether any delivery failed for good.
    pub failing: bool,
    /// From when on failures count.
    pub since: Timestamp,
}

impl SenderFilter<'_> {
    fn condition(&self, tx: &Tx, shown: &Shown<'_>) -> Condition {
        let added_by = self.added_by.map(|username| {
            let users = Query::select()
                .column(users::Column::Id)
                .from(users::Entity)
                .and_where(users::Column::Username.eq(username))
                .to_owned();
            sender::Column::AddedBy.in_subquery(users)
        });
        Condition::all()
            .add_option(self.driver.map(|key| sender::Column::Driver.eq(key)))
            .add_option(
                self.owner_kind
                    .map(|kind| sender::Column::OwnerType.eq(kind)),
            )
            .add_option(self.owner_id.map(|id| sender::Column::OwnerId.eq(id)))
            .add_option(added_by)
            .add_option(self.enabled.map(|yes| sender::Column::Enabled.eq(yes)))
            .add_option(self.failing.then(|| failures(self.since).gt(0)))
            .add_option(self.shown.map(|text| shown.contains(tx, text)))
    }
}

/// What is shown of a sender's value: the alias where there is one, and nothing where the driver
/// calls it a secret. A hidden value must neither be found by its parts nor decide an order, for
/// that would tell it bit by bit.
struct Shown<'a> {
    /// Keys of drivers whose values are secrets.
    secret: &'a [&'a str],
}

impl Shown<'_> {
    fn has_alias() -> SimpleExpr {
        sender::Column::Alias.ne("")
    }

    fn is_secret(&self) -> SimpleExpr {
        sender::Column::Driver.is_in(self.secret.iter().copied())
    }

    fn contains(&self, tx: &Tx, text: &str) -> Condition {
        let by_alias = page::contains(tx, sender::Column::Alias, text);
        let by_value = Condition::all()
            .add(sender::Column::Alias.eq(""))
            .add(self.is_secret().not())
            .add(page::contains(tx, sender::Column::Value, text));
        Condition::any()
            .add(Self::has_alias().and(by_alias))
            .add(by_value)
    }

    fn expression(&self) -> SimpleExpr {
        CaseStatement::new()
            .case(Self::has_alias(), Expr::col(sender::Column::Alias))
            .case(self.is_secret(), Expr::val(""))
            .finally(Expr::col(sender::Column::Value))
            .into()
    }
}

impl Tx {
    /// A slice of the visible senders; those that come out equal by what is shown of their values; of people only those of
    /// `own`, or all with everything visible and no `own`. `secret` holds the keys of drivers whose
    /// values are not shown.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_senders(
        &self,
        visible: &Visible,
        own: Option<UserId>,
        secret: &[&str],
        filter: &SenderFilter<'_>,
        sort: Sort<SenderKey>,
        slice: Slice,
    ) -> Result<Listed<Sender>, StoreError> {
        let shown = Shown { secret };
        let condition = filter.condition(self, &shown).add(visible.senders(own));
        let way = sort.order();
        let mut order = match sort.key {
            SenderKey::Shown => vec![(shown.expression(), way)],
            SenderKey::Driver => vec![(sender::Column::Driver.into_simple_expr(), way)],
            SenderKey::Owner => vec![
                (sender::Column::OwnerType.into_simple_expr(), way.clone()),
                (sender::Column::OwnerId.into_simple_expr(), way),
            ],
            SenderKey::Enabled => vec![(sender::Column::Enabled.into_simple_expr(), way)],
            SenderKey::Failures => vec![(failures(filter.since), way)],
        };
        order.push((shown.expression(), Order::Asc));
        let mut listed = page::page_by(self, condition, order, slice).await?;
        self.fill_filters(&mut listed.items).await?;
        Ok(listed)
    }
}

/// How many deliveries of a sender failed for good from an hour on.
fn failures(since: Timestamp) -> SimpleExpr {
    let of = delivery_hour::Column::Sender
        .into_simple_expr()
        .equals((sender::Entity, sender::Column::Id));
    let dead = Query::select()
        .expr(Func::sum(delivery_hour::Column::Dead.into_simple_expr()))
        .from(delivery_hour::Entity)
        .and_where(of)
        .and_where(delivery_hour::Column::Hour.gte(since))
        .to_owned();
    sort::or_first(sort::alone(dead), 0_i64)
}
