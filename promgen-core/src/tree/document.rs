//! A tree document as it was read: what it says, and where it says it.
//!
//! `Option` means that a key may be absent, and absent means "no statement".

use std::collections::BTreeMap;

use crate::model::{
    Filter, GroupOptions, LabelName, Name, Place, PromDuration, RuleKind, Scheme, Secret,
};

/// A tree document that could be read; what it names may still not exist.
#[derive(Debug, Clone, Default)]
pub struct Document {
    pub(super) site: Option<SiteDoc>,
    pub(super) shards: Option<Vec<ShardDoc>>,
    pub(super) probes: Option<Vec<ProbeDoc>>,
    pub(super) presets: Option<Vec<PresetDoc>>,
    pub(super) users: Option<Vec<UserDoc>>,
    pub(super) farms: Option<Vec<FarmDoc>>,
    pub(super) services: Option<Vec<ServiceDoc>>,
}

/// Where something stands: its path, and its line.
#[derive(Debug, Clone)]
pub(super) struct At {
    pub(super) path: String,
    pub(super) place: Place,
}

#[derive(Debug, Clone)]
pub(super) struct SiteDoc {
    pub(super) domain: Option<String>,
    pub(super) name: Option<String>,
    pub(super) group: Option<GroupOptions>,
    pub(super) rules: Option<Vec<RuleDoc>>,
}

#[derive(Debug, Clone)]
pub(super) struct ShardDoc {
    pub(super) at: At,
    pub(super) id: Option<i32>,
    pub(super) name: Name,
    pub(super) url: Option<String>,
    pub(super) proxy: Option<bool>,
    pub(super) enabled: Option<bool>,
    pub(super) authorization: Option<SecretDoc>,
    pub(super) samples: Option<u64>,
    pub(super) targets: Option<u64>,
    pub(super) servers: Option<Vec<ServerDoc>>,
}

/// A secret, or the statement that it stays as it is.
#[derive(Debug, Clone)]
pub(super) enum SecretDoc {
    Kept,
    Given(Secret<String>),
}

#[derive(Debug, Clone)]
pub(super) struct ServerDoc {
    pub(super) at: At,
    pub(super) host: String,
    pub(super) port: u16,
}

#[derive(Debug, Clone)]
pub(super) struct ProbeDoc {
    pub(super) at: At,
    pub(super) id: Option<i32>,
    pub(super) module: String,
    pub(super) description: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct PresetDoc {
    pub(super) at: At,
    pub(super) job: String,
    pub(super) port: u16,
    pub(super) path: String,
    pub(super) scheme: Scheme,
}

#[derive(Debug, Clone)]
pub(super) struct UserDoc {
    pub(super) at: At,
    pub(super) username: String,
    pub(super) email: Option<String>,
    pub(super) senders: Option<Vec<SenderDoc>>,
}

#[derive(Debug, Clone)]
pub(super) struct FarmDoc {
    pub(super) name: Name,
    pub(super) source: String,
    pub(super) hosts: Option<Vec<HostDoc>>,
}

#[derive(Debug, Clone)]
pub(super) struct HostDoc {
    pub(super) at: At,
    pub(super) name: String,
}

/// What a project says of its farm.
#[derive(Debug, Clone)]
pub(super) enum ProjectFarm {
    /// It has none.
    None,
    /// It shares the farm of another project.
    Like { at: At, project: String },
    /// This one.
    Own(FarmDoc),
}

#[derive(Debug, Clone)]
pub(super) struct ServiceDoc {
    pub(super) at: At,
    pub(super) id: Option<i32>,
    pub(super) name: Name,
    pub(super) description: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) group: Option<GroupOptions>,
    pub(super) rules: Option<Vec<RuleDoc>>,
    pub(super) senders: Option<Vec<SenderDoc>>,
    pub(super) projects: Option<Vec<ProjectDoc>>,
}

