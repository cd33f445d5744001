//! What saving has to know of each kind of object: its references, its name, its audit JSON.

use std::collections::BTreeMap;

use serde_json::Value;

use super::save::rule_depths;
use crate::app::App;
use crate::app::change::{Subject, sender_json};
use crate::model::{
    AuditKind, Exporter, Farm, FarmId, Host, Preset, Probe, ProbeId, Project, ProjectId, Rule,
    RuleId, RuleOwner, Sender, SenderOwner, Server, Service, ServiceId, Shard, ShardId, Url, User,
    UserId,
};

/// The ids that the database gave to new objects.
#[derive(Debug, Default)]
pub(in crate::app) struct Ids {
    users: BTreeMap<UserId, UserId>,
    shards: BTreeMap<ShardId, ShardId>,
    probes: BTreeMap<ProbeId, ProbeId>,
    services: BTreeMap<ServiceId, ServiceId>,
    farms: BTreeMap<FarmId, FarmId>,
    projects: BTreeMap<ProjectId, ProjectId>,
    rules: BTreeMap<RuleId, RuleId>,
}

impl Ids {
    /// A service as it is stored.
    pub(super) fn stored_service(&self, service: &Service) -> Service {
        Service {
            id: real(&self.services, service.id),
            ..service.resolved(self)
        }
    }

    /// A project as it is stored.
    pub(super) fn stored_project(&self, project: &Project) -> Project {
        Project {
            id: real(&self.projects, project.id),
            ..project.resolved(self)
        }
    }

    /// A user as they are stored.
    pub(super) fn stored_user(&self, user: &User) -> User {
        User {
            id: real(&self.users, user.id),
            ..user.clone()
        }
    }
}

fn real<I: Ord + Copy>(ids: &BTreeMap<I, I>, id: I) -> I {
    ids.get(&id).copied().unwrap_or(id)
}

/// An object of the tree, as far as saving goes.
pub(in crate::app) trait Saved: Clone + PartialEq {
    /// Its id as a number.
    fn id(&self) -> i64;

    /// The same object with its references to new objects made real.
    fn resolved(&self, _ids: &Ids) -> Self {
        self.clone()
    }

    /// Its name in the audit log, and what it hangs below.
    fn subject(&self) -> Subject;

    /// Its JSON in the audit log.
    fn json(&self, app: &App) -> Value;

    /// How deep each object hangs below others of its kind; those above go in first.
    fn depths(_list: &[Self]) -> BTreeMap<i64, usize> {
        BTreeMap::new()
    }

    /// Remembers what id the database gave to a new one.
    fn note(&self, _given: &Self, _ids: &mut Ids) {}

    /// Whether the database does not know it yet.
    fn is_new(&self) -> bool {
        self.id() < 0
    }
}

fn plain<T: serde::Serialize>(item: &T) -> Value {
    // The types of the model hold nothing that JSON cannot; a failure would leave the entry empty.
    serde_json::to_value(item).unwrap_or_default()
}

impl Saved for User {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn subject(&self) -> Subject {
        Subject::new(AuditKind::User, self.id.0, &self.username)
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }

    fn note(&self, given: &Self, ids: &mut Ids) {
        ids.users.insert(self.id, given.id);
    }
}

impl Saved for Shard {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn subject(&self) -> Subject {
        Subject::new(AuditKind::Shard, self.id.0, &self.name)
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }

    fn note(&self, given: &Self, ids: &mut Ids) {
        ids.shards.insert(self.id, given.id);
    }
}

impl Saved for Server {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn resolved(&self, ids: &Ids) -> Self {
        Self {
            shard: real(&ids.shards, self.shard),
            ..self.clone()
        }
    }

    fn subject(&self) -> Subject {
        Subject::new(
            AuditKind::Server,
            self.id.0,
            format!("{}:{}", self.host, self.port),
        )
        .below(AuditKind::Shard, self.shard.0)
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }
}

impl Saved for Preset {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn subject(&self) -> Subject {
        Subject::new(
            AuditKind::Preset,
            self.id.0,
            format!("{}:{}{}", self.job, self.port, self.path),
        )
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }
}

impl Saved for Probe {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn subject(&self) -> Subject {
        Subject::new(AuditKind::Probe, self.id.0, &self.module)
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }

    fn note(&self, given: &Self, ids: &mut Ids) {
        ids.probes.insert(self.id, given.id);
    }
}

impl Saved for Service {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn resolved(&self, ids: &Ids) -> Self {
        Self {
            owner: self.owner.map(|id| real(&ids.users, id)),
            ..self.clone()
        }
    }

    fn subject(&self) -> Subject {
        Subject::new(AuditKind::Service, self.id.0, &self.name)
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }

    fn note(&self, given: &Self, ids: &mut Ids) {
        ids.services.insert(self.id, given.id);
    }
}

impl Saved for Farm {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn subject(&self) -> Subject {
        Subject::new(
            AuditKind::Farm,
            self.id.0,
            format!("{} ({})", self.name, self.source),
        )
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }

