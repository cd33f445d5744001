//! What of the tree somebody may see, as conditions of queries.

use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::entity::{exporter, farm, host, project, role, rule, sender, service, url};
use super::{Names, StoreError, Tx};
use crate::model::{ProjectId, ServiceId, UserId};

/// The part of the tree that a list is cut to. Who sees what is decided by
/// [`policy`](crate::app::policy).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    /// All of it.
    All,
    /// Some objects, and what is below them.
    Some {
        /// These services with all their projects.
        services: Vec<ServiceId>,
        /// These projects, wherever they are.
        projects: Vec<ProjectId>,
    },
}

impl Visible {
    pub(super) fn services(&self) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Some { services, .. } => {
                Condition::all().add(service::Column::Id.is_in(services.iter().copied()))
            }
        }
    }

    pub(super) fn projects(&self) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Some { services, projects } => Condition::any()
                .add(project::Column::Service.is_in(services.iter().copied()))
                .add(project::Column::Id.is_in(projects.iter().copied())),
        }
    }

    pub(super) fn exporters(&self) -> Condition {
        self.below(|ids| exporter::Column::Project.in_subquery(ids))
    }

    pub(super) fn urls(&self) -> Condition {
        self.below(|ids| url::Column::Project.in_subquery(ids))
    }

    /// Farms that serve a visible project.
    pub(super) fn farms(&self) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Some { .. } => {
                let served = self.select(project::Column::Farm);
                Condition::all().add(farm::Column::Id.in_subquery(served))
            }
        }
    }

    /// Hosts of farms that serve a visible project.
    pub(super) fn hosts(&self) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Some { .. } => {
                Condition::all().add(host::Column::Farm.in_subquery(self.farm_ids()))
            }
        }
    }

    /// Rules of the site, which everybody sees, and of visible services and projects.
    pub(super) fn rules(&self) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Some { services, .. } => Condition::any()
                .add(rule::Column::OwnerType.eq("site"))
                .add(owned(
                    rule::Column::OwnerType.eq("service"),
                    rule::Column::OwnerId.is_in(services.iter().map(|id| id.0)),
                ))
                .add(owned(
                    rule::Column::OwnerType.eq("project"),
                    rule::Column::OwnerId.in_subquery(self.select(project::Column::Id)),
                )),
        }
    }

    /// Senders of visible services and projects, and a user's own. With everything visible, those
    /// of all people are, unless `own` says whose.
    pub(super) fn senders(&self, own: Option<UserId>) -> Condition {
        match self {
            Self::All => match own {
                None => Condition::all(),
                Some(user) => Condition::any()
                    .add(sender::Column::OwnerType.ne("user"))
                    .add(sender::Column::OwnerId.eq(user.0)),
            },
            Self::Some { services, .. } => Condition::any()
                .add(owned(
                    sender::Column::OwnerType.eq("service"),
                    sender::Column::OwnerId.is_in(services.iter().map(|id| id.0)),
                ))
                .add(owned(
                    sender::Column::OwnerType.eq("project"),
                    sender::Column::OwnerId.in_subquery(self.select(project::Column::Id)),
                ))
                .add_option(own.map(|user| {
                    owned(
                        sender::Column::OwnerType.eq("user"),
                        sender::Column::OwnerId.eq(user.0),
                    )
                })),
        }
    }

    /// Roles on visible services and projects.
    pub(super) fn roles(&self) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Some { services, .. } => Condition::any()
                .add(owned(
                    role::Column::ObjectType.eq("service"),
                    role::Column::ObjectId.is_in(services.iter().map(|id| id.0)),
                ))
                .add(owned(
                    role::Column::ObjectType.eq("project"),
                    role::Column::ObjectId.in_subquery(self.select(project::Column::Id)),
                )),
        }
    }

    fn below(
        &self,
        within: impl Fn(SelectStatement) -> sea_orm::sea_query::SimpleExpr,
    ) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Some { .. } => Condition::all().add(within(self.select(project::Column::Id))),
        }
    }

    /// The ids of the visible projects.
    pub(super) fn project_ids(&self) -> SelectStatement {
        self.select(project::Column::Id)
    }

    /// The ids of the farms that serve a visible project.
    pub(super) fn farm_ids(&self) -> SelectStatement {
        self.select(project::Column::Farm)
    }

    /// A column of the visible projects.
    fn select(&self, column: project::Column) -> SelectStatement {
        Query::select()
            .column(column)
            .from(project::Entity)
            .cond_where(self.projects())
            .and_where(column.is_not_null())
            .to_owned()
    }
}

fn owned(kind: sea_orm::sea_query::SimpleExpr, id: sea_orm::sea_query::SimpleExpr) -> Condition {
    Condition::all().add(kind).add(id)
}

impl Tx {
    /// The names of what is visible; `None` when everything is.
    ///
    /// # Errors
    /// What the database says.
    pub async fn visible_names(&self, visible: &Visible) -> Result<Option<Names>, StoreError> {
        if *visible == Visible::All {
            return Ok(None);
        }
        let services = service::Entity::find()
            .select_only()
            .column(service::Column::Name)
            .filter(visible.services())
            .into_tuple()
            .all(self.connection())
            .await?;
        let projects = project::Entity::find()
            .select_only()
            .column(project::Column::Name)
            .filter(visible.projects())
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(Some(Names { services, projects }))
    }
}
