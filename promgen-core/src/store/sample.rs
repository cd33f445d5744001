//! Counts that processes add up in one place, so that whoever is asked can tell those of all.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::metric_sample;
use super::rows;
use super::{StoreError, Tx};
use crate::model::Timestamp;

/// One number of a series: a counter has one, a histogram one per bucket and one for the sum.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sample {
    /// Name of the metric, at most 64 characters.
    pub metric: String,
    /// The machine that counted, at most 128 characters; empty for what is not told by machine.
    pub hostname: String,
    /// The other labels' values, at most [`Sample::LABELS`] characters.
    pub labels: String,
    /// Which number of the series, at most 32 characters.
    pub part: String,
    /// The number, or what is to be added to it.
    pub value: u64,
}

impl Sample {
    /// Most characters of [`Sample::labels`].
    pub const LABELS: usize = 400;
}

impl Tx {
    /// Adds to what is kept of each sample; one that is not there begins at zero.
    ///
    /// # Errors
    /// What the database says.
    pub async fn add_samples(&self, samples: &[Sample], now: Timestamp) -> Result<(), StoreError> {
        let sum = match self.connection().get_database_backend() {
            DbBackend::MySql => "`value` + VALUES(`value`)",
            _ => r#""metric_sample"."value" + "excluded"."value""#,
        };
        let add = OnConflict::columns([
            metric_sample::Column::Metric,
            metric_sample::Column::Hostname,
            metric_sample::Column::Labels,
            metric_sample::Column::Part,
        ])
        .value(metric_sample::Column::Value, Expr::cust(sum))
        .update_column(metric_sample::Column::Updated)
        .to_owned();
        for chunk in samples.chunks(rows::CHUNK_ROWS) {
            let rows = chunk.iter().map(|sample| row_of(sample, now));
            metric_sample::Entity::insert_many(rows)
                .on_conflict(add.clone())
                .exec_without_returning(self.connection())
                .await?;
        }
        Ok(())
    }

    /// All samples, sorted.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_samples(&self) -> Result<Vec<Sample>, StoreError> {
        let rows = metric_sample::Entity::find()
            .order_by_asc(metric_sample::Column::Metric)
            .order_by_asc(metric_sample::Column::Hostname)
            .order_by_asc(metric_sample::Column::Labels)
            .order_by_asc(metric_sample::Column::Part)
            .all(self.connection())
            .await?;
        rows.into_iter().map(sample_of).collect()
    }

    /// Forgets the samples of machines that added none since `before`. What is not told by machine
    /// stays.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget_samples(&self, before: Timestamp) -> Result<u64, StoreError> {
        let silent: Vec<String> = metric_sample::Entity::find()
            .select_only()
            .column(metric_sample::Column::Hostname)
            .filter(metric_sample::Column::Hostname.ne(""))
            .group_by(metric_sample::Column::Hostname)
            .having(metric_sample::Column::Updated.max().lt(before.0))
            .into_tuple()
            .all(self.connection())
            .await?;
        if silent.is_empty() {
            return Ok(0);
        }
        let done = metric_sample::Entity::delete_many()
            .filter(metric_sample::Column::Hostname.is_in(silent))
            .exec(self.connection())
            .await?;
        Ok(done.rows_affected)
    }
}

fn row_of(sample: &Sample, now: Timestamp) -> metric_sample::ActiveModel {
    metric_sample::ActiveModel {
        id: ActiveValue::NotSet,
        metric: ActiveValue::Set(sample.metric.clone()),
        hostname: ActiveValue::Set(rows::storable(&sample.hostname)),
        labels: ActiveValue::Set(rows::storable(&sample.labels)),
        part: ActiveValue::Set(sample.part.clone()),
        value: ActiveValue::Set(i64::try_from(sample.value).unwrap_or(i64::MAX)),
        updated: ActiveValue::Set(now),
    }
}

fn sample_of(row: metric_sample::Model) -> Result<Sample, StoreError> {
    let value = rows::narrow(row.value, || StoreError::Inconsistent {
        table: "metric_sample",
        column: "value",
        id: row.id,
    })?;
    Ok(Sample {
        metric: row.metric,
        hostname: row.hostname,
        labels: row.labels,
        part: row.part,
        value,
    })
}
