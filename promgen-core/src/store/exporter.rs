//! Exporters and exporter presets.

use sea_orm::{ActiveValue, ColumnTrait, Condition};

use super::entity::{default_exporter, exporter};
use super::rows::{self, Stored};
use super::{StoreError, Tx};
use crate::model::{Exporter, ExporterId, Preset, PresetId, ProjectId};

impl Stored for Exporter {
    type Table = exporter::Entity;
    type Row = exporter::ActiveModel;
    type Id = ExporterId;
    const TABLE: &'static str = "exporter";
    const ID: exporter::Column = exporter::Column::Id;

    fn id(&self) -> ExporterId {
        self.id
    }

    fn to_row(&self) -> exporter::ActiveModel {
        exporter::ActiveModel {
            id: ActiveValue::NotSet,
            job: ActiveValue::Set(self.job.clone()),
            port: ActiveValue::Set(self.port.into()),
            path: ActiveValue::Set(self.path.clone()),
            scheme: ActiveValue::Set(self.scheme.to_string()),
            project: ActiveValue::Set(self.project),
            enabled: ActiveValue::Set(self.enabled),
        }
    }

    fn from_row(row: exporter::Model) -> Result<Self, StoreError> {
        let broken = |column| broken(Self::TABLE, column, rows::number(row.id));
        Ok(Self {
            id: row.id,
            job: row.job,
            port: rows::narrow(row.port, || broken("port"))?,
            path: row.path,
            scheme: row.scheme.parse().map_err(|_| broken("scheme"))?,
            project: row.project,
            enabled: row.enabled,
        })
    }
}

impl Stored for Preset {
    type Table = default_exporter::Entity;
    type Row = default_exporter::ActiveModel;
    type Id = PresetId;
    const TABLE: &'static str = "default_exporter";
    const ID: default_exporter::Column = default_exporter::Column::Id;

    fn id(&self) -> PresetId {
        self.id
    }

    fn to_row(&self) -> default_exporter::ActiveModel {
        default_exporter::ActiveModel {
            id: ActiveValue::NotSet,
            job: ActiveValue::Set(self.job.clone()),
            port: ActiveValue::Set(self.port.into()),
            path: ActiveValue::Set(self.path.clone()),
            scheme: ActiveValue::Set(self.scheme.to_string()),
        }
    }

    fn from_row(row: default_exporter::Model) -> Result<Self, StoreError> {
        let broken = |column| broken(Self::TABLE, column, rows::number(row.id));
        Ok(Self {
            id: row.id,
            job: row.job,
            port: rows::narrow(row.port, || broken("port"))?,
            path: row.path,
            scheme: row.scheme.parse().map_err(|_| broken("scheme"))?,
        })
    }
}

impl Tx {
    /// An exporter of a project by job and port; of several (other path or scheme) the first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_exporter(
        &self,
        project: ProjectId,
        job: &str,
        port: u16,
    ) -> Result<Option<Exporter>, StoreError> {
        let condition = Condition::all()
            .add(exporter::Column::Project.eq(project))
            .add(exporter::Column::Job.eq(job))
            .add(exporter::Column::Port.eq(i32::from(port)));
        rows::find(self, condition).await
    }

    /// A preset by job, port and path; of several (other scheme) the first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_preset(
        &self,
        job: &str,
        port: u16,
        path: &str,
    ) -> Result<Option<Preset>, StoreError> {
        let condition = Condition::all()
            .add(default_exporter::Column::Job.eq(job))
            .add(default_exporter::Column::Port.eq(i32::from(port)))
            .add(default_exporter::Column::Path.eq(path));
        rows::find(self, condition).await
    }
}

fn broken(table: &'static str, column: &'static str, id: i64) -> StoreError {
    StoreError::Inconsistent { table, column, id }
}
