//! Who could hear about an alert: senders by their owner, looked up by name.

use std::collections::{BTreeMap, HashMap};

use crate::model::{MASKED, ProjectId, Sender, SenderOwner, ServiceId, Tree, UserId};

/// What the program can do with a driver key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Driver {
    /// It sends.
    Sends,
    /// It sends, and the values of its senders are secrets, such as keys.
    Secret,
    /// It sends, to URLs that are keys themselves.
    Url,
    /// It stands for the personal senders of the user that the value names.
    FanOut,
    /// It is not part of the program.
    Missing,
}

/// What routing has to know of the tree, indexed once, so that a decision takes microseconds
/// however many senders there are.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    services: HashMap<String, ServiceId>,
    projects: HashMap<String, (ProjectId, ServiceId)>,
    service_names: HashMap<ServiceId, String>,
    project_names: HashMap<ProjectId, String>,
    senders: HashMap<SenderOwner, Vec<Sender>>,
    users: HashMap<UserId, (String, bool)>,
    drivers: BTreeMap<String, Driver>,
}

impl Directory {
    /// Indexes a tree. `driver` tells what the program can do with a driver key.
    pub fn new(tree: &Tree, driver: &dyn Fn(&str) -> Driver) -> Self {
        let mut directory = Self::default();
        for service in &tree.services {
            directory
                .services
                .insert(service.name.to_string(), service.id);
            directory
                .service_names
                .insert(service.id, service.name.to_string());
        }
        for project in &tree.projects {
            directory
                .projects
                .insert(project.name.to_string(), (project.id, project.service));
            directory
                .project_names
                .insert(project.id, project.name.to_string());
        }
        for user in &tree.users {
            directory
                .users
                .insert(user.id, (user.username.clone(), user.active));
        }
        for sender in &tree.senders {
            directory
                .drivers
                .entry(sender.driver.clone())
                .or_insert_with(|| driver(&sender.driver));
            directory
                .senders
                .entry(sender.owner)
                .or_default()
                .push(sender.clone());
        }
        for senders in directory.senders.values_mut() {
            senders.sort_by_key(|sender| sender.id);
        }
        directory
    }

    pub(super) fn service(&self, name: &str) -> Option<ServiceId> {
        self.services.get(name).copied()
    }

    pub(super) fn project(&self, name: &str) -> Option<(ProjectId, ServiceId)> {
        self.projects.get(name).copied()
    }

    pub(super) fn senders(&self, owner: SenderOwner) -> &[Sender] {
        self.senders.get(&owner).map_or(&[], Vec::as_slice)
    }

    pub(super) fn driver(&self, key: &str) -> Driver {
        self.drivers.get(key).copied().unwrap_or(Driver::Missing)
    }

    /// The user that a subscription's value names: id, and whether they are active.
    pub(super) fn subscriber(&self, value: &str) -> Option<(UserId, bool)> {
        let id: UserId = value.parse().ok()?;
        self.users.get(&id).map(|(_, active)| (id, *active))
    }

    pub(super) fn owner_name(&self, owner: SenderOwner) -> String {
        let name = match owner {
            SenderOwner::Service(id) => self.service_names.get(&id),
            SenderOwner::Project(id) => self.project_names.get(&id),
            SenderOwner::User(id) => self.users.get(&id).map(|(name, _)| name),
        };
        name.cloned().unwrap_or_default()
    }

    /// How a sender may be shown: the alias, a subscriber's name, or what may be shown of the
    /// value.
    pub(super) fn shown(&self, sender: &Sender) -> String {
        match self.driver(&sender.driver) {
            _ if !sender.alias.is_empty() => sender.alias.clone(),
            Driver::FanOut => {
                let id = sender.value.parse().ok();
                let user = id.and_then(|id: UserId| self.users.get(&id));
                user.map(|(name, _)| name.clone()).unwrap_or_default()
            }
            Driver::Secret => MASKED.to_owned(),
            Driver::Url => Sender::excerpt(&sender.driver, &sender.value),
            Driver::Sends | Driver::Missing => sender.value.clone(),
        }
    }
}
