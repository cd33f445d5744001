//! Alerts that were asked for: newest first, by state, by label, and within what somebody sees.

use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{alert, alert_label, delivery};
use super::{StoreError, Tx};
use crate::model::{Alert, AlertId, AlertState, Delivery, DeliveryId, DeliveryState};

/// Which alerts are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Those that came before this one.
    pub before: Option<AlertId>,
    /// Those in this state.
    pub state: Option<AlertState>,
    /// Those that have all of these labels.
    pub labels: Vec<(String, String)>,
    /// Those that name one of these; `None` for all.
    pub naming: Option<Names>,
}

/// Which deliveries are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Those that were made before this one.
    pub before: Option<DeliveryId>,
    /// Those in this state.
    pub state: Option<DeliveryState>,
    /// Those of this driver.
    pub driver: Option<String>,
    /// Those of alerts that name one of these; `None` for all.
    pub naming: Option<Names>,
}

/// Names of services and projects, as alerts bear them in their labels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Values of the label `service`.
    pub services: Vec<String>,
    /// Values of the label `project`.
    pub projects: Vec<String>,
}

impl Tx {
    /// The newest alerts that are wanted, at most `limit`. Bodies are left empty.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search_alerts(
        &self,
        filter: &AlertFilter,
        limit: u64,
    ) -> Result<Vec<Alert>, StoreError> {
        let mut condition = Condition::all()
            .add_option(filter.before.map(|before| alert::Column::Id.lt(before)))
            .add_option(
                filter
                    .state
                    .map(|state| alert::Column::State.eq(state.as_str())),
            );
        for (name, value) in &filter.labels {
            condition = condition.add(alert::Column::Id.in_subquery(labelled(name, [value])));
        }
        if let Some(names) = &filter.naming {
            condition =
                condition.add(names.condition(|alerts| alert::Column::Id.in_subquery(alerts)));
        }
        self.alerts_where(condition, limit).await
    }

    /// The newest deliveries that are wanted, at most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search_deliveries(
        &self,
        filter: &DeliveryFilter,
        limit: u64,
    ) -> Result<Vec<Delivery>, StoreError> {
        let mut condition = Condition::all()
            .add_option(filter.before.map(|before| delivery::Column::Id.lt(before)))
            .add_option(
                filter
                    .state
                    .map(|state| delivery::Column::State.eq(state.as_str())),
            )
            .add_option(
                filter
                    .driver
                    .as_deref()
                    .map(|key| delivery::Column::Driver.eq(key)),
            );
        if let Some(names) = &filter.naming {
            condition = condition
                .add(names.condition(|alerts| delivery::Column::Alert.in_subquery(alerts)));
        }
        let rows = delivery::Entity::find()
            .filter(condition)
            .order_by_desc(delivery::Column::Id)
            .limit(limit)
            .all(self.connection())
            .await?;
        rows.into_iter().map(super::delivery::delivery_of).collect()
    }

    /// Whether an alert names one of these.
    ///
    /// # Errors
    /// What the database says.
    pub async fn alert_names(&self, id: AlertId, names: &Names) -> Result<bool, StoreError> {
        let labels = self.alert_labels(id).await?;
        Ok(labels.iter().any(|(name, value)| match name.as_str() {
            "service" => names.services.contains(value),
            "project" => names.projects.contains(value),
            _ => false,
        }))
    }
}

impl Names {
    fn condition(
        &self,
        within: impl Fn(SelectStatement) -> sea_orm::sea_query::SimpleExpr,
    ) -> Condition {
        Condition::any()
            .add(within(labelled("service", &self.services)))
            .add(within(labelled("project", &self.projects)))
    }
}

/// The alerts that have a label with one of these values.
fn labelled<'a>(name: &str, values: impl IntoIterator<Item = &'a String>) -> SelectStatement {
    Query::select()
        .column(alert_label::Column::Alert)
        .from(alert_label::Entity)
        .and_where(alert_label::Column::Name.eq(name))
        .and_where(alert_label::Column::Value.is_in(values))
        .to_owned()
}
