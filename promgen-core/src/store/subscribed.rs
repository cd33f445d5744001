//! The services that somebody hears of, for their home page.

use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, Order};

use super::entity::{project, sender, service};
use super::{Listed, Slice, StoreError, Tx, Visible, page};
use crate::model::{Service, UserId};

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
