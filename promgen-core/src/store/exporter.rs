//! Exporters and exporter presets.

use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait as _, Order, QueryOrder as _, QuerySelect as _,
};

use super::entity::{default_exporter, exporter};
use super::rows::{self, Stored};
use super::{ExporterKey, Listed, Part, StoreError, Tx, Visible, page};
use crate::model::{Exporter, ExporterId, Preset, PresetId, ProjectId, Scheme};

/// What a list of exporters is cut to, besides what one may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExporterFilter<'a> {
    /// Those of this project.
    pub project: Option<ProjectId>,
    /// Those whose job holds this text.
    pub job: Option<&'a str>,
    /// Those whose path holds this text.
    pub path: Option<&'a str>,
    /// Those of this scheme.
    pub scheme: Option<Scheme>,
    /// Those that are enabled, or are not.
    pub enabled: Option<bool>,
}

impl ExporterFilter<'_> {
    fn condition(&self, tx: &Tx) -> Condition {
        use exporter::Column;
        let holds = |column, text: Option<&str>| text.map(|text| page::contains(tx, column, text));
        let scheme = self.scheme.map(Scheme::as_str);
        Condition::all()
            .add_option(self.project.map(|project| Column::Project.eq(project)))
            .add_option(holds(Column::Job, self.job))
            .add_option(holds(Column::Path, self.path))
            .add_option(scheme.map(|scheme| Column::Scheme.eq(scheme)))
            .add_option(self.enabled.map(|enabled| Column::Enabled.eq(enabled)))
    }
}

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
    /// The jobs of all exporters, each once.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_jobs(&self) -> Result<Vec<String>, StoreError> {
        let jobs = exporter::Entity::find()
            .select_only()
            .column(exporter::Column::Job)
            .distinct()
            .order_by_asc(exporter::Column::Job)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(jobs)
    }

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

    /// The exporter of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_exporter(&self, id: ExporterId) -> Result<Option<Exporter>, StoreError> {
        rows::find_id(self, id).await
    }

    /// The exporter that differs from another in identity and `enabled` at most.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_same_exporter(
        &self,
        other: &Exporter,
    ) -> Result<Option<Exporter>, StoreError> {
        let condition = Condition::all()
            .add(exporter::Column::Project.eq(other.project))
            .add(exporter::Column::Job.eq(&other.job))
            .add(exporter::Column::Port.eq(i32::from(other.port)))
            .add(exporter::Column::Path.eq(&other.path))
            .add(exporter::Column::Scheme.eq(other.scheme.as_str()));
        rows::find(self, condition).await
    }

    /// A slice of the visible exporters; those that come out equal by job and port.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_exporters(
        &self,
        visible: &Visible,
        filter: &ExporterFilter<'_>,
        part: impl Into<Part<ExporterKey>>,
    ) -> Result<Listed<Exporter>, StoreError> {
        let Part { sort, slice } = part.into();
        let condition = visible.exporters().add(filter.condition(self));
        let key = match sort.key {
            ExporterKey::Job => exporter::Column::Job,
            ExporterKey::Port => exporter::Column::Port,
            ExporterKey::Path => exporter::Column::Path,
        };
        let order = [
            (key, sort.order()),
            (exporter::Column::Job, Order::Asc),
            (exporter::Column::Port, Order::Asc),
        ];
        page::page(self, condition, &order, slice).await
    }

    /// The exporters of these projects, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_exporters_of(
        &self,
        projects: &[ProjectId],
    ) -> Result<Vec<Exporter>, StoreError> {
        rows::list_in(self, exporter::Column::Project, projects).await
    }

    /// A slice of the presets; those that come out equal by job, the greatest port first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_presets(
        &self,
        part: impl Into<Part<ExporterKey>>,
    ) -> Result<Listed<Preset>, StoreError> {
        let Part { sort, slice } = part.into();
        let key = match sort.key {
            ExporterKey::Job => default_exporter::Column::Job,
            ExporterKey::Port => default_exporter::Column::Port,
            ExporterKey::Path => default_exporter::Column::Path,
        };
        let order = [
            (key, sort.order()),
            (default_exporter::Column::Job, Order::Asc),
            (default_exporter::Column::Port, Order::Desc),
        ];
        page::page(self, Condition::all(), &order, slice).await
    }

    /// The preset of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_preset(&self, id: PresetId) -> Result<Option<Preset>, StoreError> {
        rows::find_id(self, id).await
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
