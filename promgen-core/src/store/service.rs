//! Services and projects.

use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, EntityTrait, IntoSimpleExpr as _, Order, QueryFilter,
    QuerySelect,
};

use super::entity::{project, service};
use super::rows::{self, Stored};
use super::{Listed, ServiceKey, Slice, Sort, StoreError, Tx, Visible, page, sort};
use crate::model::{
    GroupOptions, Name, Project, ProjectId, PromDuration, RoleOn, RuleOwner, SenderOwner, Service,
    ServiceId,
};

/// The columns of [`GroupOptions`], which three tables have.
pub(super) struct GroupColumns {
    pub(super) interval: Option<String>,
    pub(super) limit: Option<i64>,
    pub(super) query_offset: Option<String>,
}

impl From<&GroupOptions> for GroupColumns {
    fn from(group: &GroupOptions) -> Self {
        Self {
            interval: group.interval.as_ref().map(ToString::to_string),
            limit: group.limit.map(i64::from),
            query_offset: group.query_offset.as_ref().map(ToString::to_string),
        }
    }
}

/// Reads the options of a rule group; `table` and `id` are those of the row.
pub(super) fn group_options(
    columns: GroupColumns,
    table: &'static str,
    id: i64,
) -> Result<GroupOptions, StoreError> {
    let limit = columns.limit.map(|limit| {
        rows::narrow(limit, || StoreError::Inconsistent {
            table,
            column: "group_limit",
            id,
        })
    });
    Ok(GroupOptions {
        interval: columns.interval.map(PromDuration::stored),
        limit: limit.transpose()?,
        query_offset: columns.query_offset.map(PromDuration::stored),
    })
}

impl Stored for Service {
    type Table = service::Entity;
    type Row = service::ActiveModel;
    type Id = ServiceId;
    const TABLE: &'static str = "service";
    const ID: service::Column = service::Column::Id;

    fn id(&self) -> ServiceId {
        self.id
    }

    fn to_row(&self) -> service::ActiveModel {
        let group = GroupColumns::from(&self.group);
        service::ActiveModel {
            id: ActiveValue::NotSet,
            name: ActiveValue::Set(self.name.to_string()),
            description: ActiveValue::Set(self.description.clone()),
            owner: ActiveValue::Set(self.owner),
            group_interval: ActiveValue::Set(group.interval),
            group_limit: ActiveValue::Set(group.limit),
            group_query_offset: ActiveValue::Set(group.query_offset),
        }
    }

    fn from_row(row: service::Model) -> Result<Self, StoreError> {
        let columns = GroupColumns {
            interval: row.group_interval,
            limit: row.group_limit,
            query_offset: row.group_query_offset,
        };
        Ok(Self {
            id: row.id,
            name: Name::stored(row.name),
            description: row.description,
            owner: row.owner,
            group: group_options(columns, Self::TABLE, rows::number(row.id))?,
        })
    }
}

impl Stored for Project {
    type Table = project::Entity;
    type Row = project::ActiveModel;
    type Id = ProjectId;
    const TABLE: &'static str = "project";
    const ID: project::Column = project::Column::Id;

    fn id(&self) -> ProjectId {
        self.id
    }

    fn to_row(&self) -> project::ActiveModel {
        let group = GroupColumns::from(&self.group);
        project::ActiveModel {
            id: ActiveValue::NotSet,
            name: ActiveValue::Set(self.name.to_string()),
            description: ActiveValue::Set(self.description.clone()),
            owner: ActiveValue::Set(self.owner),
            service: ActiveValue::Set(self.service),
            shard: ActiveValue::Set(self.shard),
            farm: ActiveValue::Set(self.farm),
            group_interval: ActiveValue::Set(group.interval),
            group_limit: ActiveValue::Set(group.limit),
            group_query_offset: ActiveValue::Set(group.query_offset),
        }
    }

    fn from_row(row: project::Model) -> Result<Self, StoreError> {
        let columns = GroupColumns {
            interval: row.group_interval,
            limit: row.group_limit,
            query_offset: row.group_query_offset,
        };
        Ok(Self {
            id: row.id,
            name: Name::stored(row.name),
            description: row.description,
            owner: row.owner,
            service: row.service,
            shard: row.shard,
            farm: row.farm,
            group: group_options(columns, Self::TABLE, rows::number(row.id))?,
        })
    }
}