#[derive(Debug, Clone)]
pub(super) struct ProjectDoc {
    pub(super) at: At,
    pub(super) id: Option<i32>,
    pub(super) name: Name,
    pub(super) description: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) shard: String,
    pub(super) group: Option<GroupOptions>,
    pub(super) farm: Option<ProjectFarm>,
    pub(super) exporters: Option<Vec<ExporterDoc>>,
    pub(super) urls: Option<Vec<UrlDoc>>,
    pub(super) rules: Option<Vec<RuleDoc>>,
    pub(super) senders: Option<Vec<SenderDoc>>,
}

#[derive(Debug, Clone)]
pub(super) struct ExporterDoc {
    pub(super) at: At,
    pub(super) job: String,
    pub(super) port: u16,
    pub(super) path: String,
    pub(super) scheme: Scheme,
    pub(super) enabled: bool,
}

#[derive(Debug, Clone)]
pub(super) struct UrlDoc {
    pub(super) at: At,
    pub(super) url: String,
    pub(super) probe: String,
}

/// A rule is stated whole: what is absent has its default.
#[derive(Debug, Clone)]
pub(super) struct RuleDoc {
    pub(super) at: At,
    pub(super) id: Option<i32>,
    pub(super) name: Name,
    pub(super) kind: RuleKind,
    pub(super) clause: String,
    pub(super) duration: PromDuration,
    pub(super) keep_firing_for: Option<PromDuration>,
    pub(super) enabled: bool,
    pub(super) parent: Option<String>,
    pub(super) description: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) annotations: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub(super) struct SenderDoc {
    pub(super) at: At,
    pub(super) driver: String,
    pub(super) value: SenderValue,
    pub(super) alias: String,
    pub(super) enabled: bool,
    pub(super) added_by: Option<String>,
    pub(super) secret: Option<SecretDoc>,
    pub(super) filters: Vec<(LabelName, String)>,
}

#[derive(Debug, Clone)]
pub(super) enum SenderValue {
    Given(String),
    Ref(String),
}

impl SenderDoc {
    pub(super) fn has_filters(&self, filters: &[Filter]) -> bool {
        let pairs: Vec<(&str, &str)> = filters
            .iter()
            .map(|f| (f.name.as_str(), f.value.as_str()))
            .collect();
        let own: Vec<(&str, &str)> = self
            .filters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        pairs == own
    }
}

impl Document {
    /// Where a rule of that name stands.
    pub fn place_of_rule(&self, name: &str) -> Option<Place> {
        self.rules()
            .find(|rule| rule.name == name)
            .map(|rule| rule.at.place)
    }

    /// Where a sender stands.
    pub fn place_of_sender(&self, driver: &str, value: &str) -> Option<Place> {
        let has = |sender: &&SenderDoc| match &sender.value {
            SenderValue::Given(given) => sender.driver == driver && given == value,
            SenderValue::Ref(_) => false,
        };
        self.senders().find(has).map(|sender| sender.at.place)
    }

    fn rules(&self) -> impl Iterator<Item = &RuleDoc> {
        let site = self.site.iter().flat_map(|site| &site.rules).flatten();
        let services = self.services.iter().flatten();
        let below = services.flat_map(|service| {
            let projects = service.projects.iter().flatten();
            let of_projects = projects.flat_map(|project| project.rules.iter().flatten());
            service.rules.iter().flatten().chain(of_projects)
        });
        site.chain(below)
    }

    fn senders(&self) -> impl Iterator<Item = &SenderDoc> {
        let users = self
            .users
            .iter()
            .flatten()
            .flat_map(|user| user.senders.iter().flatten());
        let services = self.services.iter().flatten();
        let below = services.flat_map(|service| {
            let projects = service.projects.iter().flatten();
            let of_projects = projects.flat_map(|project| project.senders.iter().flatten());
            service.senders.iter().flatten().chain(of_projects)
        });
        users.chain(below)
    }
}