    fn note(&self, given: &Self, ids: &mut Ids) {
        ids.farms.insert(self.id, given.id);
    }
}

impl Saved for Host {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn resolved(&self, ids: &Ids) -> Self {
        Self {
            farm: real(&ids.farms, self.farm),
            ..self.clone()
        }
    }

    fn subject(&self) -> Subject {
        Subject::new(AuditKind::Host, self.id.0, &self.name).below(AuditKind::Farm, self.farm.0)
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }
}

impl Saved for Project {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn resolved(&self, ids: &Ids) -> Self {
        Self {
            owner: self.owner.map(|id| real(&ids.users, id)),
            service: real(&ids.services, self.service),
            shard: real(&ids.shards, self.shard),
            farm: self.farm.map(|id| real(&ids.farms, id)),
            ..self.clone()
        }
    }

    fn subject(&self) -> Subject {
        Subject::new(AuditKind::Project, self.id.0, &self.name)
            .below(AuditKind::Service, self.service.0)
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }

    fn note(&self, given: &Self, ids: &mut Ids) {
        ids.projects.insert(self.id, given.id);
    }
}

impl Saved for Exporter {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn resolved(&self, ids: &Ids) -> Self {
        Self {
            project: real(&ids.projects, self.project),
            ..self.clone()
        }
    }

    fn subject(&self) -> Subject {
        Subject::new(
            AuditKind::Exporter,
            self.id.0,
            format!("{}:{}{}", self.job, self.port, self.path),
        )
        .below(AuditKind::Project, self.project.0)
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }
}

impl Saved for Url {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn resolved(&self, ids: &Ids) -> Self {
        Self {
            project: real(&ids.projects, self.project),
            probe: real(&ids.probes, self.probe),
            ..self.clone()
        }
    }

    fn subject(&self) -> Subject {
        Subject::new(AuditKind::Url, self.id.0, &self.url).below(AuditKind::Project, self.project.0)
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }
}

impl Saved for Rule {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn resolved(&self, ids: &Ids) -> Self {
        let owner = match self.owner {
            RuleOwner::Site => RuleOwner::Site,
            RuleOwner::Service(id) => RuleOwner::Service(real(&ids.services, id)),
            RuleOwner::Project(id) => RuleOwner::Project(real(&ids.projects, id)),
        };
        let parent = self.parent.map(|id| real(&ids.rules, id));
        Self {
            parent,
            owner,
            ..self.clone()
        }
    }

    fn subject(&self) -> Subject {
        let subject = Subject::new(AuditKind::Rule, self.id.0, &self.name);
        match self.owner {
            RuleOwner::Site => subject.below(AuditKind::Site, 1),
            RuleOwner::Service(id) => subject.below(AuditKind::Service, id.0),
            RuleOwner::Project(id) => subject.below(AuditKind::Project, id.0),
        }
    }

    fn json(&self, _app: &App) -> Value {
        plain(self)
    }

    fn depths(list: &[Self]) -> BTreeMap<i64, usize> {
        rule_depths(list)
    }

    fn note(&self, given: &Self, ids: &mut Ids) {
        ids.rules.insert(self.id, given.id);
    }
}

impl Saved for Sender {
    fn id(&self) -> i64 {
        self.id.0.into()
    }

    fn resolved(&self, ids: &Ids) -> Self {
        let owner = match self.owner {
            SenderOwner::Service(id) => SenderOwner::Service(real(&ids.services, id)),
            SenderOwner::Project(id) => SenderOwner::Project(real(&ids.projects, id)),
            SenderOwner::User(id) => SenderOwner::User(real(&ids.users, id)),
        };
        let added_by = self.added_by.map(|id| real(&ids.users, id));
        Self {
            owner,
            added_by,
            value: ids.subscriber(&self.value),
            ..self.clone()
        }
    }

    fn subject(&self) -> Subject {
        // The value may be a secret.
        let name = match self.alias.as_str() {
            "" => self.driver.clone(),
            alias => format!("{} {alias}", self.driver),
        };
        let subject = Subject::new(AuditKind::Sender, self.id.0, name);
        match self.owner {
            SenderOwner::Service(id) => subject.below(AuditKind::Service, id.0),
            SenderOwner::Project(id) => subject.below(AuditKind::Project, id.0),
            SenderOwner::User(id) => subject.below(AuditKind::User, id.0),
        }
    }

    fn json(&self, app: &App) -> Value {
        sender_json(app, self)
    }
}

impl Ids {
    /// The value of a user subscription is the user's id as text, negative for a new user. No other
    /// driver takes a negative number for an address.
    fn subscriber(&self, value: &str) -> String {
        let id: Option<UserId> = value.parse().ok();
        match id.and_then(|id| self.users.get(&id)) {
            Some(user) => user.to_string(),
            None => value.to_owned(),
        }
    }
}
