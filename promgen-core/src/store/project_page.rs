//! Projects in lists.

use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, Order, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

use super::entity::{project, service, shard};
use super::rows;
use super::{Listed, Part, ProjectKey, Slice, StoreError, Tx, Visible, page, sort};
use crate::model::{FarmId, Project, Service, ServiceId, ShardId, UserId};

/// What a list of projects is cut to, besides what one may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProjectFilter<'a> {
    /// Those whose name holds this text.
    pub name: Option<&'a str>,
    /// Those whose service's name holds this text.
    pub service: Option<&'a str>,
    /// Those whose shard's name holds this text.
    pub shard: Option<&'a str>,
    /// Those of this service.
    pub service_id: Option<ServiceId>,
    /// Those on this shard.
    pub shard_id: Option<ShardId>,
}

/// What a list of projects groups them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectOrder {
    /// The names of their shards.
    Shard,
    /// The names of their services.
    Service,
}

impl ProjectFilter<'_> {
    fn condition(&self, tx: &Tx) -> Condition {
        let named = |name| page::contains(tx, project::Column::Name, name);
        let in_service = |name| {
            let found = Query::select()
                .column(service::Column::Id)
                .from(service::Entity)
                .and_where(page::contains(tx, service::Column::Name, name))
                .to_owned();
            project::Column::Service.in_subquery(found)
        };
        let on_shard = |name| {
            let found = Query::select()
                .column(shard::Column::Id)
                .from(shard::Entity)
                .and_where(page::contains(tx, shard::Column::Name, name))
                .to_owned();
            project::Column::Shard.in_subquery(found)
        };
        Condition::all()
            .add_option(self.name.map(named))
            .add_option(self.service.map(in_service))
            .add_option(self.shard.map(on_shard))
            .add_option(self.service_id.map(|id| project::Column::Service.eq(id)))
            .add_option(self.shard_id.map(|id| project::Column::Shard.eq(id)))
    }
}

impl Tx {
    /// A slice of the visible projects, by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_projects(
        &self,
        visible: &Visible,
        filter: &ProjectFilter<'_>,
        slice: Slice,
    ) -> Result<Listed<Project>, StoreError> {
        let condition = Condition::all()
            .add(visible.projects())
            .add(filter.condition(self));
        let order = [(project::Column::Name, Order::Asc)];
        page::page(self, condition, &order, slice).await
    }

    /// A slice of the visible projects, grouped by what is above them unless sorted by something
    /// else; those that come out equal by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_projects_by(
        &self,
        visible: &Visible,
        filter: &ProjectFilter<'_>,
        order: ProjectOrder,
        part: impl Into<Part<ProjectKey>>,
    ) -> Result<Listed<Project>, StoreError> {
        let Part { sort, slice } = part.into();
        let projects = project::Entity::find()
            .filter(visible.projects())
            .filter(filter.condition(self));
        let (id, way) = (project::Column::Id, sort.order());
        let sorted = match sort.key {
            ProjectKey::Place => placed(projects, order, way),
            ProjectKey::Name => projects.order_by(project::Column::Name, way),
            ProjectKey::Owner => projects.order_by(sort::username(project::Column::Owner), way),
            ProjectKey::Farm => projects.order_by(sort::farm_name(project::Column::Farm), way),
            ProjectKey::Hosts => projects.order_by(sort::hosts_of(project::Column::Farm), way),
            ProjectKey::Exporters => projects.order_by(sort::exporters_of(id), way),
            ProjectKey::Urls => projects.order_by(sort::urls_of(id), way),
            ProjectKey::Senders => projects.order_by(sort::senders_of("project", id), way),
        };
        page::page_of(self, sorted.order_by_asc(project::Column::Name), slice).await
    }

    /// The projects of a service, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_projects_of(&self, service: ServiceId) -> Result<Vec<Project>, StoreError> {
        rows::list_where(
            self,
            Condition::all().add(project::Column::Service.eq(service)),
        )
        .await
    }

    /// The projects that these farms serve, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_projects_on(&self, farms: &[FarmId]) -> Result<Vec<Project>, StoreError> {
        rows::list_in(self, project::Column::Farm, farms).await
    }

    /// The services that a user answers for, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_services_owned_by(&self, user: UserId) -> Result<Vec<Service>, StoreError> {
        rows::list_where(self, Condition::all().add(service::Column::Owner.eq(user))).await
    }

    /// The projects that a user answers for, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_projects_owned_by(&self, user: UserId) -> Result<Vec<Project>, StoreError> {
        rows::list_where(self, Condition::all().add(project::Column::Owner.eq(user))).await
    }
}

/// Projects by the name of what is above them.
fn placed(
    projects: Select<project::Entity>,
    order: ProjectOrder,
    way: Order,
) -> Select<project::Entity> {
    match order {
        ProjectOrder::Shard => {
            let shard = project::Entity::belongs_to(shard::Entity)
                .from(project::Column::Shard)
                .to(shard::Column::Id);
            let joined = projects.join(JoinType::InnerJoin, shard.into());
            joined.order_by(shard::Column::Name, way)
        }
        ProjectOrder::Service => {
            let service = project::Entity::belongs_to(service::Entity)
                .from(project::Column::Service)
                .to(service::Column::Id);
            let joined = projects.join(JoinType::InnerJoin, service.into());
            joined.order_by(service::Column::Name, way)
        }
    }
}
