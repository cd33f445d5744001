//! The canonical text of a tree.

use std::collections::BTreeMap;

use super::read::VERSION;
use super::yaml::{Entries, Yaml};
use crate::model::{
    Exporter, FarmId, GroupOptions, LOCAL_SOURCE, Project, ProjectId, Rule, RuleKind, RuleOwner,
    Scheme, Secret, Sender, SenderOwner, Shard, Tree, USER_DRIVER, UserId,
};

/// What an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExportOptions {
    /// Secrets stand in it; otherwise they are masked in a way that applying leaves them alone.
    pub secrets: bool,
    /// Ids stand in it, so that a name can be changed in the document.
    pub ids: bool,
}

/// Writes a tree as a document: everything in it, lists by name, defaults left out.
///
/// `is_secret` tells whether a sender's value must be masked.
pub fn write(tree: &Tree, options: &ExportOptions, is_secret: &dyn Fn(&Sender) -> bool) -> String {
    let writer = Writer {
        tree,
        options,
        is_secret,
    };
    let mut text = String::new();
    writer.top().emit(&mut text, 0);
    text
}

struct Writer<'a> {
    tree: &'a Tree,
    options: &'a ExportOptions,
    is_secret: &'a dyn Fn(&Sender) -> bool,
}

/// References to items in the order of a key.
fn sorted<'a, T, K: Ord>(
    items: impl Iterator<Item = &'a T>,
    key: impl Fn(&'a T) -> K,
) -> Vec<&'a T> {
    let mut items: Vec<&T> = items.collect();
    items.sort_by_cached_key(|item| key(item));
    items
}

