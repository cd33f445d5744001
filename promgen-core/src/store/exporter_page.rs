//! The exporters of all projects in a list, with how often each kind of them is used.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::{exporter, project, service};
use super::{EveryExporterKey, Listed, Slice, Sort, StoreError, Tx, page, rows};
use crate::model::Exporter;

/// Which exporters the list of all of them holds. What is not given does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExporterSearch<'a> {
    /// What job, path, service or project hold.
    pub text: Option<&'a str>,
    /// The whole job.
    pub job: Option<&'a str>,
    /// The port.
    pub port: Option<u16>,
    /// The whole path.
    pub path: Option<&'a str>,
    /// Whether they are enabled.
    pub enabled: Option<bool>,
}

impl ExporterSearch<'_> {
    fn condition(&self, tx: &Tx) -> Condition {
        use exporter::Column;
        let holds = |text| {
            Condition::any()
                .add(page::contains(tx, Column::Job, text))
                .add(page::contains(tx, Column::Path, text))
                .add(page::contains(tx, project::Column::Name, text))
                .add(page::contains(tx, service::Column::Name, text))
        };
        Condition::all()
            .add_option(self.text.map(holds))
            .add_option(self.job.map(|job| Column::Job.eq(job)))
            .add_option(self.port.map(|port| Column::Port.eq(i32::from(port))))
            .add_option(self.path.map(|path| Column::Path.eq(path)))
            .add_option(self.enabled.map(|yes| Column::Enabled.eq(yes)))
    }
}

/// Job, port and path: what exporters of several projects have in common.
pub type ExporterKind = (String, u16, String);

impl Tx {
    /// A slice of all exporters; those that are equal by job, port and path.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search_exporters(
        &self,
        search: &ExporterSearch<'_>,
        sort: Sort<EveryExporterKey>,
        slice: Slice,
    ) -> Result<Listed<Exporter>, StoreError> {
        let project = exporter::Entity::belongs_to(project::Entity)
            .from(exporter::Column::Project)
            .to(project::Column::Id);
        let service = project::Entity::belongs_to(service::Entity)
            .from(project::Column::Service)
            .to(service::Column::Id);
        let mut found = exporter::Entity::find()
            .join(JoinType::InnerJoin, project.into())
            .join(JoinType::InnerJoin, service.into())
            .filter(search.condition(self));
        let way = sort.order();
        let sorted = match sort.key {
            EveryExporterKey::Job => found.order_by(exporter::Column::Job, way),
            EveryExporterKey::Port => found.order_by(exporter::Column::Port, way),
            EveryExporterKey::Path => found.order_by(exporter::Column::Path, way),
            EveryExporterKey::Enabled => found.order_by(exporter::Column::Enabled, way),
            EveryExporterKey::Project => found
                .order_by(service::Column::Name, way.clone())
                .order_by(project::Column::Name, way),
            EveryExporterKey::Uses => {
                QuerySelect::query(&mut found).join_subquery(
                    JoinType::InnerJoin,
                    kinds(),
                    "kinds",
                    of_kind(),
                );
                found.order_by(Expr::col(("kinds", "uses")), way)
            }
        };
        let ordered = sorted
            .order_by_asc(exporter::Column::Job)
            .order_by_asc(exporter::Column::Port)
            .order_by_asc(exporter::Column::Path);
        page::page_of(self, ordered, slice).await
    }

    /// How many exporters there are of the kind of each of these.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_alike(
        &self,
        exporters: &[Exporter],
    ) -> Result<BTreeMap<ExporterKind, u64>, StoreError> {
        let jobs: BTreeSet<&str> = exporters.iter().map(|one| one.job.as_str()).collect();
        let counts: Vec<(String, i32, String, i64)> = exporter::Entity::find()
            .select_only()
            .column(exporter::Column::Job)
            .column(exporter::Column::Port)
            .column(exporter::Column::Path)
            .expr(Expr::cust("COUNT(*)"))
            .filter(exporter::Column::Job.is_in(jobs))
            .group_by(exporter::Column::Job)
            .group_by(exporter::Column::Port)
            .group_by(exporter::Column::Path)
            .into_tuple()
            .all(self.connection())
            .await?;
        let counted = counts.into_iter().map(|(job, port, path, count)| {
            let broken = || StoreError::Inconsistent {
                table: "exporter",
                column: "port",
                id: port.into(),
            };
            let port = rows::narrow(port, broken)?;
            Ok(((job, port, path), count.unsigned_abs()))
        });
        counted.collect()
    }
}

/// The kinds of exporters, each with how many there are.
fn kinds() -> SelectStatement {
    use exporter::Column;
    let kind = [Column::Job, Column::Port, Column::Path];
    Query::select()
        .columns(kind)
        .expr_as(Expr::cust("COUNT(*)"), "uses")
        .from(exporter::Entity)
        .group_by_columns(kind)
        .to_owned()
}

fn of_kind() -> Condition {
    use exporter::Column;
    let same = |column: Column| Expr::col((exporter::Entity, column)).equals(("kinds", column));
    Condition::all()
        .add(same(Column::Job))
        .add(same(Column::Port))
        .add(same(Column::Path))
}