impl Tx {
    /// The service of that name, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_service(&self, name: &str) -> Result<Option<Service>, StoreError> {
        rows::find(self, Condition::all().add(service::Column::Name.eq(name))).await
    }

    /// The service of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_service(&self, id: ServiceId) -> Result<Option<Service>, StoreError> {
        rows::find_id(self, id).await
    }

    /// A slice of the visible services whose name holds a text.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page_services(
        &self,
        visible: &Visible,
        name: Option<&str>,
        sort: Sort<ServiceKey>,
        slice: Slice,
    ) -> Result<Listed<Service>, StoreError> {
        let named = name.map(|name| page::contains(self, service::Column::Name, name));
        let condition = visible.services().add_option(named);
        let order = vec![
            (service_key(sort.key), sort.order()),
            (service::Column::Name.into_simple_expr(), Order::Asc),
        ];
        page::page_by(self, condition, order, slice).await
    }

    /// The services of these ids, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_services_by_id(&self, ids: &[ServiceId]) -> Result<Vec<Service>, StoreError> {
        rows::list_in(self, service::Column::Id, ids).await
    }

    /// The projects of these ids, sorted by id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn list_projects_by_id(&self, ids: &[ProjectId]) -> Result<Vec<Project>, StoreError> {
        rows::list_in(self, project::Column::Id, ids).await
    }

    /// The project of that id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load_project(&self, id: ProjectId) -> Result<Option<Project>, StoreError> {
        rows::find_id(self, id).await
    }

    /// The project of that name, byte for byte.
    ///
    /// # Errors
    /// What the database says.
    pub async fn find_project(&self, name: &str) -> Result<Option<Project>, StoreError> {
        rows::find(self, Condition::all().add(project::Column::Name.eq(name))).await
    }

    /// Deletes a service, its projects with everything below them, its rules, its senders
    /// and the roles on them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_service(&self, id: ServiceId) -> Result<(), StoreError> {
        let projects: Vec<ProjectId> = project::Entity::find()
            .select_only()
            .column(project::Column::Id)
            .filter(project::Column::Service.eq(id))
            .into_tuple()
            .all(self.connection())
            .await?;
        self.delete_owned_by_projects(&projects).await?;
        self.delete_rules_of(&[RuleOwner::Service(id)]).await?;
        self.delete_senders_of(&[SenderOwner::Service(id)]).await?;
        self.delete_grants_on(&[RoleOn::Service(id)]).await?;
        rows::delete::<Service>(self, id).await
    }

    /// Deletes a project, its exporters, URLs, rules, senders and the roles on it. Its farm stays: other projects
    /// may have the same one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_project(&self, id: ProjectId) -> Result<(), StoreError> {
        self.delete_owned_by_projects(&[id]).await?;
        rows::delete::<Project>(self, id).await
    }

    /// Deletes what projects own by type and id, which no reference of the database knows.
    pub(super) async fn delete_owned_by_projects(
        &self,
        projects: &[ProjectId],
    ) -> Result<(), StoreError> {
        let rule_owners: Vec<_> = projects.iter().copied().map(RuleOwner::Project).collect();
        let sender_owners: Vec<_> = projects.iter().copied().map(SenderOwner::Project).collect();
        self.delete_rules_of(&rule_owners).await?;
        self.delete_senders_of(&sender_owners).await?;
        let objects: Vec<_> = projects.iter().copied().map(RoleOn::Project).collect();
        self.delete_grants_on(&objects).await
    }
}

fn service_key(key: ServiceKey) -> SimpleExpr {
    match key {
        ServiceKey::Name => service::Column::Name.into_simple_expr(),
        ServiceKey::Owner => sort::username(service::Column::Owner),
        ServiceKey::Projects => sort::projects_of(service::Column::Id),
        ServiceKey::Rules => sort::rules_of("service", service::Column::Id),
        ServiceKey::Senders => sort::senders_of("service", service::Column::Id),
    }
}
