//! What came and what was delivered, by hour: what charts are drawn from, however many alerts there
//! are.
//!
//! A row without a service and a project has all alerts of its hour, one without a project all of
//! its service, and one without a sender all deliveries of its driver: the whole is never added up of
//! its parts, for a message that names several of them is a part of each.

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Func, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveValue, ColumnTrait as _, Condition, ConnectionTrait as _, DbBackend, EntityTrait,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::entity::{alert_hour, delivery_hour};
use super::{Names, StoreError, Tx, rows};
use crate::model::{SenderId, Timestamp};

/// Alerts of an hour that name a service and a project, to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertTally {
    /// The begin of the hour.
    pub hour: Timestamp,
    /// The label `service`, at most 128 characters, none of which is NUL.
    pub service: String,
    /// The label `project`, at most 128 characters, none of which is NUL. Empty: of all alerts of the
    /// service; when both are: of all alerts.
    pub project: String,
    /// How many came firing.
    pub firing: u64,
    /// How many came resolved.
    pub resolved: u64,
}

/// Deliveries of an hour that ended, to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryTally {
    /// The begin of the hour.
    pub hour: Timestamp,
    /// Key of the driver.
    pub driver: String,
    /// The sender; 0 for all of the driver.
    pub sender: SenderId,
    /// How many arrived.
    pub sent: u64,
    /// How many were given up.
    pub dead: u64,
}

/// Whose alerts a chart has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tallied {
    /// All.
    All,
    /// Those that name one of these: of each service as a whole, and of the projects what names none
    /// of the services.
    Naming(Names),
}

/// The alerts of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertHour {
    /// The begin of the hour.
    pub hour: Timestamp,
    /// How many came firing.
    pub firing: u64,
    /// How many came resolved.
    pub resolved: u64,
}

/// The deliveries of an hour by a driver or sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryHour {
    /// The begin of the hour.
    pub hour: Timestamp,
    /// Key of the driver.
    pub driver: String,
    /// The sender; 0 for all of the driver.
    pub sender: SenderId,
    /// How many arrived.
    pub sent: u64,
    /// How many were given up.
    pub dead: u64,
}

