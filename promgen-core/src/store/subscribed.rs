//! The services that somebody hears of, for their home page.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QuerySelect};

use super::entity::{project, sender, service};
use super::{Listed, Slice, StoreError, Tx, Visible, page};
use crate::model::{Service, ServiceId, UserId};

impl Tx {
    /// A slice of the visible services, by name, to which a user is subscribed by a driver, or to a
    /// project of which.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_subscribed_services(
        &self,
        visible: &Visible,
        driver: &str,
        user: UserId,
        slice: Slice,
    ) -> Result<Listed<Service>, StoreError> {
        let of = |kind| subscribed(driver, user, kind);
        let above = Query::select()
            .column(project::Column::Service)
            .from(project::Entity)
            .and_where(project::Column::Id.in_subquery(of("project")))
            .to_owned();
        let theirs = Condition::any()
            .add(service::Column::Id.in_subquery(of("service")))
            .add(service::Column::Id.in_subquery(above));
        let condition = visible.services().add(theirs);
        let order = [(service::Column::Name, Order::Asc)];
        page::page(self, condition, &order, slice).await
    }

    /// How many projects each of some services has; one without any is left out.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_projects(
        &self,
        services: &[ServiceId],
    ) -> Result<BTreeMap<ServiceId, u64>, StoreError> {
        let counted: Vec<(ServiceId, i64)> = project::Entity::find()
            .select_only()
            .column(project::Column::Service)
            .expr(Expr::cust("COUNT(*)"))
            .filter(project::Column::Service.is_in(services.iter().copied()))
            .group_by(project::Column::Service)
            .into_tuple()
            .all(self.connection())
            .await?;
        let counted = counted.into_iter();
        Ok(counted
            .map(|(service, count)| (service, u64::try_from(count).unwrap_or(0)))
            .collect())
    }
}

/// The objects of a kind to which a user is subscribed.
fn subscribed(driver: &str, user: UserId, kind: &str) -> SelectStatement {
    Query::select()
        .column(sender::Column::OwnerId)
        .from(sender::Entity)
        .and_where(sender::Column::Driver.eq(driver))
        .and_where(sender::Column::Value.eq(user.to_string()))
        .and_where(sender::Column::OwnerType.eq(kind))
        .to_owned()
}
