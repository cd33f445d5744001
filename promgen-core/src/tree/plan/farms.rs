//! Farms of projects, farms of their own, and hosts.

use super::Planner;
use crate::model::{Farm, FarmId, Host, HostId, LOCAL_SOURCE, ProjectId};
use crate::tree::document::{Document, FarmDoc, ProjectDoc, ProjectFarm};
use crate::tree::draft::provisional;

impl Planner {
    pub(super) fn farms(&mut self, projects: &[(ProjectId, &ProjectDoc)]) {
        for (id, doc) in projects {
            match &doc.farm {
                Some(ProjectFarm::Own(farm)) => {
                    let found = self.farm_of(*id, farm);
                    self.link(*id, Some(found));
                    self.hosts(found, farm);
                }
                Some(ProjectFarm::None) => self.link(*id, None),
                Some(ProjectFarm::Like { .. }) | None => {}
            }
        }
        for (id, doc) in projects {
            if let Some(ProjectFarm::Like { at, project }) = &doc.farm {
                let other = self.draft.project_ids.get(project).copied();
                let farm = other.and_then(|other| self.draft.projects.get(&other)?.farm);
                if farm.is_none() {
                    let message = format!("there is no farm of a project {project} to share");
                    self.error(at, "like", message, "name a project that has a farm");
                }
                self.link(*id, farm);
            }
        }
    }

    fn link(&mut self, project: ProjectId, farm: Option<FarmId>) {
        if let Some(project) = self.draft.projects.get_mut(&project) {
            project.farm = farm;
        }
    }

    /// The farm that a project's entry is about: a remote one by name and source; a local one is
    /// the project's own, renamed if it is nobody else's, or a free one of that name.
    fn farm_of(&mut self, project: ProjectId, doc: &FarmDoc) -> FarmId {
        let named = |farm: &&Farm| farm.name == doc.name && farm.source == doc.source;
        let current = self
            .draft
            .projects
            .get(&project)
            .and_then(|project| project.farm);
        if let Some(farm) = current
            .and_then(|id| self.draft.farms.get(&id))
            .filter(named)
        {
            return farm.id;
        }
        let local = doc.source == LOCAL_SOURCE;
        let free = |farm: &&Farm| !local || self.users_of(farm.id).is_empty();
        if let Some(farm) = self.draft.farms.values().filter(named).find(free) {
            return farm.id;
        }
        let own = current.filter(|id| {
            let is_local = self.draft.farms.get(id).is_some_and(Farm::is_local);
            local && is_local && self.users_of(*id) == [project]
        });
        self.put_farm(own, doc)
    }

    fn users_of(&self, farm: FarmId) -> Vec<ProjectId> {
        let users = self
            .draft
            .projects
            .values()
            .filter(|project| project.farm == Some(farm));
        users.map(|project| project.id).collect()
    }

    fn put_farm(&mut self, id: Option<FarmId>, doc: &FarmDoc) -> FarmId {
        let id = id.unwrap_or(FarmId(provisional(&self.draft.farms, |id| id.0)));
        let farm = Farm {
            id,
            name: doc.name.clone(),
            source: doc.source.clone(),
        };
        self.draft.farms.insert(id, farm);
        id
    }

    pub(super) fn orphan_farms(&mut self, document: &Document) {
        for doc in document.farms.iter().flatten() {
            let same = |farm: &&Farm| farm.name == doc.name && farm.source == doc.source;
            let free = |farm: &&Farm| !self.said.farms.contains(&farm.id);
            let mut found = self.draft.farms.values().filter(same).filter(free);
            let unused = found.clone().find(|farm| self.users_of(farm.id).is_empty());
            let id = unused.or_else(|| found.next()).map(|farm| farm.id);
            let id = id.unwrap_or_else(|| self.put_farm(None, doc));
            self.hosts(id, doc);
        }
    }

    fn hosts(&mut self, farm: FarmId, doc: &FarmDoc) {
        self.said.farms.insert(farm);
        let Some(hosts) = &doc.hosts else { return };
        self.said.hosts_of.insert(farm);
        for host in hosts {
            let own = self.draft.hosts_of.entry(farm).or_default();
            if let Some(id) = own.get(&host.name).copied() {
                if !self.said.hosts.insert(id) {
                    let message = format!("host {} stands here twice", host.name);
                    self.error(&host.at, "", message, "keep one");
                }
                continue;
            }
            let id = HostId(provisional(&self.draft.hosts, |id| id.0));
            own.insert(host.name.clone(), id);
            self.draft.hosts.insert(
                id,
                Host {
                    id,
                    name: host.name.clone(),
                    farm,
                },
            );
            self.said.hosts.insert(id);
        }
    }
}
