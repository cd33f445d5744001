//! Numbers about what is stored, cheap enough to be asked for again and again: nothing here walks
//! over all alerts or deliveries.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::{alert, delivery, exporter, host, project, rule, sender, service, shard, url};
use super::{StoreError, Tx};
use crate::model::{AlertId, AlertState, DeliveryState, Server, Timestamp};

/// What waits, counted up to [`Backlog::MOST`] of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Alerts that are not routed yet.
    pub alerts: u64,
    /// When the oldest of them was accepted.
    pub oldest_alert: Option<Timestamp>,
    /// Deliveries that are due and that nobody has claimed.
    pub due: u64,
    /// Since when the one that is due for longest, claimed or not, has been due.
    pub oldest_due: Option<Timestamp>,
    /// Deliveries that are being attempted.
    pub leased: u64,
    /// Deliveries that wait for another attempt.
    pub waiting: u64,
    /// Deliveries that were given up.
    pub dead: u64,
}

impl Backlog {
    /// Where counting stops: walking further would take longer than whoever asks has time.
    pub const MOST: u64 = 10_000;
}

/// How many there are of each kind of object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Census {
    /// Shards.
    pub shards: u64,
    /// Services.
    pub services: u64,
    /// Projects.
    pub projects: u64,
    /// Rules.
    pub rules: u64,
    /// Exporters.
    pub exporters: u64,
    /// URLs.
    pub urls: u64,
    /// Different names of hosts.
    pub hosts: u64,
    /// Senders by the type of their owner and by driver, sorted.
    pub senders: Vec<(String, String, u64)>,
}

#[derive(FromQueryResult)]
struct Pending {
    leased: Option<i64>,
    due: Option<i64>,
    waiting: Option<i64>,
    oldest: Option<i64>,
}

impl Tx {
    /// How much work waits.
    ///
    /// # Errors
    /// What the database says.
    pub async fn backlog(&self, now: Timestamp) -> Result<Backlog, StoreError> {
        let pending = AlertState::Pending.as_str();
        let oldest_alert: Option<Timestamp> = alert::Entity::find()
            .select_only()
            .column(alert::Column::Created)
            .filter(alert::Column::State.eq(pending))
            .order_by_asc(alert::Column::Id)
            .limit(1)
            .into_tuple()
            .one(self.connection())
            .await?;
        let mut alerts = Query::select();
        alerts
            .column(alert::Column::Id)
            .from(alert::Entity)
            .and_where(alert::Column::State.eq(pending))
            .order_by(alert::Column::Id, Order::Asc);
        let mut dead = Query::select();
        dead.column(delivery::Column::Id)
            .from(delivery::Entity)
            .and_where(delivery::Column::State.eq(DeliveryState::Dead.as_str()));
        let found = self.pending_deliveries(now).await?;
        Ok(Backlog {
            alerts: self.count_some(alerts).await?,
            oldest_alert,
            due: number(found.due),
            oldest_due: found.oldest.map(Timestamp),
            leased: number(found.leased),
            waiting: number(found.waiting),
            dead: self.count_some(dead).await?,
        })
    }

    /// Looks at the pending deliveries that come first, in one walk along their index.
    async fn pending_deliveries(&self, now: Timestamp) -> Result<Pending, StoreError> {
        let mut first = Query::select();
        first
            .columns([delivery::Column::Due, delivery::Column::LeaseUntil])
            .from(delivery::Entity)
            .and_where(delivery::Column::State.eq(DeliveryState::Pending.as_str()))
            .order_by(delivery::Column::Due, Order::Asc)
            .order_by(delivery::Column::Id, Order::Asc)
            .limit(Backlog::MOST);
        let due = Expr::col(delivery::Column::Due).lte(now);
        let leased = Expr::col(delivery::Column::LeaseUntil).gt(now);
        let times = |condition: Expr| -> Expr {
            // Integers on every database: MySQL sums into decimals.
            let one = Expr::case(condition, Expr::val(1_i64)).finally(Expr::val(0_i64));
            Expr::expr(one).sum().cast_as(Alias::new(self.integer()))
        };
        let mut query = Query::select();
        query
            .expr_as(times(leased.clone()), "leased")
            .expr_as(times(due.clone().and(leased.clone().not())), "due")
            .expr_as(times(due.clone().or(leased).not()), "waiting")
            .expr_as(
                Expr::expr(Expr::case(due, Expr::col(delivery::Column::Due))).min(),
                "oldest",
            )
            .from_subquery(first, "first");
        let row = self.connection().query_one(&query).await?;
        let row = row.map(|row| Pending::from_query_result(&row, ""));
        Ok(row.transpose()?.unwrap_or(Pending {
            leased: None,
            due: None,
            waiting: None,
            oldest: None,
        }))
    }

