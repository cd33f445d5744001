//! URLs in lists.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::{probe, project, service, url};
use super::rows;
use super::{Listed, Slice, Sort, StoreError, Tx, UrlKey, Visible, page};
use crate::model::{ProbeId, ProjectId, Url, UrlId};

/// What a list of URLs is cut to, besides what one may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UrlFilter {
    /// Those of this project.
    pub project: Option<ProjectId>,
    /// Those of this probe.
    pub probe: Option<ProbeId>,
}

impl Tx {
    /// How many URLs are probed for each of some projects. One without is not in it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count_urls_by_project(
        &self,
        projects: &[ProjectId],
    ) -> Result<BTreeMap<ProjectId, u64>, StoreError> {
        let theirs = url::Column::Project.is_in(projects.iter().copied());
        let theirs = Condition::all().add(theirs);
        let counts = self
            .count_by(url::Entity, url::Column::Project, theirs)
            .await?;
        let counts = counts.into_iter().map(|(id, count)| (ProjectId(id), count));
        Ok(counts.collect())
    }

    /// A slice of the visible URLs; what is equal comes by the names of service and project, then by
    /// URL.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_urls(
        &self,
        visible: &Visible,
        filter: UrlFilter,
        sort: Sort<UrlKey>,
        slice: Slice,
    ) -> Result<Listed<Url>, StoreError> {
        let project = url::Entity::belongs_to(project::Entity)
            .from(url::Column::Project)
            .to(project::Column::Id);
        let service = project::Entity::belongs_to(service::Entity)
            .from(project::Column::Service)
            .to(service::Column::Id);
        let condition = visible
            .urls()
            .add_option(
                filter
                    .project
                    .map(|project| url::Column::Project.eq(project)),
            )
            .add_option(filter.probe.map(|probe| url::Column::Probe.eq(probe)));
        let probe = url::Entity::belongs_to(probe::Entity)
            .from(url::Column::Probe)
            .to(probe::Column::Id);
        let found = url::Entity::find()
            .join(JoinType::InnerJoin, project.into())
            .join(JoinType::InnerJoin, service.into())
            .join(JoinType::InnerJoin, probe.into())
            .filter(condition);
        let sorted = match sort.key {
            UrlKey::Project => found
                .order_by(service::Column::Name, sort.order())
                .order_by(project::Column::Name, sort.order()),
            UrlKey::Url => found.order_by(url::Column::Url, sort.order()),
            UrlKey::Probe => found.order_by(probe::Column::Module, sort.order()),
        };
        let ordered = sorted
            .order_by_asc(service::Column::Name)
            .order_by_asc(project::Column::Name)
            .order_by_asc(url::Column::Url);
        page::page_of(self, ordered, slice).await
    }

    /// The URL of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_url(&self, id: UrlId) -> Result<Option<Url>, StoreError> {
        rows::find_id(self, id).await
    }

    /// The URL of a project by a probe, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_url(&self, other: &Url) -> Result<Option<Url>, StoreError> {
        let condition = Condition::all()
            .add(url::Column::Project.eq(other.project))
            .add(url::Column::Probe.eq(other.probe))
            .add(url::Column::Url.eq(&other.url));
        rows::find(self, condition).await
    }

    /// The URLs that hold a text, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_urls_with(&self, text: &str) -> Result<Vec<Url>, StoreError> {
        let holds = page::contains(self, url::Column::Url, text);
        rows::list_where(self, Condition::all().add(holds)).await
    }
}
