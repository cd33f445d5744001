//! Site, shards with their servers, probes, presets.

use super::Planner;
use crate::model::{Preset, PresetId, Probe, ProbeId, Secret, Server, ServerId, Shard, ShardId};
use crate::tree::document::{Document, SecretDoc, ServerDoc, ShardDoc, SiteDoc};
use crate::tree::draft::provisional;

impl Planner {
    pub(super) fn top(&mut self, document: &Document) {
        if let Some(site) = &document.site {
            self.site(site);
        }
        for shard in document.shards.iter().flatten() {
            self.shard(shard);
        }
        self.probes(document);
        self.presets(document);
    }

    fn site(&mut self, doc: &SiteDoc) {
        let site = &mut self.draft.site;
        site.domain = doc.domain.clone().unwrap_or_else(|| site.domain.clone());
        site.name = doc.name.clone().unwrap_or_else(|| site.name.clone());
        site.group = doc.group.clone().unwrap_or_else(|| site.group.clone());
    }

    fn shard(&mut self, doc: &ShardDoc) {
        self.once("shard", &doc.name, &doc.at);
        let id = doc
            .id
            .map(|id| (ShardId(id), self.draft.shards.contains_key(&ShardId(id))));
        let named = self.draft.shard_named(&doc.name);
        let found = self.subject("shard", &doc.at, id, &doc.name, named);
        let id = found.unwrap_or(ShardId(provisional(&self.draft.shards, |id| id.0)));
        let mut shard = self
            .draft
            .shards
            .get(&id)
            .cloned()
            .unwrap_or_else(|| Shard::new(id, doc.name.clone()));
        shard.name = doc.name.clone();
        shard.url = doc.url.clone().unwrap_or(shard.url);
        shard.proxy = doc.proxy.unwrap_or(shard.proxy);
        shard.enabled = doc.enabled.unwrap_or(shard.enabled);
        shard.samples = doc.samples.unwrap_or(shard.samples);
        shard.targets = doc.targets.unwrap_or(shard.targets);
        shard.authorization = self.secret(doc, shard.authorization);
        self.draft.shards.insert(id, shard);
        self.said.shards.insert(id);
        if let Some(servers) = &doc.servers {
            self.said.servers_of.insert(id);
            for server in servers {
                self.server(id, server);
            }
        }
    }

    fn secret(&mut self, doc: &ShardDoc, stored: Option<Secret<String>>) -> Option<Secret<String>> {
        match &doc.authorization {
            Some(SecretDoc::Given(secret)) => Some(secret.clone()),
            Some(SecretDoc::Kept) if stored.is_none() => {
                let remedy = "give the secret itself, or leave the key out";
                self.error(&doc.at, "authorization", "there is none to keep", remedy);
                None
            }
            Some(SecretDoc::Kept) | None => stored,
        }
    }

    fn server(&mut self, shard: ShardId, doc: &ServerDoc) {
        self.once("server", &format!("{}:{}", doc.host, doc.port), &doc.at);
        let same = |server: &&Server| server.host == doc.host && server.port == doc.port;
        let found = self
            .draft
            .servers
            .values()
            .find(same)
            .map(|server| server.id);
        let id = found.unwrap_or(ServerId(provisional(&self.draft.servers, |id| id.0)));
        let server = Server {
            id,
            shard,
            host: doc.host.clone(),
            port: doc.port,
        };
        self.draft.servers.insert(id, server);
        self.said.servers.insert(id);
    }

    fn probes(&mut self, document: &Document) {
        for doc in document.probes.iter().flatten() {
            self.once("probe", &doc.module, &doc.at);
            let id = doc
                .id
                .map(|id| (ProbeId(id), self.draft.probes.contains_key(&ProbeId(id))));
            let named = self.draft.probe_named(&doc.module);
            let found = self.subject("probe", &doc.at, id, &doc.module, named);
            let id = found.unwrap_or(ProbeId(provisional(&self.draft.probes, |id| id.0)));
            let stored = self
                .draft
                .probes
                .get(&id)
                .map(|probe| probe.description.clone());
            let description = doc.description.clone().or(stored).unwrap_or_default();
            self.draft.probes.insert(
                id,
                Probe {
                    id,
                    module: doc.module.clone(),
                    description,
                },
            );
            self.said.probes.insert(id);
        }
    }

    fn presets(&mut self, document: &Document) {
        for doc in document.presets.iter().flatten() {
            let name = format!("{}:{}{} {}", doc.job, doc.port, doc.path, doc.scheme);
            self.once("preset", &name, &doc.at);
            let same = |preset: &&Preset| {
                (&preset.job, preset.port, &preset.path, preset.scheme)
                    == (&doc.job, doc.port, &doc.path, doc.scheme)
            };
            let found = self
                .draft
                .presets
                .values()
                .find(same)
                .map(|preset| preset.id);
            let id = found.unwrap_or(PresetId(provisional(&self.draft.presets, |id| id.0)));
            let preset = Preset {
                id,
                job: doc.job.clone(),
                port: doc.port,
                path: doc.path.clone(),
                scheme: doc.scheme,
            };
            self.draft.presets.insert(id, preset);
            self.said.presets.insert(id);
        }
    }
}
