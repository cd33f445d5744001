//! How far an installation has come: what there is of each kind that alerts need on their way.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait};

use super::entity::{
    alert, exporter, host, project, prometheus, rule, sender, server_state, service, shard,
};
use super::rows;
use super::{StoreError, Tx};
use crate::model::{Project, ProjectId, Service, ServiceId, Shard, Timestamp};

/// What there is, and what not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing, and none excludes another"
)]
pub struct Milestones {
    /// A shard.
    pub shard: bool,
    /// A Prometheus server.
    pub server: bool,
    /// A server that was heard of lately: it pulled, or a worker looked at it.
    pub heard: bool,
    /// A service.
    pub service: bool,
    /// A project.
    pub project: bool,
    /// A host.
    pub host: bool,
    /// An exporter.
    pub exporter: bool,
    /// A rule.
    pub rule: bool,
    /// A sender whose driver does not only point to other senders.
    pub notifier: bool,
    /// An alert that Alertmanager sent.
    pub alert: bool,
}

impl Tx {
    /// What there is, by one statement that looks for one row of each kind. A server counts as heard
    /// of when that was not before `since`; senders of the drivers `passed_over` do not count.
    ///
    /// # Errors
    /// What the database says.
    pub async fn milestones(
        &self,
        since: Timestamp,
        passed_over: &[&str],
    ) -> Result<Milestones, StoreError> {
        let heard = server_state::Entity::find().filter(server_state::Column::SeenAt.gte(since));
        let notifier = sender::Entity::find()
            .filter(sender::Column::Driver.is_not_in(passed_over.iter().copied()));
        let kinds = [
            any(shard::Entity::find()),
            any(prometheus::Entity::find()),
            any(heard),
            any(service::Entity::find()),
            any(project::Entity::find()),
            any(host::Entity::find()),
            any(exporter::Entity::find()),
            any(rule::Entity::find()),
            any(notifier),
            any(alert::Entity::find()),
        ];
        let mut query = Query::select();
        for select in kinds {
            // A number on every database: what EXISTS answers is of another type on each.
            let there = Expr::case(Expr::exists(select), Expr::val(1_i64));
            let number = Expr::expr(there.finally(Expr::val(0_i64)));
            query.expr(number.cast_as(Alias::new(self.integer())));
        }
        let row = self.connection().query_one(&query).await?;
        let there = |at: usize| -> Result<bool, StoreError> {
            let number: Option<i64> = row
                .as_ref()
                .map(|row| row.try_get_by_index(at))
                .transpose()?;
            Ok(number == Some(1))
        };
        Ok(Milestones {
            shard: there(0)?,
            server: there(1)?,
            heard: there(2)?,
            service: there(3)?,
            project: there(4)?,
            host: there(5)?,
            exporter: there(6)?,
            rule: there(7)?,
            notifier: there(8)?,
            alert: there(9)?,
        })
    }
}

impl Tx {
    /// The shard that was made first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn first_shard(&self) -> Result<Option<Shard>, StoreError> {
        rows::find(self, Condition::all()).await
    }

    /// The service that was made first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn first_service(&self) -> Result<Option<ServiceId>, StoreError> {
        let first: Option<Service> = rows::find(self, Condition::all()).await?;
        Ok(first.map(|service| service.id))
    }

    /// The project that was made first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn first_project(&self) -> Result<Option<ProjectId>, StoreError> {
        let first: Option<Project> = rows::find(self, Condition::all()).await?;
        Ok(first.map(|project| project.id))
    }
}

/// One row of a table, whatever stands in it.
fn any<E: EntityTrait>(rows: sea_orm::Select<E>) -> SelectStatement {
    let mut select = rows.into_query();
    select.clear_selects().expr(Expr::val(1_i32)).limit(1);
    select
}