impl Tx {
    /// Adds alerts to their hours; no hour, service and project may come twice.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tally_alerts(&self, tallies: &[AlertTally]) -> Result<(), StoreError> {
        let add = OnConflict::columns([
            alert_hour::Column::Hour,
            alert_hour::Column::Service,
            alert_hour::Column::Project,
        ])
        .value(alert_hour::Column::Firing, self.sum("alert_hour", "firing"))
        .value(
            alert_hour::Column::Resolved,
            self.sum("alert_hour", "resolved"),
        )
        .to_owned();
        for chunk in tallies.chunks(rows::CHUNK_ROWS) {
            let rows = chunk.iter().map(|one| alert_hour::ActiveModel {
                id: ActiveValue::NotSet,
                hour: ActiveValue::Set(one.hour),
                service: ActiveValue::Set(one.service.clone()),
                project: ActiveValue::Set(one.project.clone()),
                firing: ActiveValue::Set(stored(one.firing)),
                resolved: ActiveValue::Set(stored(one.resolved)),
            });
            alert_hour::Entity::insert_many(rows)
                .on_conflict(add.clone())
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Adds deliveries to their hours.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tally_deliveries(&self, tallies: &[DeliveryTally]) -> Result<(), StoreError> {
        let add = OnConflict::columns([
            delivery_hour::Column::Hour,
            delivery_hour::Column::Sender,
            delivery_hour::Column::Driver,
        ])
        .value(
            delivery_hour::Column::Sent,
            self.sum("delivery_hour", "sent"),
        )
        .value(
            delivery_hour::Column::Dead,
            self.sum("delivery_hour", "dead"),
        )
        .to_owned();
        for chunk in tallies.chunks(rows::CHUNK_ROWS) {
            let rows = chunk.iter().map(|one| delivery_hour::ActiveModel {
                id: ActiveValue::NotSet,
                hour: ActiveValue::Set(one.hour),
                driver: ActiveValue::Set(one.driver.clone()),
                sender: ActiveValue::Set(one.sender),
                sent: ActiveValue::Set(stored(one.sent)),
                dead: ActiveValue::Set(stored(one.dead)),
            });
            delivery_hour::Entity::insert_many(rows)
                .on_conflict(add.clone())
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }

    /// What is there plus what is to be added.
    fn sum(&self, table: &str, column: &str) -> SimpleExpr {
        let column = || Alias::new(column);
        let there: SimpleExpr = Expr::col((Alias::new(table), column()));
        let new: SimpleExpr = match self.connection().get_database_backend() {
            DbBackend::MySql => Func::cust("VALUES").arg(Expr::col(column())).into(),
            _ => Expr::col((Alias::new("excluded"), column())),
        };
        there.add(new)
    }

    /// The alerts of each hour from one on that has any.
    ///
    /// # Errors
    /// What the database says.
    pub async fn alert_hours(
        &self,
        of: &Tallied,
        from: Timestamp,
    ) -> Result<Vec<AlertHour>, StoreError> {
        let whose = match of {
            Tallied::All => Condition::all()
                .add(alert_hour::Column::Service.eq(""))
                .add(alert_hour::Column::Project.eq("")),
            Tallied::Naming(names) => {
                let services = alert_hour::Column::Service.is_in(named(&names.services));
                let others = alert_hour::Column::Service.is_not_in(named(&names.services));
                let projects = alert_hour::Column::Project.is_in(named(&names.projects));
                let whole = Condition::all().add(services);
                Condition::any()
                    .add(whole.add(alert_hour::Column::Project.eq("")))
                    .add(Condition::all().add(projects).add(others))
            }
        };
        // Without the cast the sum of whole numbers is none on some databases.
        let sum = |column: alert_hour::Column| column.sum().cast_as(self.integer());
        let rows: Vec<(Timestamp, i64, i64)> = alert_hour::Entity::find()
            .select_only()
            .column(alert_hour::Column::Hour)
            .expr(sum(alert_hour::Column::Firing))
            .expr(sum(alert_hour::Column::Resolved))
            .filter(alert_hour::Column::Hour.gte(from))
            .filter(whose)
            .group_by(alert_hour::Column::Hour)
            .order_by_asc(alert_hour::Column::Hour)
            .into_tuple()
            .all(self.connection())
            .await?;
        let hour = |(hour, firing, resolved)| AlertHour {
            hour,
            firing: counted(firing),
            resolved: counted(resolved),
        };
        Ok(rows.into_iter().map(hour).collect())
    }

    /// The deliveries of senders by hour, from one hour on; those of all drivers for the sender 0.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delivery_hours(
        &self,
        senders: &[SenderId],
        from: Timestamp,
    ) -> Result<Vec<DeliveryHour>, StoreError> {
        let rows = delivery_hour::Entity::find()
            .filter(delivery_hour::Column::Sender.is_in(senders.iter().copied()))
            .filter(delivery_hour::Column::Hour.gte(from))
            .order_by_asc(delivery_hour::Column::Hour)
            .order_by_asc(delivery_hour::Column::Id)
            .all(self.connection())
            .await?;
        let hour = |row: delivery_hour::Model| DeliveryHour {
            hour: row.hour,
            driver: row.driver,
            sender: row.sender,
            sent: counted(row.sent),
            dead: counted(row.dead),
        };
        Ok(rows.into_iter().map(hour).collect())
    }

    /// Forgets the hours before one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget_hours(&self, before: Timestamp) -> Result<u64, StoreError> {
        let alerts = alert_hour::Entity::delete_many()
            .filter(alert_hour::Column::Hour.lt(before))
            .exec(self.connection())
            .await?;
        let deliveries = delivery_hour::Entity::delete_many()
            .filter(delivery_hour::Column::Hour.lt(before))
            .exec(self.connection())
            .await?;
        Ok(alerts.rows_affected + deliveries.rows_affected)
    }
}

/// Names that label something: the empty one stands for the whole.
fn named(names: &[String]) -> impl Iterator<Item = &str> {
    names
        .iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
}

fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn counted(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}
