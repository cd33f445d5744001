//! What roles are on, and who has them.

use crate::app::AppError;
use crate::app::change::Subject;
use crate::app::policy::On;
use crate::model::{
    AuditKind, Called, Grant, Grantee, Group, Name, Project, Role, RoleOn, SenderOwner, Service,
    User, UserId,
};
use crate::store::Tx;

/// A service or a project.
pub(in crate::app) enum Object {
    Service(Service),
    Project(Project),
}

impl Object {
    pub(in crate::app) async fn load(tx: &Tx, on: RoleOn) -> Result<Self, AppError> {
        let found = match on {
            RoleOn::Service(id) => tx.load_service(id).await?.map(Self::Service),
            RoleOn::Project(id) => tx.load_project(id).await?.map(Self::Project),
        };
        found.ok_or_else(|| AppError::not_found(on.kind(), &on.id()))
    }

    pub(in crate::app) fn on(&self) -> On<'_> {
        match self {
            Self::Service(service) => On::Service(service),
            Self::Project(project) => On::Project(project),
        }
    }

    pub(in crate::app) fn name(&self) -> &Name {
        match self {
            Self::Service(service) => &service.name,
            Self::Project(project) => &project.name,
        }
    }

    pub(in crate::app) fn owner(&self) -> Option<UserId> {
        match self {
            Self::Service(service) => service.owner,
            Self::Project(project) => project.owner,
        }
    }

    pub(in crate::app) fn as_sender_owner(&self) -> SenderOwner {
        match self {
            Self::Service(service) => SenderOwner::Service(service.id),
            Self::Project(project) => SenderOwner::Project(project.id),
        }
    }

    pub(super) fn as_role_on(&self) -> RoleOn {
        match self {
            Self::Service(service) => RoleOn::Service(service.id),
            Self::Project(project) => RoleOn::Project(project.id),
        }
    }

    /// What the audit log calls a role on it.
    pub(super) fn subject(&self, grant: &Grant, holder: &Holder) -> Subject {
        let kind = match self {
            Self::Service(_) => AuditKind::Service,
            Self::Project(_) => AuditKind::Project,
        };
        let name = Called::Role {
            role: &grant.on.codename(grant.role),
            holder: holder.name(),
            kind,
            on: self.name(),
        };
        Subject::new(AuditKind::Role, grant.id.0, name.to_string()).below(kind, grant.on.id())
    }
}

/// A user or a group.
pub(in crate::app) enum Holder {
    User(User),
    Group(Group),
}

impl Holder {
    pub(super) async fn find(tx: &Tx, grantee: Grantee) -> Result<Option<Self>, AppError> {
        Ok(match grantee {
            Grantee::User(id) => tx.load_user(id).await?.map(Self::User),
            Grantee::Group(id) => tx.load_group(id).await?.map(Self::Group),
        })
    }

    pub(super) fn grantee(&self) -> Grantee {
        match self {
            Self::User(user) => Grantee::User(user.id),
            Self::Group(group) => Grantee::Group(group.id),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::User(user) => &user.username,
            Self::Group(group) => &group.name,
        }
    }

    /// Whether it is the owner, whose role cannot be another one.
    pub(super) fn owns(&self, object: &Object) -> bool {
        matches!(self, Self::User(user) if object.owner() == Some(user.id))
    }
}

/// The owner keeps their role.
pub(super) fn kept(field: &str, role: Role) -> AppError {
    let message = format!("the owner keeps the role {}", role.word());
    AppError::invalid(field, message, "transfer the ownership first")
}
