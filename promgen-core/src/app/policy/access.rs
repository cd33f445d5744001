//! What an actor has: rights, roles and groups, read once for a use case.

use std::collections::BTreeMap;

use super::{Act, Need};
use crate::app::{Actor, App, AppError};
use crate::config::Settings;
use crate::model::{
    GroupId, GroupRole, Project, ProjectId, Role, RoleOn, Rule, RuleOwner, Sender, SenderOwner,
    Service, ServiceId, Tree, UserId,
};
use crate::store::{StoreError, Tx, Visible};

/// What an act is done to.
#[derive(Debug, Clone, Copy)]
pub enum On<'a> {
    /// The installation: its rules.
    Site,
    /// A service.
    Service(&'a Service),
    /// A project, or an exporter, URL or rule of it.
    Project(&'a Project),
    /// The projects that a farm serves. It is seen from any of them, and changed by who may change
    /// all of them; one that serves none is everybody's as far as `permissions.default_role` goes.
    Farm(&'a [Project]),
    /// A group.
    Group(GroupId),
    /// A user, or a sender of theirs.
    User(UserId),
}

/// What somebody may do to one object: which buttons they are shown. The use cases decide again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct May {
    /// Change it, or what is below it ([`Act::Edit`]; for the site [`Act::ChangeSite`], for a group
    /// [`Act::ManageGroup`]).
    pub edit: bool,
    /// Give and take roles on it ([`Act::Manage`]).
    pub manage: bool,
    /// Delete it or give it away ([`Act::Own`]).
    pub own: bool,
}

/// What somebody has.
#[derive(Debug, Clone)]
pub struct Access {
    actor: Actor,
    /// Everything, always.
    all: bool,
    default_role: Option<Role>,
    services: BTreeMap<ServiceId, Role>,
    projects: BTreeMap<ProjectId, Role>,
    groups: BTreeMap<GroupId, GroupRole>,
}

impl Access {
    /// Reads what an actor has. For superusers, the operator and Promgen itself nothing is read.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(app: &App, tx: &Tx, actor: &Actor) -> Result<Self, StoreError> {
        let mut access = Self::without_roles(actor, app.settings());
        let Some(user) = actor.user().filter(|_| !access.all) else {
            return Ok(access);
        };
        for grant in tx.list_grants_of(user.id).await? {
            access.add(grant.on, grant.role);
        }
        let groups = tx.list_memberships(user.id).await?;
        access.groups = groups.iter().map(|one| (one.group, one.role)).collect();
        Ok(access)
    }

    /// What an actor has by themselves, before roles and groups count.
    pub(in crate::app) fn without_roles(actor: &Actor, settings: &Settings) -> Self {
        let all = match actor {
            Actor::Operator { .. } | Actor::System => true,
            Actor::User(user) | Actor::Token { user, .. } => user.active && user.superuser,
            Actor::Anonymous => false,
        };
        let known = actor.user().is_some_and(|user| user.active);
        Self {
            actor: actor.clone(),
            all,
            default_role: settings.permissions.default_role.filter(|_| known),
            services: BTreeMap::new(),
            projects: BTreeMap::new(),
            groups: BTreeMap::new(),
        }
    }

    /// Several roles on one object combine: the greatest counts.
    fn add(&mut self, on: RoleOn, role: Role) {
        let slot = match on {
            RoleOn::Service(id) => self.services.entry(id).or_insert(role),
            RoleOn::Project(id) => self.projects.entry(id).or_insert(role),
        };
        *slot = role.max(*slot);
    }

    /// Who it is.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether they may do everything.
    pub fn is_superuser(&self) -> bool {
        self.all
    }

    /// Whether they see every service and project, without any role on them.
    pub fn sees_all(&self) -> bool {
        self.all || self.default_role.is_some()
    }

    /// Whether there is any service or project that they may edit.
    pub fn edits_any(&self) -> bool {
        let roles = self.services.values().chain(self.projects.values());
        let greatest = roles.copied().chain(self.default_role).max();
        self.all || greatest >= Some(Role::Editor)
    }

    /// The services on which they have a role of their own.
    pub fn services(&self) -> impl Iterator<Item = ServiceId> + '_ {
        self.services.keys().copied()
    }

    /// The projects on which they have a role of their own, whatever they have on the services
    /// above them.
    pub fn projects(&self) -> impl Iterator<Item = ProjectId> + '_ {
        self.projects.keys().copied()
    }

    /// What lists are cut to.
    pub fn visible(&self) -> Visible {
        if self.sees_all() {
            return Visible::All;
        }
        Visible::Some {
            services: self.services().collect(),
            projects: self.projects().collect(),
        }
    }

    /// The groups that they are in.
    pub fn groups(&self) -> impl Iterator<Item = GroupId> + '_ {
        self.groups.keys().copied()
    }

    /// Their role on a service. A role on a project gives none on its service.
    pub fn on_service(&self, id: ServiceId) -> Option<Role> {
        if self.all {
            return Some(Role::Admin);
        }
        self.services.get(&id).copied().max(self.default_role)
    }

    /// Their role on a project, its service's included.
    pub fn on_project(&self, id: ProjectId, service: ServiceId) -> Option<Role> {
        let own = self.projects.get(&id).copied();
        own.max(self.on_service(service))
    }

    /// Their role in a group.
    pub fn in_group(&self, id: GroupId) -> Option<GroupRole> {
        if self.all {
            return Some(GroupRole::Admin);
        }
        self.groups.get(&id).copied()
    }

    /// Their role on what an act is done to: for a farm the greatest when it is seen, the least
    /// when it is changed.
    pub fn role_on(&self, on: On<'_>, needed: Role) -> Option<Role> {
        match on {
            On::Site | On::Farm([]) | On::User(_) if self.all => Some(Role::Admin),
            On::Site => self.actor.user().map(|_| Role::Viewer),
            On::Service(service) => self.on_service(service.id),
            On::Project(project) => self.on_project(project.id, project.service),
            On::Farm([]) => self.default_role,
            On::Farm(projects) => {
                let roles = projects
                    .iter()
                    .map(|one| self.on_project(one.id, one.service));
                if needed == Role::Viewer {
                    roles.max().flatten()
                } else {
                    roles.min().flatten()
                }
            }
            On::User(id) => self.is(id).then_some(Role::Admin),
            On::Group(_) => None,
        }
    }

    fn is(&self, user: UserId) -> bool {
        self.actor.user().is_some_and(|own| own.id == user)
    }

    /// Refuses an act that is not about one object.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] when logging in could help, else [`AppError::Forbidden`].
    pub fn require(&self, act: Act, settings: &Settings) -> Result<(), AppError> {
        match act.need() {
            Need::Right(right) => self.actor.require(right, settings),
            Need::Nothing => Ok(()),
            _ => self.require_scope(act),
        }
    }

    /// Refuses an act on an object.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] when logging in could help, else [`AppError::Forbidden`].
    pub fn require_on(&self, act: Act, on: On<'_>, settings: &Settings) -> Result<(), AppError> {
        self.require(act, settings)?;
        let (may, need) = match act.need() {
            Need::Nothing | Need::Right(_) => return Ok(()),
            Need::Role(role) => (
                self.role_on(on, role) >= Some(role),
                format!("the role {role}"),
            ),
            Need::Owner => (self.owns(on), "to be its owner".to_owned()),
            Need::GroupRole(role) => {
                let may = matches!(on, On::Group(id) if self.in_group(id) >= Some(role));
                (may, format!("to be {role} of the group"))
            }
            Need::Self_ => {
                let may = matches!(on, On::User(id) if self.all || self.is(id));
                (may, "to be that user".to_owned())
            }
        };
        if may {
            Ok(())
        } else {
            Err(AppError::Forbidden { need })
        }
    }

    /// What they may do to an object.
    pub fn may(&self, on: On<'_>, settings: &Settings) -> May {
        let edit = match on {
            On::Site => Act::ChangeSite,
            On::Group(_) => Act::ManageGroup,
            On::User(_) => Act::ChangeOwnSender,
            On::Service(_) | On::Project(_) | On::Farm(_) => Act::Edit,
        };
        let may = |act| self.require_on(act, on, settings).is_ok();
        May {
            edit: may(edit),
            manage: may(Act::Manage),
            own: may(Act::Own),
        }
    }

    /// Whether they may see an object.
    pub fn sees(&self, on: On<'_>) -> bool {
        self.role_on(on, Role::Viewer).is_some()
    }

    fn owns(&self, on: On<'_>) -> bool {
        let owner = match on {
            On::Service(service) => service.owner,
            On::Project(project) => project.owner,
            _ => None,
        };
        self.all || owner.is_some_and(|owner| self.is(owner))
    }

    fn require_scope(&self, act: Act) -> Result<(), AppError> {
        match &self.actor {
            Actor::Anonymous => Err(AppError::Unauthenticated),
            Actor::Token { token, .. } if !token.scopes.contains(&act.scope()) => {
                Err(AppError::Forbidden {
                    need: format!("a token with scope {}", act.scope()),
                })
            }
            Actor::User(user) | Actor::Token { user, .. } if !user.active => {
                Err(AppError::Unauthenticated)
            }
            _ => Ok(()),
        }
    }
}

impl<'a> On<'a> {
    /// What a rule belongs to; `None` when that does not exist.
    pub fn rule(rule: &Rule, tree: &'a Tree) -> Option<Self> {
        match rule.owner {
            RuleOwner::Site => Some(Self::Site),
            RuleOwner::Service(id) => tree.service(id).map(Self::Service),
            RuleOwner::Project(id) => tree.project(id).map(Self::Project),
        }
    }

    /// What a sender belongs to; `None` when that does not exist.
    pub fn sender(sender: &Sender, tree: &'a Tree) -> Option<Self> {
        match sender.owner {
            SenderOwner::Service(id) => tree.service(id).map(Self::Service),
            SenderOwner::Project(id) => tree.project(id).map(Self::Project),
            SenderOwner::User(id) => Some(Self::User(id)),
        }
    }
}

#[cfg(test)]
mod tests;