    /// What sums are cast to, so that they are whole numbers on every database.
    pub(super) fn integer(&self) -> &'static str {
        match self.connection().get_database_backend() {
            sea_orm::DbBackend::MySql => "SIGNED",
            _ => "BIGINT",
        }
    }

    /// Counts the rows of a query, at most [`Backlog::MOST`].
    async fn count_some(&self, mut select: SelectStatement) -> Result<u64, StoreError> {
        select.limit(Backlog::MOST);
        self.count_rows(select).await
    }

    async fn count_rows(&self, select: SelectStatement) -> Result<u64, StoreError> {
        let query = Query::select()
            .expr(Expr::cust("COUNT(*)"))
            .from_subquery(select, "counted")
            .to_owned();
        let row = self.connection().query_one(&query).await?;
        let count: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(number(count))
    }

    /// The id of the alert that came last; ids count all alerts that ever came.
    ///
    /// # Errors
    /// What the database says.
    pub async fn newest_alert(&self) -> Result<Option<AlertId>, StoreError> {
        let newest = alert::Entity::find()
            .select_only()
            .column(alert::Column::Id)
            .order_by_desc(alert::Column::Id)
            .limit(1)
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(newest)
    }

    /// All Prometheus servers, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_all_servers(&self) -> Result<Vec<Server>, StoreError> {
        super::rows::list(self).await
    }

    /// Counts the objects of the tree. It reads an index of each of them from end to end: not for
    /// every request.
    ///
    /// # Errors
    /// What the database says.
    pub async fn census(&self) -> Result<Census, StoreError> {
        let mut hosts = Query::select();
        hosts
            .distinct()
            .column(host::Column::Name)
            .from(host::Entity);
        let senders: Vec<(String, String, i64)> = sender::Entity::find()
            .select_only()
            .columns([sender::Column::OwnerType, sender::Column::Driver])
            .expr(Expr::cust("COUNT(*)"))
            .group_by(sender::Column::OwnerType)
            .group_by(sender::Column::Driver)
            .order_by_asc(sender::Column::OwnerType)
            .order_by_asc(sender::Column::Driver)
            .into_tuple()
            .all(self.connection())
            .await?;
        let senders = senders.into_iter();
        Ok(Census {
            shards: self.count_all(shard::Entity).await?,
            services: self.count_all(service::Entity).await?,
            projects: self.count_all(project::Entity).await?,
            rules: self.count_all(rule::Entity).await?,
            exporters: self.count_all(exporter::Entity).await?,
            urls: self.count_all(url::Entity).await?,
            hosts: self.count_rows(hosts).await?,
            senders: senders
                .map(|(owner, driver, count)| (owner, driver, number(Some(count))))
                .collect(),
        })
    }

    async fn count_all<E: EntityTrait>(&self, _: E) -> Result<u64, StoreError> {
        let count: Option<i64> = E::find()
            .select_only()
            .expr(Expr::cust("COUNT(*)"))
            .into_tuple()
            .one(self.connection())
            .await?;
        Ok(number(count))
    }
}

fn number(count: Option<i64>) -> u64 {
    count
        .and_then(|count| u64::try_from(count).ok())
        .unwrap_or(0)
}
