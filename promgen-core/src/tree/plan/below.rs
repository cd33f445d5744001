//! Services and projects, with exporters and URLs.

use super::Planner;
use crate::model::{
    Exporter, ExporterId, GroupOptions, Project, ProjectId, Service, ServiceId, ShardId, Url, UrlId,
};
use crate::tree::document::{Document, ExporterDoc, ProjectDoc, ServiceDoc, UrlDoc};
use crate::tree::draft::provisional;

impl Planner {
    pub(super) fn services(&mut self, document: &Document) {
        let mut projects: Vec<(ProjectId, &ProjectDoc)> = Vec::new();
        for doc in document.services.iter().flatten() {
            let service = self.service(doc);
            let Some(below) = &doc.projects else { continue };
            self.said.projects_of.insert(service);
            for project in below {
                if let Some(id) = self.project(service, project) {
                    projects.push((id, project));
                }
            }
        }
        // A farm may be shared with a project that stands further down.
        self.farms(&projects);
        for (id, doc) in projects {
            if let Some(exporters) = &doc.exporters {
                self.said.exporters_of.insert(id);
                for exporter in exporters {
                    self.exporter(id, &doc.name, exporter);
                }
            }
            if let Some(urls) = &doc.urls {
                self.said.urls_of.insert(id);
                for url in urls {
                    self.url(id, &doc.name, url);
                }
            }
        }
    }

    fn service(&mut self, doc: &ServiceDoc) -> ServiceId {
        self.once("service", &doc.name, &doc.at);
        let known = |id| {
            (
                ServiceId(id),
                self.draft.services.contains_key(&ServiceId(id)),
            )
        };
        let id = doc.id.map(known);
        let named = self.draft.service_named(&doc.name);
        let found = self.subject("service", &doc.at, id, &doc.name, named);
        let id = found.unwrap_or(ServiceId(provisional(&self.draft.services, |id| id.0)));
        let owner = doc
            .owner
            .as_ref()
            .and_then(|name| self.user(name, &doc.at, "owner"));
        let stored = self.draft.services.get(&id);
        let service = Service {
            id,
            name: doc.name.clone(),
            description: said_or(doc.description.as_ref(), stored, |s| &s.description),
            owner: owner.or(stored.and_then(|service| service.owner)),
            group: said_or(doc.group.as_ref(), stored, |service| &service.group),
        };
        self.draft.services.insert(id, service);
        self.said.services.insert(id);
        id
    }

    fn project(&mut self, service: ServiceId, doc: &ProjectDoc) -> Option<ProjectId> {
        self.once("project", &doc.name, &doc.at);
        let known = |id| {
            (
                ProjectId(id),
                self.draft.projects.contains_key(&ProjectId(id)),
            )
        };
        let id = doc.id.map(known);
        let named = self.draft.project_ids.get(doc.name.as_str()).copied();
        let found = self.subject("project", &doc.at, id, &doc.name, named);
        let owner = doc
            .owner
            .as_ref()
            .and_then(|name| self.user(name, &doc.at, "owner"));
        let shard = self.shard_of(doc)?;
        let id = found.unwrap_or(ProjectId(provisional(&self.draft.projects, |id| id.0)));
        let stored = self.draft.projects.get(&id);
        let project = Project {
            id,
            name: doc.name.clone(),
            description: said_or(doc.description.as_ref(), stored, |p| &p.description),
            owner: owner.or(stored.and_then(|project| project.owner)),
            service,
            shard,
            farm: stored.and_then(|project| project.farm),
            group: said_or::<GroupOptions, _>(doc.group.as_ref(), stored, |p| &p.group),
        };
        self.draft.project_ids.retain(|_, other| *other != id);
        self.draft.project_ids.insert(doc.name.to_string(), id);
        self.draft.projects.insert(id, project);
        self.said.projects.insert(id);
        Some(id)
    }

    fn shard_of(&mut self, doc: &ProjectDoc) -> Option<ShardId> {
        let shard = self.draft.shard_named(&doc.shard);
        if shard.is_none() {
            let message = format!("shard {} does not exist", doc.shard);
            self.error(
                &doc.at,
                "shard",
                message,
                "name it under `shards`, or choose another",
            );
        }
        shard
    }

    fn exporter(&mut self, project: ProjectId, name: &str, doc: &ExporterDoc) {
        let label = format!(
            "{}:{}{} {} of {name}",
            doc.job, doc.port, doc.path, doc.scheme
        );
        self.once("exporter", &label, &doc.at);
        let own = self.draft.exporters_of.entry(project).or_default();
        let same = |id: &&ExporterId| {
            self.draft.exporters.get(id).is_some_and(|found| {
                (&found.job, found.port, &found.path, found.scheme)
                    == (&doc.job, doc.port, &doc.path, doc.scheme)
            })
        };
        let found = own.iter().find(same).copied();
        let id = found.unwrap_or(ExporterId(provisional(&self.draft.exporters, |id| id.0)));
        own.insert(id);
        let exporter = Exporter {
            id,
            job: doc.job.clone(),
            port: doc.port,
            path: doc.path.clone(),
            scheme: doc.scheme,
            project,
            enabled: doc.enabled,
        };
        self.draft.exporters.insert(id, exporter);
        self.said.exporters.insert(id);
    }

    fn url(&mut self, project: ProjectId, name: &str, doc: &UrlDoc) {
        self.once(
            "url",
            &format!("{} by {} of {name}", doc.url, doc.probe),
            &doc.at,
        );
        let Some(probe) = self.draft.probe_named(&doc.probe) else {
            let message = format!("probe {} does not exist", doc.probe);
            self.error(
                &doc.at,
                "probe",
                message,
                "name it under `probes`, or choose another",
            );
            return;
        };
        let own = self.draft.urls_of.entry(project).or_default();
        let same = |id: &&UrlId| {
            let found = self.draft.urls.get(id);
            found.is_some_and(|found| found.url == doc.url && found.probe == probe)
        };
        let found = own.iter().find(same).copied();
        let id = found.unwrap_or(UrlId(provisional(&self.draft.urls, |id| id.0)));
        own.insert(id);
        self.draft.urls.insert(
            id,
            Url {
                id,
                url: doc.url.clone(),
                project,
                probe,
            },
        );
        self.said.urls.insert(id);
    }
}

/// What the document says, else what is stored, else the default.
fn said_or<T: Clone + Default, S>(
    said: Option<&T>,
    stored: Option<&S>,
    field: impl Fn(&S) -> &T,
) -> T {
    said.or(stored.map(field)).cloned().unwrap_or_default()
}
