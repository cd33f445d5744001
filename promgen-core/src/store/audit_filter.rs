//! Which entries of the audit log are wanted, and which somebody may see.

use sea_orm::sea_query::{Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use super::Visible;
use super::entity::{audit, project, users};
use crate::model::{GroupId, ProjectId, RuleId, ServiceId, UserId};

/// Which entries a list holds. What is not given does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditFilter<'a> {
    /// Kind of the object.
    pub kind: Option<&'a str>,
    /// Id of the object.
    pub object: Option<i64>,
    /// Kind of the object above it.
    pub parent_kind: Option<&'a str>,
    /// Id of the object above it.
    pub parent_object: Option<i64>,
    /// Login name of who did it, also of somebody who is gone.
    pub user: Option<&'a str>,
    /// Id of who did it.
    pub user_id: Option<UserId>,
    /// Login name of who did it and is gone.
    pub gone: Option<&'a str>,
    /// Objects to whose histories it belongs, all of them.
    pub histories: &'a [History],
}

impl AuditFilter<'_> {
    pub(super) fn condition(&self) -> Condition {
        let user = self.user.map(|username| {
            let users = Query::select()
                .column(users::Column::Id)
                .from(users::Entity)
                .and_where(users::Column::Username.eq(username))
                .to_owned();
            Condition::any()
                .add(audit::Column::User.in_subquery(users))
                .add(gone(username))
        });
        let mut condition = Condition::all();
        for history in self.histories {
            condition = condition.add(history.condition());
        }
        condition
            .add_option(self.kind.map(|kind| audit::Column::Kind.eq(kind)))
            .add_option(self.object.map(|id| audit::Column::Object.eq(id)))
            .add_option(
                self.parent_kind
                    .map(|kind| audit::Column::ParentKind.eq(kind)),
            )
            .add_option(
                self.parent_object
                    .map(|id| audit::Column::ParentObject.eq(id)),
            )
            .add_option(user)
            .add_option(self.user_id.map(|id| audit::Column::User.eq(id)))
            .add_option(self.gone.map(gone))
    }
}

/// Entries of somebody of that name who is gone.
fn gone(username: &str) -> Condition {
    Condition::all()
        .add(audit::Column::User.is_null())
        .add(audit::Column::Username.eq(username))
}

/// An object and what is below it, as far as the audit log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// A service, what is below it, and what is below the projects that it has.
    Service(ServiceId),
    /// A project, what is below it, and the farm that it has.
    Project(ProjectId),
    /// A rule.
    Rule(RuleId),
    /// A group and its members.
    Group(GroupId),
}

impl History {
    fn condition(self) -> Condition {
        match self {
            Self::Rule(id) => about("rule", |column| column.eq(id.0)),
            Self::Group(id) => within("group", |column| column.eq(id.0)),
            Self::Service(id) => {
                let its_own = project::Column::Service.eq(id);
                let projects = move || of_projects(project::Column::Id, its_own.clone());
                within("service", |column| column.eq(id.0))
                    .add(below("project", |column| column.in_subquery(projects())))
            }
            Self::Project(id) => {
                let farm = move || of_projects(project::Column::Farm, project::Column::Id.eq(id));
                within("project", |column| column.eq(id.0))
                    .add(within("farm", |column| column.in_subquery(farm())))
            }
        }
    }
}

/// A column of some projects.
fn of_projects(column: project::Column, which: SimpleExpr) -> SelectStatement {
    Query::select()
        .column(column)
        .from(project::Entity)
        .and_where(which)
        .and_where(column.is_not_null())
        .to_owned()
}

/// What somebody may see of the audit log who may not see all of it: entries about what they see,
/// about their groups, and about what is theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditScope {
    /// What they see of the tree.
    pub visible: Visible,
    /// Their groups.
    pub groups: Vec<GroupId>,
    /// Who they are.
    pub user: Option<UserId>,
}

/// Kinds of objects of the tree that stand below services and projects, or are those.
const OF_THE_TREE: [&str; 7] = [
    "service", "project", "farm", "host", "exporter", "url", "rule",
];

impl AuditScope {
    pub(super) fn condition(&self) -> Condition {
        let groups = || self.groups.iter().map(|id| i64::from(id.0));
        Condition::any()
            .add(self.tree())
            .add(within("group", |column| column.is_in(groups())))
            .add_option(
                self.user
                    .map(|user| below("user", |column| column.eq(user.0))),
            )
            // Rules of the site are everybody's to see.
            .add(
                Condition::all()
                    .add(audit::Column::Kind.eq("rule"))
                    .add(audit::Column::ParentKind.eq("site")),
            )
    }

    fn tree(&self) -> Condition {
        let Visible::Some { services, .. } = &self.visible else {
            return Condition::any()
                .add(audit::Column::Kind.is_in(OF_THE_TREE))
                .add(audit::Column::ParentKind.is_in(["service", "project"]));
        };
        let services = || services.iter().map(|id| i64::from(id.0));
        let projects = || self.visible.project_ids();
        let farms = || self.visible.farm_ids();
        Condition::any()
            .add(within("service", |column| column.is_in(services())))
            .add(within("project", |column| column.in_subquery(projects())))
            .add(within("farm", |column| column.in_subquery(farms())))
    }
}

/// Entries about objects of a kind, and about what is below them.
fn within(kind: &str, which: impl Fn(audit::Column) -> SimpleExpr) -> Condition {
    Condition::any()
        .add(about(kind, &which))
        .add(below(kind, &which))
}

fn about(kind: &str, which: impl Fn(audit::Column) -> SimpleExpr) -> Condition {
    Condition::all()
        .add(audit::Column::Kind.eq(kind))
        .add(which(audit::Column::Object))
}

fn below(kind: &str, which: impl Fn(audit::Column) -> SimpleExpr) -> Condition {
    Condition::all()
        .add(audit::Column::ParentKind.eq(kind))
        .add(which(audit::Column::ParentObject))
}