impl Writer<'_> {
    fn top(&self) -> Yaml {
        let tree = self.tree;
        let mut top = Entries::default();
        top.put("promgen", Yaml::plain(&VERSION));
        top.put("site", self.site());
        let shards = sorted(tree.shards.iter(), |shard| &shard.name);
        top.list(
            "shards",
            shards.into_iter().map(|shard| self.shard(shard)).collect(),
        );
        top.list("probes", self.probes());
        top.list("presets", self.presets());
        top.list("users", self.users());
        top.list("farms", self.free_farms());
        let services = sorted(tree.services.iter(), |service| &service.name);
        let first_users = self.first_users();
        let services = services.into_iter().map(|service| {
            let mut entries = self.named(service.id.0, &service.name);
            entries.some_text("description", &service.description);
            self.user(&mut entries, "owner", service.owner);
            group(&mut entries, &service.group);
            entries.list("rules", self.rules(RuleOwner::Service(service.id)));
            entries.list("senders", self.senders(SenderOwner::Service(service.id)));
            let own = tree
                .projects
                .iter()
                .filter(|project| project.service == service.id);
            let projects = sorted(own, |project| &project.name);
            let projects = projects
                .into_iter()
                .map(|project| self.project(project, &first_users));
            entries.list("projects", projects.collect());
            entries.map()
        });
        top.list("services", services.collect());
        top.map()
    }

    fn named(&self, id: i32, name: &str) -> Entries {
        let mut entries = Entries::default();
        if self.options.ids {
            entries.put("id", Yaml::plain(&id));
        }
        entries.text("name", name);
        entries
    }

    fn user(&self, entries: &mut Entries, key: &str, user: Option<UserId>) {
        if let Some(user) = user.and_then(|id| self.tree.user(id)) {
            entries.text(key, &user.username);
        }
    }

    fn site(&self) -> Yaml {
        let site = &self.tree.site;
        let mut entries = Entries::default();
        entries.text("domain", &site.domain);
        entries.text("name", &site.name);
        group(&mut entries, &site.group);
        entries.list("rules", self.rules(RuleOwner::Site));
        entries.map()
    }

    fn shard(&self, shard: &Shard) -> Yaml {
        let mut entries = self.named(shard.id.0, &shard.name);
        entries.some_text("url", &shard.url);
        entries.unless("proxy", &shard.proxy, &false);
        entries.unless("enabled", &shard.enabled, &true);
        self.secret(&mut entries, "authorization", shard.authorization.as_ref());
        entries.unless("samples", &shard.samples, &5_000_000);
        entries.unless("targets", &shard.targets, &10_000);
        let own = self
            .tree
            .servers
            .iter()
            .filter(|server| server.shard == shard.id);
        let servers = sorted(own, |server| (&server.host, server.port));
        let servers = servers.into_iter().map(|server| {
            let mut entries = Entries::default();
            entries.text("host", &server.host);
            entries.put("port", Yaml::plain(&server.port));
            entries.map()
        });
        entries.list("servers", servers.collect());
        entries.map()
    }

    fn secret(&self, entries: &mut Entries, key: &str, secret: Option<&Secret<String>>) {
        match secret {
            None => {}
            Some(secret) if self.options.secrets => entries.text(key, secret.reveal()),
            Some(_) => {
                let kept = ("secret".to_owned(), Yaml::plain(&"kept"));
                entries.put(key, Yaml::Map(vec![kept]));
            }
        }
    }

    fn probes(&self) -> Vec<Yaml> {
        let probes = sorted(self.tree.probes.iter(), |probe| &probe.module);
        let probe = |probe: &crate::model::Probe| {
            let mut entries = Entries::default();
            if self.options.ids {
                entries.put("id", Yaml::plain(&probe.id));
            }
            entries.text("module", &probe.module);
            entries.some_text("description", &probe.description);
            entries.map()
        };
        probes.into_iter().map(probe).collect()
    }

    fn presets(&self) -> Vec<Yaml> {
        let key = |preset: &'_ crate::model::Preset| {
            (
                preset.job.clone(),
                preset.port,
                preset.path.clone(),
                preset.scheme,
            )
        };
        let presets = sorted(self.tree.presets.iter(), key);
        let preset = |preset: &crate::model::Preset| {
            scraped(&preset.job, preset.port, &preset.path, preset.scheme).map()
        };
        presets.into_iter().map(preset).collect()
    }

    fn users(&self) -> Vec<Yaml> {
        let users = sorted(self.tree.users.iter(), |user| &user.username);
        let user = |user: &crate::model::User| {
            let mut entries = Entries::default();
            entries.text("username", &user.username);
            entries.some_text("email", &user.email);
            entries.list("senders", self.senders(SenderOwner::User(user.id)));
            entries.map()
        };
        users.into_iter().map(user).collect()
    }

    /// For each farm in use, the project at which it is written out: the first by service and name.
    fn first_users(&self) -> BTreeMap<FarmId, ProjectId> {
        let service =
            |project: &Project| self.tree.service(project.service).map(|s| s.name.clone());
        let projects = sorted(self.tree.projects.iter(), |project| {
            (service(project), project.name.clone())
        });
        let mut first = BTreeMap::new();
        for project in projects {
            if let Some(farm) = project.farm {
                first.entry(farm).or_insert(project.id);
            }
        }
        first
    }

    fn free_farms(&self) -> Vec<Yaml> {
        let used = self.first_users();
        let free = self
            .tree
            .farms
            .iter()
            .filter(|farm| !used.contains_key(&farm.id));
        let farms = sorted(free, |farm| (&farm.name, &farm.source, farm.id));
        farms.into_iter().map(|farm| self.farm(farm.id)).collect()
    }

    fn farm(&self, id: FarmId) -> Yaml {
        let mut entries = Entries::default();
        if let Some(farm) = self.tree.farm(id) {
            entries.text("name", &farm.name);
            entries.unless("source", &farm.source, &LOCAL_SOURCE.to_owned());
        }
        let own = self.tree.hosts.iter().filter(|host| host.farm == id);
        let hosts = sorted(own, |host| &host.name);
        entries.list(
            "hosts",
            hosts
                .into_iter()
                .map(|host| Yaml::text(&host.name))
                .collect(),
        );
        entries.map()
    }

    fn project(&self, project: &Project, first: &BTreeMap<FarmId, ProjectId>) -> Yaml {
        let mut entries = self.named(project.id.0, &project.name);
        entries.some_text("description", &project.description);
        self.user(&mut entries, "owner", project.owner);
        if let Some(shard) = self.tree.shard(project.shard) {
            entries.text("shard", &shard.name);
        }
        group(&mut entries, &project.group);
        match project.farm.map(|farm| (farm, first.get(&farm))) {
            None => entries.put("farm", Yaml::plain(&"null")),
            Some((_, Some(other))) if *other != project.id => {
                let name = self.tree.project(*other).map(|other| other.name.as_str());
                let like = ("like".to_owned(), Yaml::text(name.unwrap_or_default()));
                entries.put("farm", Yaml::Map(vec![like]));
            }
            Some((farm, _)) => entries.put("farm", self.farm(farm)),
        }
        entries.list("exporters", self.exporters(project.id));
        entries.list("urls", self.urls(project.id));
        entries.list("rules", self.rules(RuleOwner::Project(project.id)));
        entries.list("senders", self.senders(SenderOwner::Project(project.id)));
        entries.map()
    }

    fn exporters(&self, project: ProjectId) -> Vec<Yaml> {
        let own = self
            .tree
            .exporters
            .iter()
            .filter(|exporter| exporter.project == project);
        let exporters = sorted(own, |e| (&e.job, e.port, &e.path, e.scheme));
        let exporter = |exporter: &Exporter| {
            let mut entries = scraped(
                &exporter.job,
                exporter.port,
                &exporter.path,
                exporter.scheme,
            );
            entries.unless("enabled", &exporter.enabled, &true);
            entries.map()
        };
        exporters.into_iter().map(exporter).collect()
    }

    fn urls(&self, project: ProjectId) -> Vec<Yaml> {
        let own = self.tree.urls.iter().filter(|url| url.project == project);
        let module = |url: &crate::model::Url| self.tree.probe(url.probe).map(|p| p.module.clone());
        let urls = sorted(own, |url| (url.url.clone(), module(url)));
        let url = |url: &crate::model::Url| {
            let mut entries = Entries::default();
            entries.text("url", &url.url);
            entries.text("probe", &module(url).unwrap_or_default());
            entries.map()
        };
        urls.into_iter().map(url).collect()
    }

    fn rules(&self, owner: RuleOwner) -> Vec<Yaml> {
        let own = self.tree.rules.iter().filter(|rule| rule.owner == owner);
        let rules = sorted(own, |rule| &rule.name);
        rules.into_iter().map(|rule| self.rule(rule)).collect()
    }

    fn rule(&self, rule: &Rule) -> Yaml {
        let mut entries = self.named(rule.id.0, &rule.name);
        if rule.kind == RuleKind::Record {
            entries.text("kind", "record");
        }
        entries.text("clause", &rule.clause);
        if rule.duration.as_str() != "0s" {
            entries.text("duration", rule.duration.as_str());
        }
        if let Some(span) = &rule.keep_firing_for {
            entries.text("keep_firing_for", span.as_str());
        }
        entries.unless("enabled", &rule.enabled, &true);
        if let Some(parent) = rule.parent.and_then(|id| self.tree.rule(id)) {
            entries.text("parent", &parent.name);
        }
        entries.some_text("description", &rule.description);
        for (key, map) in [("labels", &rule.labels), ("annotations", &rule.annotations)] {
            if !map.is_empty() {
                entries.put(key, Yaml::texts(map));
            }
        }
        entries.map()
    }

    fn senders(&self, owner: SenderOwner) -> Vec<Yaml> {
        let own = self
            .tree
            .senders
            .iter()
            .filter(|sender| sender.owner == owner);
        let senders = sorted(own, |sender| (&sender.driver, &sender.value));
        senders
            .into_iter()
            .map(|sender| self.sender(sender))
            .collect()
    }

    fn sender(&self, sender: &Sender) -> Yaml {
        let mut entries = Entries::default();
        entries.text("driver", &sender.driver);
        let subscriber = sender
            .value
            .parse()
            .ok()
            .and_then(|id: UserId| self.tree.user(id));
        match subscriber.filter(|_| sender.driver == USER_DRIVER) {
            Some(user) => entries.text("value", &user.username),
            // The value of a subscription to nobody is no secret, but it names no user either.
            None if sender.driver == USER_DRIVER
                || (!self.options.secrets && (self.is_secret)(sender)) =>
            {
                entries.text("ref", &Sender::reference(&sender.driver, &sender.value));
            }
            None => entries.text("value", &sender.value),
        }
        entries.some_text("alias", &sender.alias);
        entries.unless("enabled", &sender.enabled, &true);
        self.user(&mut entries, "added_by", sender.added_by);
        self.secret(&mut entries, "secret", sender.secret.as_ref());
        let filters = sorted(sender.filters.iter(), |filter| {
            (&filter.name, &filter.value)
        });
        let filter = |filter: &crate::model::Filter| {
            let mut entries = Entries::default();
            entries.text("name", &filter.name);
            entries.text("value", &filter.value);
            entries.map()
        };
        if !filters.is_empty() {
            entries.list("filters", filters.into_iter().map(filter).collect());
        }
        entries.map()
    }
}

fn group(entries: &mut Entries, options: &GroupOptions) {
    let mut group = Entries::default();
    if let Some(interval) = &options.interval {
        group.text("interval", interval.as_str());
    }
    if let Some(limit) = options.limit {
        group.put("limit", Yaml::plain(&limit));
    }
    if let Some(offset) = &options.query_offset {
        group.text("query_offset", offset.as_str());
    }
    if !group.is_empty() {
        entries.put("group", group.map());
    }
}

fn scraped(job: &str, port: u16, path: &str, scheme: Scheme) -> Entries {
    let mut entries = Entries::default();
    entries.text("job", job);
    entries.put("port", Yaml::plain(&port));
    entries.some_text("path", path);
    entries.unless("scheme", &scheme, &Scheme::Http);
    entries
}
